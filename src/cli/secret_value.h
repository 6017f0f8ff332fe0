// Where the value of a secret comes from: never from an argument.
#pragma once

#include <optional>
#include <string>

#include "cli/store_options.h"
#include "core/result.h"
#include "core/secret.h"

namespace mullion::cli {

enum class ValueForm {
    text,   // Less one line end; typed twice on a terminal.
    bytes,  // As it is.
};

struct ValueWords {
    bool from_stdin = false;  // --value-stdin
    std::string file;         // --value-file
    [[nodiscard]] bool given() const { return from_stdin || !file.empty(); }
};

// Asks on the terminal where neither is given. Errors: usage.password_missing (no terminal, nothing typed,
// not twice the same), usage.file, run.interrupted, secrets.invalid (empty)
[[nodiscard]] Result<Secret> read_value(const ValueWords& words, ValueForm form, const std::string& of_what);

// Standard input can give one of two things. Errors: usage.invalid
[[nodiscard]] Result<void> check_input(const ValueWords& words, const StoreWords& store);

}  // namespace mullion::cli
