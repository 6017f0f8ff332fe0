#include "cli/winrm_target.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "cli/one_host.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "cli/write_all.h"
#include "client/kerberos_logon.h"
#include "client/stranger_link.h"
#include "target/credential_rows.h"

namespace mullion::cli {
namespace {

using winrm::Authentication;

constexpr Duration longer_than_the_host{10'000};

Error unsupported(std::string text, std::string advice) {
    Error error(ErrorId::usage_unsupported, std::move(text));
    error.advice.push_back(std::move(advice));
    return error;
}

std::string shown(const winrm::Endpoint& endpoint) {
    const bool ipv6 = endpoint.host.find(':') != std::string::npos;
    return fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), endpoint.host, endpoint.port);
}

bool has_realm(const std::string& user) {
    const auto at = user.rfind('@');
    return at != std::string::npos && at != 0 && at + 1 < user.size();
}

Result<void> set_proxy(const winrm::Connection& connection, target::Target& to) {
    using winrm::ProxyAccess;
    if (connection.proxy_authentication != winrm::ProxyAuthentication::unspecified)
        return unsupported("-proxyauthentication: logging on to a proxy",
                           "Use a proxy that takes this machine's connections as they are.");
    switch (connection.proxy_access) {
        case ProxyAccess::auto_detect:
            return unsupported("-proxyaccess:auto_detect: looking for a proxy",
                               "Name it with --proxy=http://HOST:PORT.");
        case ProxyAccess::ie_settings:
        case ProxyAccess::winhttp_settings:
            to.proxy = "environment";
            break;
        case ProxyAccess::unspecified:
        case ProxyAccess::no_proxy:
            break;
    }
    return {};
}

Result<void> set_certificate(const winrm::Connection& connection, const OwnOptions& own, target::Target& to) {
    const auto& name = connection.certificate;
    if (to.scheme == target::Scheme::http)
        return Error(ErrorId::usage_invalid,
                     "-certificate is only valid over https: write -remote:https://HOST or -usessl");
    const bool thumbprint =
        name.size() == 40 && name.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    to.transports = {"certificate"};
    if (!thumbprint) {
        to.client_certificate = name;
        return {};
    }
    auto upper = name;
    for (auto& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    to.client_certificate = fmt::format("{}/certs/{}.pem", own.state, upper);
    return {};
}

// Tickets that are there are used, and nobody is asked for a password.
void use_tickets(target::Target& to) {
    to.kerberos.kinit_mode = target::KinitMode::manual;
}

// Kerberos for who has a realm, and for who has nothing but a ticket; else Negotiate.
void set_default_transport(target::Target& to) {
    if (has_realm(to.user) || !to.kerberos.realm.empty()) {
        to.transports = {"kerberos"};
    } else if (to.user.empty()) {
        to.transports = {"kerberos"};
        if (!client::brings_tickets(to)) use_tickets(to);
    } else {
        to.transports = {"negotiate"};
    }
}

Result<void> set_authentication(const winrm::Connection& connection, const OwnOptions& own,
                                target::Target& to) {
    to.user = connection.user;
    switch (connection.authentication) {
        case Authentication::none:
            to.transports = {std::string(client::nobody)};
            break;
        case Authentication::certificate:
            return set_certificate(connection, own, to);
        case Authentication::basic:
            to.transports = {"basic"};
            break;
        case Authentication::credssp:
            to.transports = {"credssp"};
            break;
        case Authentication::negotiate:
        case Authentication::kerberos:
            to.transports = {connection.authentication == Authentication::kerberos ? "kerberos"
                                                                                   : "negotiate"};
            if (to.user.empty()) use_tickets(to);
            break;
        case Authentication::digest:  // Refused with the words.
        case Authentication::automatic:
            break;
    }
    return {};
}

Result<void> set_validation(const winrm::Connection& connection, target::Target& to) {
    auto& checks = to.cert_validation;
    const bool skips =
        connection.skip_ca_check || connection.skip_cn_check || connection.skip_revocation_check;
    if (skips && to.scheme == target::Scheme::http)
        return Error(
            ErrorId::usage_invalid,
            "-skipCAcheck, -skipCNcheck and -skipRevocationcheck are about the certificate of a host "
            "that is reached over https");
    checks.chain = !connection.skip_ca_check;
    checks.name = !connection.skip_cn_check;
    checks.revocation = !connection.skip_revocation_check;
    return {};
}

// The operator's word for it: as on Windows, nothing is sealed then.
void set_clear(const winrm::Connection& connection, target::Target& to) {
    if (!connection.unencrypted) return;
    to.allow_unencrypted = true;
    if (to.scheme == target::Scheme::http) to.message_encryption = target::MessageEncryption::never;
}

Result<void> set_timeout(const winrm::Connection& connection, target::Target& to) {
    if (!connection.timeout_ms) return {};
    if (*connection.timeout_ms == 0)
        return Error(ErrorId::usage_invalid, "-timeout: 0 ms is no time to answer in");
    to.operation_timeout = Duration(*connection.timeout_ms);
    to.read_timeout = to.operation_timeout + longer_than_the_host;
    return {};
}

// Nobody needs a log-on at the machine itself: there the kernel says who asks. Who names an account, a way to
// log on or anything of a connection wants that.
bool means_the_socket(const winrm::Connection& connection, const OwnOptions& own) {
    return !connection.remote && connection.user.empty() && connection.certificate.empty() &&
           connection.authentication == Authentication::automatic && own.given.flags.empty() &&
           own.credential.empty() && !connection.skip_ca_check && !connection.skip_cn_check &&
           !connection.skip_revocation_check && !connection.spn_port &&
           connection.proxy_access == winrm::ProxyAccess::unspecified;
}

// Of two passwords one would be passed over, and one that nobody logs on with was meant for something.
Result<void> check_password(const winrm::Connection& connection, const OwnOptions& own,
                            const target::Target& target) {
    if (own.password.file.empty()) return {};
    if (connection.password)
        return Error(ErrorId::usage_invalid,
                     "-password and --password-file both give the password: name one");
    if (target.user.empty())
        return Error(ErrorId::usage_invalid, "--password-file is only valid with -username");
    return {};
}

// Nobody is asked without a log-on who was told how to log on, nor can a stranger's message be sealed.
Result<void> check_nobody(const winrm::Connection& connection, const OwnOptions& own) {
    if (connection.authentication != Authentication::none) return {};
    for (const auto& [row, value] : own.given.flags) {
        const bool logs_on = row->flag == "--transport" || row->flag == "--user" ||
                             row->flag == "--client-cert" || row->flag == "--keytab" ||
                             row->flag == "--ccache";
        const bool seals = row->flag == "--message-encryption" && value == "always";
        if (logs_on || seals)
            return Error(
                ErrorId::usage_invalid,
                fmt::format("{} cannot be used together with -auth:none: nobody logs on", row->flag));
    }
    return {};
}

// ---- by a credential of the secret store ----

// The credential says who logs on and how.
Result<void> check_beside(const winrm::Connection& connection, const OwnOptions& own) {
    const auto beside = [&](const char* what) {
        return Error(ErrorId::usage_invalid,
                     fmt::format("{} cannot be given beside --credential={}", what, own.credential));
    };
    if (!connection.user.empty()) return beside("-username");
    if (connection.password) return beside("-password");
    if (!connection.certificate.empty()) return beside("-certificate");
    if (connection.authentication != Authentication::automatic) return beside("-authentication");
    if (connection.skip_ca_check || connection.skip_cn_check || connection.skip_revocation_check)
        return beside("-skipCAcheck, -skipCNcheck or -skipRevocationcheck");
    return target::check_beside_credential(own.credential, own.given, own.password.given());
}

const char* scheme_text(target::Scheme scheme) {
    return scheme == target::Scheme::http ? "http" : "https";
}

Result<Reached> reach_by_credential(const winrm::Connection& connection, const OwnOptions& own,
                                    secrets::Purpose purpose) {
    MULLION_TRY(check_beside(connection, own));
    const auto name = shown(connection.remote.value_or(local_endpoint()));
    const auto log_on = std::make_shared<OneHostLogOn>(
        own.secrets, name, own.credential, std::move(purpose),
        [](const std::string& text) { (void)write_all(STDERR_FILENO, warning(text)); });
    const auto fill = [&](target::Target& to) -> Result<void> {
        const auto said = to.scheme;
        MULLION_TRY(log_on->fill(to));
        if (to.scheme == said) return {};
        return Error(
            ErrorId::usage_invalid,
            fmt::format("{} is reached by {}, and the credential {} is for {}: write -remote:{}://HOST", name,
                        scheme_text(said), own.credential, scheme_text(to.scheme), scheme_text(to.scheme)));
    };
    Reached reached;
    MULLION_ASSIGN(reached.target, target_of(connection, own, fill));
    MULLION_ASSIGN(auto account, log_on->account(reached.target));
    reached.credential = std::move(account.credential);
    reached.no_profile = account.no_profile;
    reached.kept = log_on;
    return reached;
}

void set_endpoint(const winrm::Endpoint& endpoint, target::Target& to) {
    to.name = shown(endpoint);
    to.host = endpoint.host;
    to.port = endpoint.port;
    to.path = "/" + endpoint.prefix;
    to.scheme = endpoint.https ? target::Scheme::https : target::Scheme::http;
}

}  // namespace

winrm::Endpoint local_endpoint() {
    winrm::Endpoint endpoint;
    endpoint.host = "localhost";
    endpoint.port = 5985;
    return endpoint;
}

Result<target::Target> target_of(const winrm::Connection& connection, const OwnOptions& own,
                                 const FillTarget& fill) {
    if (means_the_socket(connection, own)) {
        auto to = target::local_target(own.state);
        MULLION_TRY(set_timeout(connection, to));
        return target::settle(std::move(to));
    }
    MULLION_TRY(check_nobody(connection, own));
    target::Target to;
    const auto endpoint = connection.remote.value_or(local_endpoint());
    set_endpoint(endpoint, to);
    MULLION_TRY(set_timeout(connection, to));
    MULLION_TRY(set_validation(connection, to));
    MULLION_TRY(set_authentication(connection, own, to));
    MULLION_TRY(set_proxy(connection, to));
    set_clear(connection, to);
    if (connection.spn_port) to.kerberos.host_name = shown(endpoint);
    if (fill) MULLION_TRY(fill(to));
    MULLION_TRY(own.given.apply_to(to));
    if (to.transports.empty()) set_default_transport(to);
    return target::settle(std::move(to));
}

Result<Reached> reach(winrm::Connection connection, const OwnOptions& own, secrets::Purpose purpose) {
    if (!own.credential.empty()) return reach_by_credential(connection, own, std::move(purpose));
    Reached reached;
    MULLION_ASSIGN(reached.target, target_of(connection, own));
    const auto& target = reached.target;
    reached.credential.user = target.user;
    MULLION_TRY(check_password(connection, own, target));
    if (connection.password) {
        reached.credential.password = std::move(*connection.password);
        return reached;
    }
    if (connection.authentication == Authentication::none) return reached;
    const bool needs = target::takes_password(target) && !client::brings_tickets(target);
    if (!needs || target.user.empty()) return reached;
    const auto prompt = printable(fmt::format("Password of {} for {}: ", target.user, target.name));
    MULLION_ASSIGN(reached.credential.password, read_password(own.password, prompt));
    return reached;
}

}  // namespace mullion::cli
