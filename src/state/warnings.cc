#include "state/warnings.h"

#include <algorithm>
#include <map>
#include <span>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "rights/edit.h"
#include "state/listen_url.h"

namespace mullion::state {
namespace {

constexpr std::size_t most_told = 20;

// The first of them, and how many more there are.
std::string some_of(const std::vector<std::string>& names) {
    const std::span<const std::string> told(names.data(), std::min(names.size(), most_told));
    std::string out = fmt::format("{}", fmt::join(told, ", "));
    if (names.size() > most_told) out += fmt::format(" and {} more", names.size() - most_told);
    return out;
}

// What is most likely not meant.
void warn_of_rights(const std::string& where, std::string_view sddl, std::vector<std::string>& out) {
    const auto descriptor = read_descriptor(sddl);
    if (!descriptor.ok()) return;  // Not what a configuration can hold.
    if (!descriptor->dacl || descriptor->dacl->null)
        out.push_back(where + " has no D: list: every account may do everything");
    else if (!rights::someone_has_full_access(*descriptor))
        out.push_back(where + " gives nobody full access who logs on over the network");
}

}  // namespace

std::vector<std::string> unsafe_settings(const Config& config, bool keytab) {
    const Settings& settings = config.settings;
    const auto listeners = effective_listeners(config);
    const bool http = std::any_of(listeners.begin(), listeners.end(), [](auto& one) { return !one.https; });
    std::vector<std::string> out;
    if (settings.allow_unencrypted)
        out.emplace_back("Service/AllowUnencrypted is true: commands and output travel in clear over HTTP");
    if (settings.allow_unencrypted && settings.basic && http)
        out.emplace_back("Service/Auth/Basic with AllowUnencrypted: passwords travel in clear over HTTP");
    else if (settings.basic)
        out.emplace_back("Service/Auth/Basic is true: clients hand over the password itself, inside TLS");
    if (settings.hardening == auth::CbtHardening::none)
        out.emplace_back("Service/Auth/CbtHardeningLevel is None: logons can be relayed through a TLS proxy");
    warn_of_rights("Service/RootSDDL", settings.root_sddl, out);
    for (const auto& entry : config.security) warn_of_rights("Security of " + entry.uri, entry.sddl, out);
    for (const auto& one : config.displaced)
        out.push_back(fmt::format(
            "the listener {} {} is not in force: another one of policy, of the command line or of "
            "EnableCompatibility… has its address and port {}",
            listener_address_text(one.address), one.https ? "HTTPS" : "HTTP", effective_port(one, settings)));
    if (listeners.empty())
        out.emplace_back(
            "no listener is enabled: nobody can reach the service over the network. On this machine `winrm "
            "quickconfig`, or `winrm create winrm/config/listener?Address=*+Transport=HTTP`, makes one");
    const bool kerberos = settings.kerberos && keytab;
    if (!settings.basic && !settings.negotiate && !settings.certificate && !settings.credssp && !kerberos)
        out.emplace_back("no way to log on is enabled (Service/Auth)");
    if (settings.max_connections > 10'000)
        out.emplace_back(
            "Service/MaxConnections is over 10000: a connection takes some 20 KiB and a descriptor");
    return out;
}

std::string who_is_trusted(const std::vector<std::string>& trusted) {
    if (trusted.empty()) return "DIR/trust has no certificate";
    // One may lie in several stores.
    std::vector<std::string> each;
    for (const auto& one : trusted)
        if (std::find(each.begin(), each.end(), one) == each.end()) each.push_back(one);
    return "DIR/trust has " + some_of(each);
}

std::vector<std::string> untrusted_issuers(const std::vector<CertificateMapping>& mappings,
                                           const std::vector<std::string>& trusted) {
    std::map<std::string, std::vector<std::string>> subjects;
    for (const auto& mapping : mappings)
        if (mapping.enabled && std::find(trusted.begin(), trusted.end(), mapping.issuer) == trusted.end())
            subjects[mapping.issuer].push_back(mapping.subject);
    std::vector<std::string> out;
    for (const auto& [issuer, of_it] : subjects)
        out.push_back(fmt::format("CertMapping of {} lets nobody in: its issuer {} is not trusted; {}",
                                  some_of(of_it), issuer, who_is_trusted(trusted)));
    return out;
}

}  // namespace mullion::state
