// Service, certificate, listeners and the firewall's rules.
#include <fmt/core.h>

#include <charconv>

#include "prepare/host/host_steps.h"
#include "prepare/values.h"

namespace mullion::prepare {
namespace {

namespace doc = documents;

constexpr std::int64_t usual_days = 1825;  // Five years.
constexpr std::int64_t most_days = 3650;

Result<std::int64_t> read_days(const std::string& text) {
    if (text.empty()) return usual_days;
    std::int64_t days = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, problem] = std::from_chars(text.data(), end, days);
    if (problem != std::errc() || at != end || days < 31 || days > most_days)
        return Error(ErrorId::usage_invalid, fmt::format("--cert-days '{}': 31 to {}", text, most_days));
    return days;
}

}  // namespace

Step service_step() {
    return {"service",
            {},
            "The WinRM service starts by itself, and runs",
            "WindowsService",
            {{"Name", "WinRM"}},
            {{doc::local, "WSMAN configuration: winrm quickconfig"},
             {doc::setup, "Setup WinRM Listener: winrm quickconfig"},
             {doc::setup, "Common WinRM Issues, Timeout Errors: configured for the automatic start"}}};
}

Result<Step> certificate_step(const HostWords& words) {
    const std::string_view given = words.certificate;
    constexpr std::string_view by_template = "template:";
    if (given == "self-signed") {
        MULLION_ASSIGN(const auto days, read_days(words.days));
        return Step{
            "certificate",
            {},
            "A self-signed certificate for this host's name and server authentication is in LocalMachine\\My",
            "CertificateSelfSigned",
            {{"Days", days}},
            {{doc::local, "Create a self-signed certificate"},
             {doc::setup, "Setup WinRM Listener, Note: a certificate in LocalMachine\\My"}}};
    }
    if (given.starts_with(by_template)) {
        MULLION_ASSIGN(auto name, check_name("--cert template:NAME", given.substr(by_template.size())));
        auto title = fmt::format("A certificate of the template {} is in LocalMachine\\My", name);
        return Step{"certificate",
                    {},
                    std::move(title),
                    "CertificateByTemplate",
                    {{"Template", std::move(name)}},
                    {{doc::domain,
                      "Create an auto-enroll certificate template, Active Directory Server: the "
                      "PowerShell script, $Thumbprint"}}};
    }
    MULLION_ASSIGN(auto thumbprint, check_thumbprint("--cert", given));
    auto title = fmt::format("The certificate {} is in LocalMachine\\My, fit for the listener", thumbprint);
    return Step{"certificate",
                {},
                std::move(title),
                "CertificateChosen",
                {{"Thumbprint", std::move(thumbprint)}},
                {{doc::setup, "WinRM Listener: CertificateThumbprint, the details of the certificate"}}};
}

Step listener_step(bool https, std::uint16_t port) {
    Step step{
        https ? "listener-https" : "listener-http",
        {"service"},
        fmt::format("WinRM listens for {} on port {}", https ? "HTTPS" : "HTTP", port),
        "Listener",
        {{"Transport", https ? "HTTPS" : "HTTP"}, {"Port", std::to_string(port)}},
        {{doc::setup, "Setup WinRM Listener"}, {doc::setup, "WinRM Listener: Transport, Port, URLPrefix"}}};
    if (!https) {
        step.cites.push_back({doc::local, "WSMAN configuration: winrm quickconfig"});
        return step;
    }
    step.needs.emplace_back("certificate");
    step.cites.push_back(
        {doc::local, "Create a self-signed certificate: winrm create winrm/config/Listener"});
    step.cites.push_back({doc::setup, "Setup WinRM Listener: New-WSManInstance"});
    step.cites.push_back({doc::domain,
                          "Create an auto-enroll certificate template, Active Directory Server: winrm create "
                          "winrm/config/Listener"});
    return step;
}

Result<Step> removal_step(std::string_view which, const Listening& made) {
    Step step{"no-other-listeners", {"service"}, "",
              "NoListener",         {},          {{doc::setup, "Delete WinRM Listener"}}};
    std::string transport = "*";
    if (which == "http" || which == "https") {
        transport = which == "http" ? "HTTP" : "HTTPS";
        step.title = fmt::format("There are no other {} listeners", transport);
        step.cites.push_back({doc::setup, "Delete WinRM Listener: only those that run over one transport"});
    } else if (which == "all") {
        step.title = "There are no other listeners";
    } else {
        return Error(ErrorId::usage_invalid,
                     fmt::format("--remove-listeners '{}': write http, https or all", which));
    }
    std::vector<std::string> keep;
    if (made.http) keep.emplace_back("HTTP");
    if (made.https) keep.emplace_back("HTTPS");
    // What takes their place is there first.
    if (made.http) step.needs.emplace_back("listener-http");
    if (made.https) step.needs.emplace_back("listener-https");
    step.with = {{"Transport", std::move(transport)}, {"Keep", std::move(keep)}};
    return step;
}

Result<Step> firewall_step(const HostWords& words, bool https, std::uint16_t port) {
    MULLION_ASSIGN(auto from, check_sources("--allow-from", words.allow_from));
    MULLION_ASSIGN(const auto profiles, check_profiles("--profiles", words.profiles));
    return Step{https ? "firewall-https" : "firewall-http",
                {},
                fmt::format("The firewall lets port {} in from {}", port, from == "*" ? "everywhere" : from),
                "FirewallRule",
                {{"Name", https ? "Mullion WinRM HTTPS" : "Mullion WinRM HTTP"},
                 {"Ports", std::to_string(port)},
                 {"From", std::move(from)},
                 {"Profiles", profiles}},
                {{doc::local, "Firewall configuration"},
                 {doc::setup, "Common WinRM Issues, Connection Refused Errors: the host firewall"}}};
}

}  // namespace mullion::prepare
