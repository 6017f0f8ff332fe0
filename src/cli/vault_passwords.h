// Where the passwords of ansible-vault come from.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "inventory/vault.h"

namespace mullion::cli {

struct VaultSource {
    std::string label;
    std::string file;  // "prompt": the terminal.
};

// "LABEL@FILE", "LABEL@prompt", "FILE" (of the label "default"). Errors: usage.invalid
[[nodiscard]] Result<VaultSource> parse_vault_id(std::string_view text);

// The file's text without white space around it, as Ansible takes it; a file that is executable is a program
// that prints the password (with --vault-id LABEL when its name ends in -client). Errors: usage.file,
// usage.password_missing, run.interrupted
[[nodiscard]] Result<inventory::VaultPassword> read_vault_password(const VaultSource& source);

}  // namespace mullion::cli
