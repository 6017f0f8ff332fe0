// The one table of connection options: behind flags, Ansible's host variables, help and docs/options.md.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "target/target.h"

namespace mullion::target {

// Another name of a row's variable.
struct VariableName {
    enum class Rank {
        deprecated,  // Of lower precedence, and worth a notice.
        lower,
        higher,
    };
    std::string_view name;
    Rank rank;
};

struct OptionRow {
    std::string_view flag;      // "--ca-file"; empty: a variable only.
    char letter;                // 'u' for -u; 0 when there is none.
    std::string_view variable;  // "ansible_winrm_ca_trust_path"; "mullion_…" where Ansible has none.
    std::string_view type;  // "FILE", "SECONDS", "LIST", "yes|no" …; empty: a switch, which takes no value.
    std::string_view fallback;  // Default as text; empty when there is none.
    std::string_view help;
    // Errors: usage.invalid, usage.unsupported. A switch is set with "yes".
    Result<void> (*set)(Target&, std::string_view value);
    std::string_view only_with = {};        // "https", "kerberos" …: else it is read and has no effect.
    std::vector<VariableName> others = {};  // From the lowest precedence to the highest.
};

// In the order in which variables are applied.
[[nodiscard]] const std::vector<OptionRow>& option_table();

// Every name of the row's variable, from the lowest precedence to the highest: the last that is set counts.
[[nodiscard]] std::vector<VariableName> names_of(const OptionRow& row);
// The row of a variable, under any of its names; null where there is none.
[[nodiscard]] const OptionRow* row_of_variable(std::string_view name);

// What decides about a host without being a field of Target: its password, and whether it is WinRM at all.
struct HostVariable {
    std::string_view name, type, fallback, help;
    std::vector<VariableName> others;
};
[[nodiscard]] const HostVariable& password_variable();
[[nodiscard]] const HostVariable& connection_variable();
[[nodiscard]] std::vector<VariableName> names_of(const HostVariable& variable);

// Flags as they were given, in order: they win over an inventory's variables, so they are kept until those
// have been applied.
struct GivenOptions {
    std::vector<std::pair<const OptionRow*, std::string>> flags;
    // Sets all of them. Errors: those of the rows; the flag is named.
    [[nodiscard]] Result<void> apply_to(Target& target) const;
};

}  // namespace mullion::target
