// The flags that every command with a TARGET has, made from target's option table.
#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <string>

#include "auth/mechanism.h"
#include "cli/password.h"
#include "core/result.h"
#include "target/target.h"

namespace mullion::cli {

struct ConnectionOptions {
    std::string text;       // TARGET
    target::Target target;  // What the flags said.
    PasswordSource password;
};

// Declares TARGET and the flags.
[[nodiscard]] std::shared_ptr<ConnectionOptions> declare_connection(CLI::App& app);

struct Destination {
    target::Target target;
    auth::Credential credential;
};
// Parses TARGET and gets the password. Errors: usage.…, auth.credentials (no user)
[[nodiscard]] Result<Destination> resolve(const ConnectionOptions& options);

}  // namespace mullion::cli
