#include "secrets/use/on_target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "target/credential_rows.h"
#include "target/option_table.h"
#include "target/option_values.h"

namespace mullion::secrets {
namespace {

constexpr std::uint16_t https_port = 5986, http_port = 5985;

Result<void> set_log_on(const NtlmLogOn&, const std::string&, target::Target& to) {
    to.transports = {"ntlm"};
    to.kerberos.kinit_mode = target::KinitMode::automatic;
    return {};
}

Result<void> set_log_on(const KerberosLogOn& log_on, const std::string& keytab, target::Target& to) {
    to.transports = {"kerberos"};
    to.kerberos.realm = log_on.realm;
    if (!log_on.kdcs.empty()) {
        MULLION_ASSIGN(to.kerberos.kdcs, target::parse_kdcs(fmt::format("{}", fmt::join(log_on.kdcs, ","))));
    }
    const bool of_the_machine = std::holds_alternative<TicketOfTheMachine>(log_on.ticket);
    to.kerberos.kinit_mode = of_the_machine ? target::KinitMode::manual : target::KinitMode::managed;
    if (!of_the_machine && !log_on.reuse_within_a_run) to.kerberos.cache = target::no_ticket_cache;
    if (const auto* const file = std::get_if<KeytabFile>(&log_on.ticket)) to.kerberos.keytab = file->path;
    if (std::holds_alternative<KeytabSecret>(log_on.ticket)) to.kerberos.keytab = keytab;
    return {};
}

// The row that a parameter means; null: none that a credential may set beside its own fields.
const target::OptionRow* row_of(const std::string& parameter) {
    const auto* const row = target::row_of_variable(parameter);
    if (row == nullptr || target::is_of_credential(*row)) return nullptr;
    const bool where = row->variable == "ansible_host" || row->variable == "ansible_port" ||
                       row->variable == "ansible_winrm_endpoint";
    return where ? nullptr : row;
}

}  // namespace

Result<void> set_target(const UsableCredential& credential, const std::string& keytab, target::Target& to) {
    const auto& saved = credential.saved;
    to.user = credential.user();
    to.scheme = saved.use_ssl ? target::Scheme::https : target::Scheme::http;
    if (saved.port) to.port = *saved.port;
    const bool checked = !saved.skip_cert_check;
    to.cert_validation = {checked, checked, checked};
    to.kerberos.realm.clear();
    to.kerberos.kdcs.clear();
    to.kerberos.keytab.clear();
    to.kerberos.cache.clear();
    to.kerberos.kinit_command.clear();
    to.kerberos.kinit_arguments.clear();
    MULLION_TRY(std::visit([&](const auto& log_on) { return set_log_on(log_on, keytab, to); }, saved.log_on));
    for (const auto& [name, value] : saved.parameters) {
        const auto* const row = row_of(name);
        if (row == nullptr) continue;
        auto set = row->set(to, value);
        if (!set.ok())
            return Error(ErrorId::secrets_invalid, fmt::format("{}: its parameter {}: {}", credential.name(),
                                                               name, set.error().detail));
    }
    return {};
}

std::vector<std::string> unknown_parameters(const UsableCredential& credential) {
    std::vector<std::string> names;
    for (const auto& [name, value] : credential.saved.parameters)
        if (row_of(name) == nullptr) names.push_back(name);
    return names;
}

std::string port_note(const target::Target& settled) {
    const bool https = settled.scheme == target::Scheme::https;
    if (settled.port != (https ? http_port : https_port)) return {};
    return fmt::format("port {} is the port {} SSL by default, and the credential is {}", settled.port,
                       https ? "without" : "with", https ? "with" : "without");
}

}  // namespace mullion::secrets
