// The one table of connection options: behind flags, Ansible's host variables, help and docs/options.md.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "target/target.h"

namespace mullion::target {

struct OptionRow {
    std::string_view flag;      // "--ca-file"
    char letter;                // 'u' for -u; 0 when there is none.
    std::string_view variable;  // "ansible_winrm_ca_trust_path"; "mullion_…" where Ansible has none.
    std::string_view type;  // "FILE", "SECONDS", "LIST", "yes|no" …; empty: a switch, which takes no value.
    std::string_view fallback;  // Default as text; empty when there is none.
    std::string_view help;
    // Errors: usage.invalid, usage.unsupported. A switch is set with "yes".
    Result<void> (*set)(Target&, std::string_view value);
};

[[nodiscard]] const std::vector<OptionRow>& option_table();

// Flags as they were given, in order: they win over an inventory's variables, so they are kept until those
// have been applied.
struct GivenOptions {
    std::vector<std::pair<const OptionRow*, std::string>> flags;
    // Sets all of them. Errors: those of the rows; the flag is named.
    [[nodiscard]] Result<void> apply_to(Target& target) const;
};

}  // namespace mullion::target
