#include "state/policy_names.h"

#include <array>

#include "http/message.h"

namespace mullion::state {
namespace {

using Kind = PolicyKind;
constexpr auto service = policies_of_service;
constexpr auto client = policies_of_client;
constexpr auto shells = policies_of_shells;

constexpr std::array table{
    Policy{service, "Allow remote server management through WinRM", Kind::remote_management, "", ""},
    Policy{service, "Turn On Compatibility HTTP Listener", Kind::allows,
           "Service/EnableCompatibilityHttpListener", ""},
    Policy{service, "Turn On Compatibility HTTPS Listener", Kind::allows,
           "Service/EnableCompatibilityHttpsListener", ""},
    Policy{service, "Allow Basic authentication", Kind::allows, "Service/Auth/Basic", ""},
    Policy{service, "Allow CredSSP authentication", Kind::allows, "Service/Auth/CredSSP", ""},
    Policy{service, "Allow unencrypted traffic", Kind::allows, "Service/AllowUnencrypted", ""},
    Policy{service, "Disallow Kerberos authentication", Kind::disallows, "Service/Auth/Kerberos", ""},
    Policy{service, "Disallow Negotiate authentication", Kind::disallows, "Service/Auth/Negotiate", ""},
    Policy{service, "Specify channel binding token hardening level", Kind::value,
           "Service/Auth/CbtHardeningLevel", "HardeningLevel"},
    // No credentials of plugins are kept here in any case.
    Policy{service, "Disallow WinRM from storing RunAs credentials", Kind::nothing, "", ""},
    Policy{client, "Allow Basic authentication", Kind::allows, "Client/Auth/Basic", ""},
    Policy{client, "Allow CredSSP authentication", Kind::allows, "Client/Auth/CredSSP", ""},
    Policy{client, "Allow unencrypted traffic", Kind::allows, "Client/AllowUnencrypted", ""},
    Policy{client, "Disallow Digest authentication", Kind::disallows, "Client/Auth/Digest", ""},
    Policy{client, "Disallow Kerberos authentication", Kind::disallows, "Client/Auth/Kerberos", ""},
    Policy{client, "Disallow Negotiate authentication", Kind::disallows, "Client/Auth/Negotiate", ""},
    Policy{client, "Trusted Hosts", Kind::value, "Client/TrustedHosts", "TrustedHostsList"},
    Policy{shells, "Allow Remote Shell Access", Kind::allows, "Winrs/AllowRemoteShellAccess", ""},
    Policy{shells, "Specify idle Timeout", Kind::value, "Winrs/IdleTimeout", "IdleTimeout"},
    Policy{shells, "MaxConcurrentUsers", Kind::value, "Winrs/MaxConcurrentUsers", "MaxConcurrentUsers"},
    Policy{shells, "Specify maximum amount of memory in MB per Shell", Kind::value,
           "Winrs/MaxMemoryPerShellMB", "MaxMemoryPerShellMB"},
    Policy{shells, "Specify maximum number of processes per Shell", Kind::value, "Winrs/MaxProcessesPerShell",
           "MaxProcessesPerShell"},
    Policy{shells, "Specify maximum number of remote shells per user", Kind::value, "Winrs/MaxShellsPerUser",
           "MaxShellsPerUser"},
    Policy{shells, "Specify Shell Timeout", Kind::value, "Winrs/MaxShellRunTime", "MaxShellRunTime"},
};

}  // namespace

std::span<const Policy> policy_table() {
    return table;
}

const Policy* find_policy(std::string_view group, std::string_view name) {
    for (const Policy& one : table)
        if (http::same_without_case(one.name, name) &&
            (group.empty() || http::same_without_case(one.group, group)))
            return &one;
    return nullptr;
}

bool is_policy_group(std::string_view name) {
    for (const auto group : {service, client, shells})
        if (http::same_without_case(group, name)) return true;
    return false;
}

}  // namespace mullion::state
