#include "service/server_state.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "os/harden.h"
#include "os/spawn_messages.h"
#include "service/acceptors.h"
#include "service/certificates.h"
#include "service/identify.h"
#include "service/listen_url.h"

namespace mullion::service {
namespace {

constexpr std::uint16_t first_free_port = 1024;
constexpr const char* privileged_port_advice =
    "The process that faces the network has given up root before it binds: take a port from 1024 up, or "
    "allow it "
    "with `sysctl net.ipv4.ip_unprivileged_port_start=80`.";

std::string machine_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name[0] == '\0' ? "localhost" : name.data();
}

channel::ServerParts connection_parts(Server::State& state) {
    return {state.workers,
            state.basic,
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

Server::State::State(Parts given, std::unique_ptr<storage::AccountsDatabase> database,
                     std::shared_ptr<kerberos::ServiceKeys> keys)
    : log(given.log),
      reload(std::move(given.reload)),
      settings(given.config.settings),
      certificates(given.state.certificates()),
      accounts(std::move(database)),
      basic(accounts, system_random()),
      trusted(given.state.trust(), system_clock()),
      mapped(accounts, workers),
      doorkeeper(log, system_clock()),
      threads(given.threads),
      main(threads.context(0).get_executor()),
      monitor(main, std::move(given.monitor), log),
      backend(main, monitor),
      shells(main, backend, system_random(), system_clock(), log,
             account_share(os::raise_descriptor_limit(0), given.config.settings.max_connections)),
      dispatcher(
          {shells, settings, system_random(), log, machine_name(), {system_release()}, nullptr, &mapped}),
      connections(threads, settings, keys != nullptr, connection_parts(*this)),
      signals(main) {
    if (keys) kerberos.emplace(accounts, std::move(keys));
    if (given.winbind) winbind.emplace(accounts);
}

ntlm::AcceptorOptions Server::State::ntlm_options(const auth::ChannelBinding& binding,
                                                  auth::CbtHardening hardening, const std::string& name) {
    ntlm::AcceptorOptions options{binding, hardening, name};
    if (winbind) options.domains = &*winbind;
    return options;
}

// Bound by its own means, to the key of its inner TLS, and not to the connection's.
std::unique_ptr<auth::Acceptor> Server::State::credssp_acceptor(const std::string& name) {
    auto negotiate =
        make_acceptor(channel::Handshake::negotiate, accounts,
                      ntlm_options({}, auth::CbtHardening::none, name), kerberos ? &*kerberos : nullptr);
    return inside_credssp(std::move(negotiate), credssp.get());
}

Result<void> Server::State::bind(const Config& config) {
    MULLION_TRY(credssp.prepare(config.settings, certificates, log));
    for (const auto& wanted : effective_listeners(config)) {
        BoundListener bound;
        bound.https = wanted.https;
        bound.address = wanted.address;
        if (wanted.https) {
            auto certificate = wanted.thumbprint.empty() ? own_certificate(certificates, system_clock(), log)
                                                         : load_certificate(certificates, wanted.thumbprint);
            if (!certificate.ok()) return std::move(certificate).error();
            MULLION_ASSIGN(bound.tls,
                           net::TlsServer::make(certificate->chain_pem, certificate->key_pem,
                                                wanted.ask_at_handshake ? net::AskForCertificate::at_handshake
                                                                        : net::AskForCertificate::later));
            bound.public_file = certificate->public_file;
        }
        const auto port = effective_port(wanted, config.settings);
        auto listening = net::listen(main, wanted.address, port);
        if (!listening.ok()) {
            if (port != 0 && port < first_free_port)
                listening.error().advice.emplace_back(privileged_port_advice);
            return std::move(listening).error();
        }
        bound.listener = std::move(*listening);
        log.info("listening on {}", listener_url(bound.https, bound.address, bound.listener->port()));
        listeners.push_back(std::move(bound));
    }
    if (listeners.empty()) return Error{ErrorId::serve_listen, "no listener is enabled"};
    return {};
}

}  // namespace mullion::service
