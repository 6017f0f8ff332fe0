#include "service/server_state.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "net/local.h"
#include "os/harden.h"
#include "os/spawn_messages.h"
#include "service/doors/acceptors.h"
#include "service/requests/identify.h"
#include "state/warnings.h"

namespace mullion::service {
namespace {

std::string machine_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name[0] == '\0' ? "localhost" : name.data();
}

channel::ServerParts connection_parts(Server::State& state) {
    return {state.workers,
            state.passwords(),
            [&state, name = machine_name()](channel::Handshake scheme, const auth::ChannelBinding& binding) {
                if (scheme == channel::Handshake::credssp) return state.credssp_acceptor(name);
                return make_acceptor(scheme, state.accounts,
                                     state.ntlm_options(binding, state.settings.get()->hardening, name),
                                     state.kerberos ? &*state.kerberos : nullptr);
            },
            [&state](channel::Incoming request) { return state.dispatcher.handle(std::move(request)); },
            state.log,
            nullptr,
            [&state](std::string_view der) { return state.trusted.verify(der); },
            &state.doorkeeper};
}

}  // namespace

AccountShare account_share(std::size_t descriptors, unsigned max_connections) {
    constexpr std::size_t each = 3;  // Pipes of a command.
    const std::size_t kept = max_connections + own_descriptors;
    const std::size_t commands =
        std::min(os::spawn_processes_limit, descriptors > kept ? (descriptors - kept) / each : 0);
    AccountShare share;
    share.commands = std::max<std::size_t>(commands - commands / 8, 1);
    return share;
}

HostLimits host_limits(const AccountShare& share) {
    const HostLimits most;
    HostLimits limits;
    limits.all = std::clamp<std::size_t>(share.commands / 4, 1, most.all);
    limits.of_one = std::max<std::size_t>(limits.all - limits.all / 8, 1);
    return limits;
}

Server::State::State(Parts given, std::unique_ptr<storage::AccountsDatabase> database,
                     std::shared_ptr<kerberos::ServiceKeys> keys)
    : log(given.log),
      tell_reload(std::move(given.tell_reload)),
      settings(given.tree.config().settings),
      certificates(given.state.certificates()),
      accounts(std::move(database)),
      basic(accounts, system_random()),
      pam(given.pam ? std::make_unique<PamVerifier>(basic, monitor, system_random()) : nullptr),
      trusted(given.state.trust(), system_clock()),
      mapped(accounts, workers),
      tokens(accounts, workers, system_clock()),
      audit(log, system_clock()),
      doorkeeper(log, system_clock()),
      threads(given.threads),
      main(threads.context(0).get_executor()),
      monitor(main, std::move(given.monitor), log),
      backend(main, monitor),
      shells(main, backend, system_random(), system_clock(), log, machine_name(),
             account_share(os::raise_descriptor_limit(0), settings.get()->max_connections)),
      configuration({main, workers, *this, log}, std::move(given.store), std::move(given.tree)),
      mapping_passwords(
          [this](std::string token, channel::LogonAttempt& attempt, std::optional<state::AccountKey>& found) {
              return passwords().verify_account(std::move(token), attempt, found);
          },
          [this](const state::AccountKey& account) -> Result<bool> {
              MULLION_ASSIGN(const auto present, accounts.present());
              return present->has(account);
          },
          doorkeeper),
      config_resources({configuration,
                        mapping_passwords,
                        shells.operations(),
                        {certificates, given.state.trust(), &system_clock(), machine_name()}}),
      cim_log(log, system_clock()),
      cim_hosts({main, backend, system_random(), cim_log, std::move(given.cim_host), {}}),
      cim_resources({main, cim_hosts, shells.operations(), log, &cim_log}),
      dispatcher({shells,
                  settings,
                  system_random(),
                  log,
                  machine_name(),
                  {system_release()},
                  nullptr,
                  &mapped,
                  &config_resources,
                  tokens,
                  &rules,
                  &audit,
                  &cim_resources}),
      connections(threads, settings, keys != nullptr, {accounts, passwords()}, connection_parts(*this)),
      doors(
          {main, certificates, log, std::move(given.sockets)},
          [this](net::Listener::Accepted accepted, std::shared_ptr<const Doorway> doorway) {
              connections.take(std::move(accepted), std::move(doorway));
          },
          [this](Error why) { stop(std::move(why)); }),
      local_path(given.state.admin_socket()),
      root_alone(given.root_alone),
      signals(main) {
    cim_hosts.set_limits(
        host_limits(account_share(os::raise_descriptor_limit(0), settings.get()->max_connections)));
    if (keys) kerberos.emplace(accounts, std::move(keys));
    if (given.winbind) winbind.emplace(accounts);
}

