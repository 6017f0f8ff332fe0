#include <fmt/format.h>

#include "secrets/entities/checks.h"
#include "secrets/entities/credential.h"
#include "target/host_name.h"

namespace mullion::secrets {
namespace {

constexpr std::size_t most_kdcs = 16;
constexpr std::size_t most_parameters = 64;

std::optional<Fault> check_log_on(const NtlmLogOn& log_on) {
    // No domain: an account of the host's own.
    MULLION_CHECK(check_line("spec.auth.spec.domain", log_on.domain, 255));
    MULLION_CHECK(check_given("spec.auth.spec.username", log_on.username, "username", 256));
    return check_reference("spec.auth.spec.password", log_on.password, "password cannot be empty");
}

std::optional<Fault> check_ticket(const TicketOfTheMachine&) {
    return {};
}
std::optional<Fault> check_ticket(const KeytabFile& keytab) {
    return check_path("spec.auth.spec.spec.keyPath", keytab.path, "keyPath");
}
std::optional<Fault> check_ticket(const KeytabSecret& keytab) {
    return check_reference("spec.auth.spec.spec.keytab", keytab.file, "keytab cannot be empty");
}
std::optional<Fault> check_ticket(const TicketByPassword& ticket) {
    return check_reference("spec.auth.spec.spec.password", ticket.password, "password cannot be empty");
}

std::optional<Fault> check_kdcs(const std::vector<std::string>& kdcs) {
    const char* const field = "spec.auth.spec.kdcs";
    MULLION_CHECK(check_words(field, kdcs, most_kdcs));
    for (const auto& kdc : kdcs)
        if (!target::parse_host_port(kdc))
            return Fault{field, fmt::format("'{}' is no HOST or HOST:PORT", kdc)};
    return {};
}

std::optional<Fault> check_log_on(const KerberosLogOn& log_on) {
    const char* const principal = "spec.auth.spec.principal";
    MULLION_CHECK(check_given(principal, log_on.principal, "principal", 256));
    MULLION_CHECK(check_given("spec.auth.spec.realm", log_on.realm, "realm", 255));
    if (log_on.realm.find_first_of("@/: ") != std::string::npos)
        return Fault{"spec.auth.spec.realm", fmt::format("'{}' is no name of a realm", log_on.realm)};
    const auto at = log_on.principal.rfind('@');
    if (at != std::string::npos && log_on.principal.substr(at + 1) != log_on.realm)
        return Fault{principal, fmt::format("the principal {} is of another realm than {}", log_on.principal,
                                            log_on.realm)};
    MULLION_CHECK(check_kdcs(log_on.kdcs));
    MULLION_CHECK(std::visit([](const auto& ticket) { return check_ticket(ticket); }, log_on.ticket));
    if (log_on.reuse_within_a_run && std::holds_alternative<TicketOfTheMachine>(log_on.ticket))
        return Fault{"spec.auth.spec.reuseTicketWithinRun",
                     "reuseTicketWithinRun is about tickets that are got; without tgtGenerationMethod the "
                     "machine's own is taken"};
    return {};
}

}  // namespace

std::optional<Fault> check_credential(const WinRmCredential& credential) {
    MULLION_CHECK(std::visit([](const auto& log_on) { return check_log_on(log_on); }, credential.log_on));
    if (credential.port == 0) return Fault{"spec.port", "port is a number from 1 to 65535"};
    const char* const parameters = "spec.parameters";
    if (credential.parameters.size() > most_parameters)
        return Fault{parameters, fmt::format("there are more than {} parameters", most_parameters)};
    for (const auto& [name, value] : credential.parameters) {
        MULLION_CHECK(check_given(parameters, name, "parameter", 128));
        MULLION_CHECK(check_line(parameters, value, 4096));
    }
    return {};
}

}  // namespace mullion::secrets
