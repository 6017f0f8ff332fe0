// Where a password comes from. Never from an argument, never from an environment variable's value.
#pragma once

#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::cli {

struct PasswordSource {
    bool ask = false;  // -k
    std::string
        file;  // --password-file; "-" is standard input. Empty: MULLION_PASSWORD_FILE, then the terminal.
    // A flag, which wins over an inventory's variable.
    [[nodiscard]] bool given() const { return ask || !file.empty(); }
};

// The first line, without its end. Errors: usage.password_missing (nothing was given and there is no
// terminal), usage.file, run.interrupted (Ctrl-C at the prompt, or `cancelled` became readable meanwhile).
[[nodiscard]] Result<Secret> read_password(const PasswordSource& source, const std::string& prompt,
                                           int cancelled = -1);

}  // namespace mullion::cli
