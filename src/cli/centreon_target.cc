#include "cli/centreon_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "client/kerberos_logon.h"
#include "client/stranger_link.h"
#include "target/credential_rows.h"
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

// Realms are case-sensitive: a domain's is its DNS name in capitals. Empty where it is.
std::string capitals_advice(const target::Target& target) {
    if (!has_realm(target.user)) return {};
    const auto at = target.user.rfind('@');
    auto realm = target.user.substr(at + 1);
    std::transform(realm.begin(), realm.end(), realm.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (target.user.ends_with('@' + realm)) return {};
    return fmt::format(
        "Realms are case-sensitive, and a domain's is written in capitals: --wsman-username={}@{}.",
        target.user.substr(0, at), realm);
}

std::string domain_account_advice(const target::Target& target) {
    return fmt::format(
        "Basic looks for {} among the host's own accounts. For a domain's: --wsman-auth-method=gssnegotiate "
        "with --wsman-username={}, or --wsman-auth-method=ntlm.",
        target.user, has_realm(target.user) ? target.user : std::string("NAME@REALM"));
}

target::GivenOptions own_flags(const Words& words) {
    target::GivenOptions given;
    for (const auto& row : target::option_table()) {
        if (row.flag.empty()) continue;
        const auto name = row.flag.substr(2);
        if (const auto value = words.get(name))
            given.flags.emplace_back(&row, row.type.empty() ? "yes" : std::string(*value));
    }
    return given;
}

// ---- by a credential ----

// Macros of Centreon's are often empty, and then say nothing.
Result<void> check_beside(const Words& words, bool password_given) {
    const std::string credential(words.text("wsman-credential"));
    const auto beside = [&](std::string_view option) {
        Error error(ErrorId::usage_invalid,
                    fmt::format("{} cannot be given beside --wsman-credential {}, which decides it", option,
                                credential));
        error.advice.emplace_back("Leave one of them out; mullion credential show tells what it says.");
        return error;
    };
    for (const std::string_view name : {"wsman-username", "wsman-auth-method", "password-file"})
        if (!words.text(name).empty()) return beside(fmt::format("--{}", name));
    if (password_given) return beside("--wsman-password");
    return target::check_beside_credential(credential, own_flags(words), false);
}

Result<void> check_scheme(const Words& words, const target::Target& filled) {
    if (words.text("wsman-scheme").empty()) return {};
    target::Target said;
    MULLION_TRY(set_scheme(words, said));
    if (said.scheme == filled.scheme) return {};
    Error error(ErrorId::usage_invalid,
                fmt::format("--wsman-scheme {}: the credential {} is for {}", words.text("wsman-scheme"),
                            words.text("wsman-credential"),
                            filled.scheme == target::Scheme::https ? "https" : "http"));
    error.advice.emplace_back("Leave --wsman-scheme out, or mullion credential update REF --ssl yes|no.");
    return error;
}

// Neither the way to log on nor the scheme.
Result<void> set_rest(const Words& words, target::Target& to) {
    if (words.has("wsman-debug"))
        return unsupported("--wsman-debug: what is said on the wire is not printed",
                           "mullion doctor HOST looks at it layer by layer.");
    MULLION_TRY(set_path(words, to));
    MULLION_TRY(set_timeout(words, to));
    return set_proxy(words, to);
}

}  // namespace

namespace {

void add_secret_options(std::vector<OptionSpec>& to) {
    using Kind = OptionSpec::Kind;
    to.push_back({"wsman-credential", Kind::value, "", "REF",
                  "Log on with this credential of the secret store (id, org.id, account.id), in the place of "
                  "--wsman-username, -password, -auth-method and -scheme"});
    to.push_back({"secret-scope", Kind::value, "account", "SCOPE",
                  "Where a reference without a level is read: account, org:O or project:O/P"});
    to.push_back({"store", Kind::value, "", "FILE",
                  "The secret store, in the place of the one in this account's home"});
    to.push_back({"store-passphrase-file", Kind::value, "", "FILE", "The passphrase of the store's key"});
    to.push_back({"delegate-name", Kind::value, "", "NAME",
                  "Who this process is among delegates, in the place of this machine's name"});
    to.push_back({"delegate-tag", Kind::list, "", "TAG", "A tag that it has as a delegate (repeatable)"});
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
        add_secret_options(made);
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
    MULLION_TRY(set_rest(words, to));
    MULLION_TRY(own_flags(words).apply_to(to));  // After Centreon's, so that they win.
    return target::settle(std::move(to));
}

Result<target::Target> centreon_target_by_credential(const Words& words, bool password_given,
                                                     const FillTarget& fill) {
    target::Target to;
    MULLION_TRY(set_host(words, to));
    MULLION_TRY(check_beside(words, password_given));
    MULLION_TRY(set_rest(words, to));
    target::Target said;
    const bool has_port = !words.text("wsman-port").empty();
    if (has_port) MULLION_TRY(set_port(words, said));
    MULLION_TRY(fill(to));
    MULLION_TRY(check_scheme(words, to));
    if (has_port) to.port = said.port;
    MULLION_TRY(own_flags(words).apply_to(to));
    return target::settle(std::move(to));
}

Error with_centreon_advice(Error error, const target::Target& target) {
    switch (error.id) {
        case ErrorId::tls_expired:
            error.advice.emplace_back(
                "Centreon's plugin checks no certificate; this one takes none that has expired but by "
                "--cert-pin sha256:HEX, which is this very one.");
            break;
        case ErrorId::tls_untrusted:
        case ErrorId::tls_name:
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
        case ErrorId::auth_domain_account:
            if (error.step.empty()) error.step = "log on";
            error.advice.push_back(domain_account_advice(target));
            break;
        case ErrorId::kerberos_ip_address:
            error.advice.push_back(fmt::format(
                "gssnegotiate needs the host's DNS name: --hostname NAME.DOMAIN in place of {}; or "
                "--kerberos-hostname NAME.DOMAIN beside it, where that name does not resolve "
                "here.",
                target.host));
            break;
        case ErrorId::kerberos_no_kdc:
        case ErrorId::kerberos_wrong_realm:
        case ErrorId::kerberos_rejected:
            if (auto advice = capitals_advice(target); !advice.empty())
                error.advice.insert(error.advice.begin(), std::move(advice));
            break;
        default:
            break;
    }
    return error;
}

Error with_credential_advice(Error error, const target::Target& target) {
    switch (error.id) {
        case ErrorId::tls_expired:
        case ErrorId::tls_untrusted:
        case ErrorId::tls_name:
            error.advice.emplace_back(
                "Centreon's plugin checks no certificate; this one does. --ca-file FILE names the authority, "
                "--cert-pin sha256:HEX this one certificate.");
            return error;
        case ErrorId::kerberos_ip_address:
            return with_centreon_advice(std::move(error), target);
        default:
            return error;
    }
}

}  // namespace mullion::cli
