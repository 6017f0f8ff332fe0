// Who may use the service, as winrm.yaml says it: descriptors by resource, and what groups of Linux mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rights/descriptor.h"
#include "yaml/yaml.h"

namespace mullion::state {

// That of Windows: administrators may everything, who sits at the machine may read, and nobody else anything.
inline constexpr std::string_view default_root_sddl =
    "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)";

// The rights of one resource, and of those below it unless `exact`. [MS-WSMV] 2.2.4.31: Security.
struct SecurityEntry {
    std::string uri;
    std::string sddl;
    bool exact = false;

    bool operator==(const SecurityEntry&) const = default;
};

// Accounts whose Linux user is in that group count as members of the Windows group.
struct GroupRule {
    std::string unix_group;
    std::string group;  // As group_name() writes it.

    bool operator==(const GroupRule&) const = default;
};

// Errors: config.invalid, with the place in the text
[[nodiscard]] Result<rights::Descriptor> read_descriptor(std::string_view sddl);

// Errors: config.invalid (an empty URI, one with blanks or ?, no descriptor)
[[nodiscard]] Result<void> check_security(const SecurityEntry& entry);
// The entry for that URI, in any case, or null.
[[nodiscard]] const SecurityEntry* find_security(const std::vector<SecurityEntry>& entries,
                                                 std::string_view uri);
// In the place of the entry for the same URI, if there is one. Errors: as check_security, and too many
[[nodiscard]] Result<void> put_security(std::vector<SecurityEntry>& entries, SecurityEntry entry);

// winrm.yaml's "Security" and "Groups". Errors: config.invalid with the line
[[nodiscard]] Result<void> read_security(std::vector<SecurityEntry>& entries, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_group_rules(std::vector<GroupRule>& rules, const yaml::Node::Entry& entry);

}  // namespace mullion::state
