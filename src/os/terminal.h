// Secrets from a person or a file.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::os {

inline constexpr std::size_t secret_limit = 64 * 1024;

// Asks on /dev/tty without echo. The terminal is put back also on Ctrl-C and kill, which then have their
// usual effect. Errors: usage.password_missing (there is no terminal), usage.file
[[nodiscard]] Result<Secret> ask_secret(const std::string& prompt);

// All of it up to secret_limit, less one line end (LF or CRLF). May be empty. Errors: usage.file
[[nodiscard]] Result<Secret> read_secret(int descriptor, const std::string& name);
// A file, or standard input for "-".
[[nodiscard]] Result<Secret> read_secret_file(const std::string& path);

// True for a file whose group or others may read it: worth a warning when it holds a password.
[[nodiscard]] bool others_may_read(const std::string& path);

}  // namespace mullion::os
