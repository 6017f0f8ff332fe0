#include "kerberos/kdcs.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "kerberos/acquisition.h"
#include "kerberos/context.h"
#include "kerberos/overlay.h"

namespace mullion::kerberos {
namespace {

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, port);
    return read.ec == std::errc() && read.ptr == end && port > 0 && port <= 65535;
}

bool is_host(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == ':' || c == '%';
    });
}

}  // namespace

std::optional<std::string> kdc_address(std::string_view text) {
    if (text.starts_with("tcp/")) text.remove_prefix(4);
    std::string_view host = text, port = "88";
    const auto colon = text.rfind(':');
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == std::string_view::npos) return std::nullopt;
        host = text.substr(1, bracket - 1);
        const auto rest = text.substr(bracket + 1);
        if (rest.starts_with(':')) port = rest.substr(1);
        if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
    } else if (colon != std::string_view::npos && text.find(':') == colon) {  // More of them: bare IPv6.
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    if (!is_host(host) || !is_port(port)) return std::nullopt;
    const bool ipv6 = host.find(':') != std::string_view::npos;
    return ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<std::vector<std::string>> kdcs_of(const Configuration& configuration, const std::string& realm) {
    MULLION_ASSIGN(const auto context, Context::make(configuration));
    profile_t profile = nullptr;
    if (const auto code = context->krb5_get_profile(context.get(), &profile); code != 0)
        return context.error(ErrorId::kerberos_failed, "reading krb5.conf", code);
    const auto written = values_of(loaded_library(), profile, {"realms", realm, "kdc"});
    context->profile_release(profile);
    std::vector<std::string> kdcs;
    for (const auto& one : written) {
        if (auto address = kdc_address(one)) kdcs.push_back(std::move(*address));
    }
    if (!kdcs.empty() || written.empty()) return kdcs;
    return Error(ErrorId::kerberos_no_kdc,
                 fmt::format("of the realm {}: \"{}\" cannot be asked over TCP", realm, written.front()));
}

Result<std::string> realm_of(const Configuration& configuration, const std::string& client) {
    if (!configuration.realm.empty()) return configuration.realm;
    if (const auto at = client.rfind('@'); at != std::string::npos && at + 1 < client.size())
        return client.substr(at + 1);
    MULLION_ASSIGN(const auto context, Context::make(configuration));
    DefaultRealm realm(context.get());
    if (context->krb5_get_default_realm(context.get(), realm.put()) != 0)
        return Error(ErrorId::kerberos_no_kdc,
                     fmt::format("the user {} has no realm, and krb5.conf no default_realm", client));
    return std::string(realm.get());
}

}  // namespace mullion::kerberos
