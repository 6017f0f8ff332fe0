#include "client/kerberos_logon.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "kerberos/initiator.h"
#include "net/name_lookups.h"

namespace mullion::client {
namespace {

bool has_realm(const std::string& user) {
    const auto at = user.rfind('@');
    return at != std::string::npos && at != 0 && at + 1 < user.size();
}

// "CORP\alice": NTLM's domain, which says nothing of the realm.
std::string without_domain(const std::string& user) {
    return user.substr(user.rfind('\\') + 1);  // npos + 1 is the beginning.
}

bool names_tickets(const target::Target& target) {
    const auto& options = target.kerberos;
    return !options.keytab.empty() || !options.cache.empty() ||
           options.kinit_mode == target::KinitMode::manual;
}

tickets::Source source_of(const target::Target& target, const auth::Credential& credential) {
    const auto& options = target.kerberos;
    tickets::Source source;
    source.client = without_domain(credential.user);
    source.cache = options.cache;
    if (options.kinit_mode == target::KinitMode::manual) return source;
    source.keytab = options.keytab;
    source.password = credential.password.clone();
    if (!options.kinit_command.empty() || !options.kinit_arguments.empty()) {
        source.kinit.command = options.kinit_command.empty() ? "kinit" : options.kinit_command;
        source.kinit.arguments = options.kinit_arguments;
        source.kinit.environment = options.kinit_environment;
    }
    return source;
}

}  // namespace

bool brings_tickets(const target::Target& target) {
    const auto& ways = target.transports;
    const bool used = ways.empty() || std::any_of(ways.begin(), ways.end(), [](const std::string& way) {
                          return way == "kerberos" || way == "negotiate";
                      });
    return used && names_tickets(target);
}

// CredSSP may log on with such a ticket, too; it needs the password all the same.
bool may_use_kerberos(const target::Target& target, const auth::Credential& credential) {
    const auto& ways = target.transports;
    const bool inside = std::find(ways.begin(), ways.end(), "credssp") != ways.end();
    return brings_tickets(target) || (inside && names_tickets(target)) || !target.kerberos.realm.empty() ||
           has_realm(credential.user);
}

tickets::Wanted wanted_ticket(const target::Target& target, const auth::Credential& credential) {
    const auto& options = target.kerberos;
    tickets::Wanted wanted;
    wanted.configuration.realm = options.realm;
    wanted.configuration.kdcs = options.kdcs;
    wanted.configuration.forwardable = options.delegation;
    wanted.source = std::make_shared<const tickets::Source>(source_of(target, credential));
    wanted.host = options.host_name.empty() ? target.host : options.host_name;
    return wanted;
}

std::vector<std::string> service_names(const target::Target& target) {
    const auto& only = target.kerberos.service;
    if (!only.empty()) return {only};
    return {"HTTP", "host", "WSMAN"};
}

KerberosLogon::KerberosLogon(tickets::Office& office, const target::Target& target,
                             const auth::Credential& credential)
    : wanted_(wanted_ticket(target, credential)),
      names_(service_names(target)),
      office_(office),
      delegates_(target.kerberos.delegation) {}

Error no_such_service(Error first, const std::vector<std::string>& names, const std::string& host) {
    if (net::read_address(host).ok()) first.id = ErrorId::kerberos_ip_address;
    if (names.size() > 1) first.detail += fmt::format("; tried {} for {}", fmt::join(names, ", "), host);
    return first;
}

net::Task<Result<std::unique_ptr<auth::Initiator>>> KerberosLogon::begin(auth::ChannelBinding binding,
                                                                         MonotonicTime deadline) {
    std::optional<Error> first;
    for (std::size_t name = name_; name < names_.size(); ++name) {
        tickets::Wanted wanted = wanted_;
        wanted.service = names_[name];
        auto getting = office_.get(std::move(wanted), deadline);
        auto ticket = co_await std::move(getting);
        if (ticket.ok()) {
            name_ = name;
            kerberos::InitiatorOptions options;
            options.binding = std::move(binding);
            options.delegate = delegates_;
            co_return kerberos::make_initiator(std::move(*ticket), options);
        }
        if (ticket.error().id != ErrorId::kerberos_unknown_service) co_return std::move(ticket).error();
        if (!first) first = std::move(ticket).error();
    }
    const std::vector<std::string> tried(names_.begin() + static_cast<std::ptrdiff_t>(name_), names_.end());
    co_return no_such_service(std::move(*first), tried, wanted_.host);
}

bool KerberosLogon::next_name() {
    if (name_ + 1 >= names_.size()) return false;
    ++name_;
    return true;
}

}  // namespace mullion::client
