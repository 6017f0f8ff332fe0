#include "cli/centreon_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "client/kerberos_logon.h"
#include "client/stranger_link.h"
#include "target/option_values.h"

namespace mullion::cli {
namespace {

using checks::OptionSpec;
using checks::Words;

Error invalid(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

Error unsupported(std::string text, const char* advice) {
    Error error(ErrorId::usage_unsupported, std::move(text));
    error.advice.emplace_back(advice);
    return error;
}

std::string_view or_else(const Words& words, std::string_view name, std::string_view fallback) {
    return words.get(name).value_or(fallback);
}

Result<void> set_host(const Words& words, target::Target& to) {
    const auto name = words.text("hostname");
    if (name.empty()) return invalid("Missing parameter --hostname.");
    auto host = target::parse_host(name);
    if (!host.ok()) return invalid(fmt::format("--hostname {}: {}", name, host.error().detail));
    to.host = std::move(host).value();
    to.name = to.host;
    return {};
}

Result<void> set_scheme(const Words& words, target::Target& to) {
    const auto scheme = or_else(words, "wsman-scheme", "http");
    if (scheme != "http" && scheme != "https")
        return invalid("Wrong scheme parameter. Must be 'http' or 'https'.");
    to.scheme = scheme == "https" ? target::Scheme::https : target::Scheme::http;
    return {};
}

bool has_realm(std::string_view user) {
    const auto at = user.rfind('@');
    return at != std::string_view::npos && at != 0 && at + 1 < user.size();
}

// curl's GSS-Negotiate is Kerberos inside SPNEGO, with whatever ticket is there. Here who has a realm gets a
// ticket by the password, who has neither uses the cache's, and everybody else's NTLM does as well.
void set_negotiate(target::Target& to) {
    const bool kerberos = has_realm(to.user) || to.user.empty();
    to.transports = {kerberos ? "kerberos" : "negotiate"};
    if (to.user.empty()) to.kerberos.kinit_mode = target::KinitMode::manual;
}

Result<void> set_method(const Words& words, target::Target& to) {
    const auto method = or_else(words, "wsman-auth-method", "basic");
    to.user = words.text("wsman-username");
    if (method == "digest" || method == "pass")
        return unsupported(fmt::format("--wsman-auth-method {}: no service of Windows takes it", method),
                           "Use basic, ntlm or gssnegotiate.");
    if (method == "basic" || method == "ntlm") {
        to.transports = {std::string(method)};
    } else if (method == "gssnegotiate") {
        set_negotiate(to);
    } else if (method == "noauth") {
        to.transports = {std::string(client::nobody)};
    } else {
        return invalid(
            "Wrong wsman auth method parameter. Must be 'basic', 'noauth', 'digest', 'pass', 'ntlm' or "
            "'gssnegotiate'.");
    }
    return {};
}

Result<void> set_port(const Words& words, target::Target& to) {
    const auto text = or_else(words, "wsman-port", "5985");
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
        return invalid("Wrong wsman port parameter. Must be an integer.");
    const auto port = target::parse_port(text);
    if (!port.ok()) return invalid(fmt::format("--wsman-port {}: {}", text, port.error().detail));
    to.port = *port;
    return {};
}

// curl's is for a whole request. A host that says that it needs longer must have said so before.
Result<void> set_timeout(const Words& words, target::Target& to) {
    const auto text = or_else(words, "wsman-timeout", "30");
    const auto seconds = target::parse_seconds(text);
    if (!seconds.ok()) return invalid(fmt::format("--wsman-timeout {}: {}", text, seconds.error().detail));
    to.connect_timeout = *seconds;
    to.read_timeout = *seconds;
    to.operation_timeout = std::max(Duration(1), *seconds * 2 / 3);
    return {};
}

Result<void> set_proxy(const Words& words, target::Target& to) {
    if (words.has("wsman-proxy-username"))
        return unsupported("--wsman-proxy-username: logging on to a proxy",
                           "Use a proxy that takes this machine's connections as they are.");
    const auto url = words.text("wsman-proxy-url");
    if (url.empty()) return {};
    auto proxy = target::parse_proxy(url);
    if (!proxy.ok()) return invalid(fmt::format("--wsman-proxy-url {}: {}", url, proxy.error().detail));
    to.proxy = std::move(proxy).value();
    return {};
}

Result<void> set_path(const Words& words, target::Target& to) {
    const auto text = words.text("wsman-path");
    if (text.empty()) return {};
    auto path = target::parse_path(text);
    if (!path.ok()) return invalid(fmt::format("--wsman-path {}: {}", text, path.error().detail));
    to.path = std::move(path).value();
    return {};
}

// After Centreon's, so that they win.
Result<void> set_own(const Words& words, target::Target& to) {
    target::GivenOptions given;
    for (const auto& row : target::option_table()) {
        if (row.flag.empty()) continue;
        const auto name = row.flag.substr(2);
        if (const auto value = words.get(name))
            given.flags.emplace_back(&row, row.type.empty() ? "yes" : std::string(*value));
    }
    return given.apply_to(to);
}

}  // namespace

const std::vector<OptionSpec>& centreon_own_options() {
    static const auto list = [] {
        std::vector<OptionSpec> made;
        for (const auto& row : target::option_table()) {
            if (row.flag.empty()) continue;
            made.push_back({std::string(row.flag.substr(2)),
                            row.type.empty() ? OptionSpec::Kind::flag : OptionSpec::Kind::value,
                            std::string(row.fallback), std::string(row.type), std::string(row.help)});
        }
        made.push_back({"password-file", OptionSpec::Kind::value, "", "FILE|-",
                        "The password is the first line of this file; - is standard input"});
        return made;
    }();
    return list;
}

Result<target::Target> centreon_target(const Words& words) {
    target::Target to;
    MULLION_TRY(set_host(words, to));
    MULLION_TRY(set_scheme(words, to));
    MULLION_TRY(set_method(words, to));
    MULLION_TRY(set_port(words, to));
    if (words.has("wsman-debug"))
        return unsupported("--wsman-debug: what is said on the wire is not printed",
                           "mullion doctor HOST looks at it layer by layer.");
    MULLION_TRY(set_path(words, to));
    MULLION_TRY(set_timeout(words, to));
    MULLION_TRY(set_proxy(words, to));
    MULLION_TRY(set_own(words, to));
    return target::settle(std::move(to));
}

Error with_centreon_advice(Error error) {
    switch (error.id) {
        case ErrorId::tls_untrusted:
        case ErrorId::tls_name:
        case ErrorId::tls_expired:
            error.advice.emplace_back(
                "Centreon's plugin checks no certificate; this one does. --ca-file FILE names the authority, "
                "--cert-pin "
                "sha256:HEX this one certificate; --cert-validation ignore checks nothing, as before.");
            break;
        case ErrorId::auth_plaintext:
            error.advice.emplace_back(
                "Centreon's plugin sends it in clear; this one does not without --allow-unencrypted. "
                "--wsman-auth-method ntlm or gssnegotiate is sealed over http as well; --wsman-scheme https "
                "--wsman-port 5986 hides everything.");
            break;
        default:
            break;
    }
    return error;
}

}  // namespace mullion::cli
