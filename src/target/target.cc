#include "target/target.h"

#include <fmt/core.h>

#include <algorithm>

#include "target/host_name.h"

namespace mullion::target {
namespace {

constexpr std::uint16_t http_port = 5985;
constexpr std::uint16_t https_port = 5986;

Error conflict(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

// An option that protects must not be dropped in silence.
Result<void> check_no_tls_options(const Target& target) {
    for (const auto& [value, flag] : {std::pair{&target.ca_file, "--ca-file"},
                                      {&target.crl_file, "--crl-file"},
                                      {&target.cert_pin, "--cert-pin"},
                                      {&target.tls_server_name, "--tls-server-name"}}) {
        if (!value->empty())
            return conflict(fmt::format("{} needs https, but {} is http", flag, target.url()));
    }
    return {};
}

bool has_realm(const Target& target) {
    const auto at = target.user.rfind('@');
    const bool of_user = at != std::string::npos && at != 0 && at + 1 < target.user.size();
    return of_user || !target.kerberos.realm.empty();
}

// Ansible's rule: kerberos for a user with a realm, then basic, but only inside TLS; basic for others. What
// of that may be tried, where it would be readable or the account is a domain's, is decided before anything
// is sent.
std::vector<std::string> default_transports(const Target& target) {
    const bool https = target.scheme == Scheme::https;
    if (has_realm(target)) {
        if (https) return {"kerberos", "basic"};
        return {"kerberos"};
    }
    if (https) return {"ssl"};
    return {"basic"};
}

// pywinrm's "ssl" is a certificate where there is one, and Basic otherwise.
Result<void> settle_transports(Target& target) {
    if (target.transports.empty()) target.transports = default_transports(target);
    for (auto& name : target.transports) {
        if (name == "ssl") name = target.client_certificate.empty() ? "basic" : "certificate";
        if (name != "certificate") continue;
        if (target.scheme != Scheme::https)
            return conflict(fmt::format("--transport certificate needs https, but {} is http", target.url()));
        if (target.client_certificate.empty())
            return conflict("--transport certificate needs --client-cert FILE");
    }
    auto& names = target.transports;
    for (auto name = names.begin(); name != names.end();)
        name = std::find(names.begin(), name, *name) == name ? name + 1 : names.erase(name);
    return {};
}

}  // namespace

std::string Target::url() const {
    if (!socket.empty()) return "unix://" + socket;
    const auto* const scheme_name = scheme == Scheme::http ? "http" : "https";
    if (is_ipv6(host)) {
        auto literal = host;
        if (const auto scope = literal.find('%'); scope != std::string::npos)
            literal.insert(scope + 1, "25");  // RFC 6874
        return fmt::format("{}://[{}]:{}{}", scheme_name, literal, port, path);
    }
    return fmt::format("{}://{}:{}{}", scheme_name, host, port, path);
}

bool takes_password(const Target& target) {
    return std::any_of(target.transports.begin(), target.transports.end(),
                       [](const auto& name) { return name != "certificate"; });
}

Result<Target> settle(Target target) {
    if (target.scheme == Scheme::automatic)
        target.scheme = target.port == http_port ? Scheme::http : Scheme::https;
    if (target.port == 0) target.port = target.scheme == Scheme::http ? http_port : https_port;
    MULLION_TRY(settle_transports(target));
    if (target.scheme == Scheme::http) MULLION_TRY(check_no_tls_options(target));
    // As pywinrm has it: the host answers at the end of the operation timeout, so less waiting loses answers.
    if (target.read_timeout <= target.operation_timeout)
        return conflict(fmt::format("--read-timeout ({} s) must be longer than --operation-timeout ({} s)",
                                    target.read_timeout.count() / 1000.0,
                                    target.operation_timeout.count() / 1000.0));
    return target;
}

Target local_target(const std::string& state_directory) {
    Target target;
    target.name = target.host = "localhost";
    target.scheme = Scheme::http;
    target.port = http_port;
    target.transports = {"local"};
    target.socket = state_directory + "/run/admin.sock";
    return target;
}

}  // namespace mullion::target
