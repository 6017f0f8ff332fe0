// Runs another program of this machine to its end, and keeps what it says. Blocks: not for an I/O thread.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace mullion::os {

struct ProgramEnd {
    int exit_code = 0;   // 128 and the signal for one that was killed.
    std::string output;  // 1 MiB of each at most; what comes after that is dropped.
    std::string errors;
};

// Where PATH has it, or else one of the folders that PATH lacks for who is not root. Empty: nowhere.
[[nodiscard]] std::string find_on_path(const std::string& name);

// `words` are the program and its arguments; no shell is in between. Its input is empty, its words are
// English (LC_ALL=C). After `patience` it is killed. Errors: usage.file (there is no such program, or it
// cannot be started, or it takes too long)
[[nodiscard]] Result<ProgramEnd> run_program(const std::vector<std::string>& words, Duration patience);

}  // namespace mullion::os