AccountVerifier& Server::State::passwords() {
    if (pam) return *pam;
    return basic;
}

ntlm::AcceptorOptions Server::State::ntlm_options(const auth::ChannelBinding& binding,
                                                  auth::CbtHardening hardening, const std::string& name) {
    ntlm::AcceptorOptions options{binding, hardening, name};
    if (winbind) options.domains = &*winbind;
    if (pam) options.of_unknown = "; Linux users come in by Basic (--pam): PAM cannot check what NTLM sends";
    return options;
}

// Bound by its own means, to the key of its inner TLS, and not to the connection's.
std::unique_ptr<auth::Acceptor> Server::State::credssp_acceptor(const std::string& name) {
    auto negotiate =
        make_acceptor(channel::Handshake::negotiate, accounts,
                      ntlm_options({}, auth::CbtHardening::none, name), kerberos ? &*kerberos : nullptr);
    return inside_credssp(std::move(negotiate), credssp.get());
}

Result<void> Server::State::bind_locally() {
    MULLION_ASSIGN(local_users, LocalVisitors::make(root_alone ? 0 : geteuid()));
    MULLION_ASSIGN(local, net::listen_locally(main, local_path));
    log.info("listening on {}", local_path);
    return {};
}

struct ReadyConfig final : ConfigEffect::Ready {
    Doors::PlanPointer doors;
    CredsspCertificate::Made credssp;
    AccessRules rules;
};

Result<std::unique_ptr<ConfigEffect::Ready>> Server::State::prepare(const state::Config& next) {
    look_at_trust();  // A mapping may be for who has just been put there.
    auto ready = std::make_unique<ReadyConfig>();
    MULLION_ASSIGN(ready->credssp, credssp.prepare(next.settings, certificates));
    MULLION_ASSIGN(ready->rules, AccessRules::make(next.settings.root_sddl, next.security));
    MULLION_ASSIGN(ready->doors, doors.prepare(next));
    return std::unique_ptr<Ready>(std::move(ready));
}

void Server::State::apply(std::unique_ptr<Ready> ready, const state::Config& next) {
    auto& made = static_cast<ReadyConfig&>(*ready);
    const auto most_before = settings.get()->max_connections;
    settings.set(next.settings);
    credssp.set(std::move(made.credssp), log);
    mapped.set(next.mappings);
    rules.set(std::move(made.rules));
    tokens.set_rules(next.groups);
    doors.apply(std::move(made.doors));
    connections.look_again(
        [this](const std::string& address, std::uint16_t port) { return doors.at(address, port); });
    if (next.settings.max_connections != most_before) {
        const auto wanted = next.settings.max_connections + own_descriptors + 3 * os::spawn_processes_limit;
        const auto descriptors = os::raise_descriptor_limit(wanted);
        if (descriptors < next.settings.max_connections + own_descriptors)
            log.warning("the limit of open files is too low for MaxConnections ({})",
                        next.settings.max_connections);
        const auto share = account_share(descriptors, next.settings.max_connections);
        shells.set_share(share);
        cim_hosts.set_limits(host_limits(share));
    }
    warn_of(next);
}

void Server::State::look_at_trust() {
    if (auto read = trusted.read(); !read.ok())
        log.error("who is trusted stays as it was: {}", read.error().message());
}

// Each once, as long as it is true. Whoever a mapping without effect is for would see a 401 and no more.
void Server::State::warn_of(const state::Config& config) {
    auto now = state::unsafe_settings(config, kerberos.has_value());
    for (auto& one : state::untrusted_issuers(config.mappings, trusted.trusted()))
        now.push_back(std::move(one));
    for (const auto& one : now)
        if (std::find(warnings.begin(), warnings.end(), one) == warnings.end()) log.warning("{}", one);
    warnings = std::move(now);
}

}  // namespace mullion::service
