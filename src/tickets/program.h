// A program that is run to its end, or to a deadline. Blocks.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"

namespace mullion::tickets {

struct Program {
    std::vector<std::string> words;  // The first is looked up in PATH where it has no slash.
    std::vector<std::string> environment;
};

// With a session and process group of its own, which is killed at the deadline; `input` and a line's end on
// its standard input, its standard output thrown away. Errors: kerberos.kinit (not started, killed, another
// exit than 0), with the end of what it said on standard error
[[nodiscard]] Result<void> run_program(const Program& program, const Secret& input, MonotonicTime deadline);

}  // namespace mullion::tickets
