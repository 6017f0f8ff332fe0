// Windows' policies for WinRM (Computer Configuration, Administrative Templates, Windows Components, Windows
// Remote Management and Windows Remote Shell) by the names that the policy editor shows.
#pragma once

#include <span>
#include <string_view>

namespace mullion::state {

enum class PolicyKind {
    allows,             // Enabled: true.
    disallows,          // Enabled: false.
    value,              // Enabled with a value; disabled: none.
    remote_management,  // The HTTP listener and the filters.
    nothing,            // There is nothing here that it could be about.
};

struct Policy {
    std::string_view group;  // The folder that it is in.
    std::string_view name;
    PolicyKind kind = PolicyKind::allows;
    std::string_view path;    // Of the setting.
    std::string_view option;  // What the editor calls the value.
};

inline constexpr std::string_view policies_of_service = "WinRM Service";
inline constexpr std::string_view policies_of_client = "WinRM Client";
inline constexpr std::string_view policies_of_shells = "Windows Remote Shell";

[[nodiscard]] std::span<const Policy> policy_table();
// Without regard to case. Several have one name in two groups: without a group it is that of the service.
[[nodiscard]] const Policy* find_policy(std::string_view group, std::string_view name);
[[nodiscard]] bool is_policy_group(std::string_view name);

}  // namespace mullion::state
