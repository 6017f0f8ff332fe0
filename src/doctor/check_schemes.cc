// Whether the host offers any of the ways to log on that were asked for.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>

#include "auth/policy.h"
#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

// Of Service\Auth.
std::string_view setting_of(auth::Transport transport) {
    switch (transport) {
        case auth::Transport::basic:
            return "Basic";
        case auth::Transport::certificate:
            return "Certificate";
        case auth::Transport::ntlm:
        case auth::Transport::negotiate:
            return "Negotiate";
        case auth::Transport::kerberos:
            return "Kerberos";
        case auth::Transport::credssp:
            return "CredSSP";
        case auth::Transport::local:
            break;
    }
    return {};
}

}  // namespace

std::string name_of(const Route& route) {
    return fmt::format("logon {}", auth::to_string(route.transport));
}

// What is refused on this side is not the host's to offer.
Finding check_schemes(Chart& chart) {
    const auto& offered = chart.http->offered;
    const auto said = offered.empty() ? std::string("the host offers nothing")
                                      : fmt::format("the host offers {}", fmt::join(offered, ", "));
    std::vector<auth::Transport> missing;
    bool some = false;
    for (const auto& route : chart.subject.routes) {
        if (route.refusal) continue;
        const std::array<auth::Transport, 1> wanted{route.transport};
        const bool certificate = route.transport == auth::Transport::certificate;  // No 401 names it.
        const bool there = certificate || (!offered.empty() && !auth::choose(wanted, offered).empty());
        some = some || there;
        if (!there) missing.push_back(route.transport);
    }
    if (some || missing.empty()) return fine(said);
    std::vector<std::string_view> names;
    for (const auto transport : missing) names.push_back(auth::to_string(transport));
    Error error(ErrorId::auth_not_offered, fmt::format("{}; asked for was {}", said, fmt::join(names, ", ")));
    error.offered = offered;
    auto finding = failed(std::move(error));
    for (const auto transport : missing) {
        finding.on_host.push_back(
            fmt::format("Set-Item WSMan:\\localhost\\Service\\Auth\\{} $true", setting_of(transport)));
        if (transport == auth::Transport::credssp)
            finding.on_host.emplace_back("Enable-WSManCredSSP -Role Server -Force");
    }
    finding.on_host.emplace_back("winrm get winrm/config/service/auth");
    constexpr std::array<auth::Transport, 1> instead{auth::Transport::ntlm};
    if (!offered.empty() && !auth::choose(instead, offered).empty())
        finding.here.emplace_back("--transport ntlm, or negotiate: that is offered");
    return finding;
}

}  // namespace mullion::doctor
