// The object graph of a running service, in the order it is built; taken down in reverse. Internal to the
// room.
#pragma once

#include <boost/asio/signal_set.hpp>

#include <optional>

#include "core/clock.h"
#include "core/ids.h"
#include "ntlm/acceptor.h"
#include "service/account_store.h"
#include "service/basic_verifier.h"
#include "service/connections.h"
#include "service/credssp_certificate.h"
#include "service/dispatcher.h"
#include "service/doorkeeper.h"
#include "service/io_threads.h"
#include "service/monitor_link.h"
#include "service/principals.h"
#include "service/process_backend.h"
#include "service/server.h"
#include "service/shells.h"
#include "service/trusted_clients.h"
#include "service/winbind.h"

namespace mullion::service {

struct BoundListener {
    std::unique_ptr<net::Listener> listener;
    std::string address;  // As it was asked for.
    bool https = false;
    std::shared_ptr<const net::TlsServer> tls;  // Null: HTTP.
    std::string public_file;                    // Of its certificate.
};

// The share of one account (seven eighths of what there is), by the descriptors that this process may have.
[[nodiscard]] AccountShare account_share(std::size_t descriptors, unsigned max_connections);

struct Server::State {
    // `keys` is null without a keytab.
    State(Parts given, std::unique_ptr<storage::AccountsDatabase> database,
          std::shared_ptr<kerberos::ServiceKeys> keys);

    [[nodiscard]] Result<void> bind(const Config& config);
    [[nodiscard]] ntlm::AcceptorOptions ntlm_options(const auth::ChannelBinding& binding,
                                                     auth::CbtHardening hardening, const std::string& name);
    [[nodiscard]] std::unique_ptr<auth::Acceptor> credssp_acceptor(const std::string& name);
    void start();
    net::Task<void> accept(BoundListener& bound);
    net::Task<void> without_monitor();
    net::Task<void> sweep_now_and_then();
    net::Task<void> wait_for_signals();
    void reload_settings();
    void warn_of_mappings(const Config& config);
    void stop(Result<void> why);  // Begins the end; only the first call counts.
    net::Task<void> wind_down();

    Logger& log;
    std::function<Result<Config>()> reload;
    SettingsHolder settings;
    std::string certificates;  // The folder.
    CredsspCertificate credssp;
    // Workers first: they must be joined after nothing can be sent to them any more.
    AccountStore accounts;
    std::optional<KerberosSide> kerberos;
    std::optional<Winbind> winbind;
    ArgonVerifier basic;
    net::WorkerPool workers;
    TrustedClients trusted;
    CertificateAccounts mapped;
    LogonDoorkeeper doorkeeper;
    IoThreads threads;
    net::Executor main;  // Of the first thread, where shells live.
    MonitorLink monitor;
    ProcessBackend backend;
    Shells shells;
    Dispatcher dispatcher;
    Connections connections;
    std::vector<BoundListener> listeners;
    boost::asio::signal_set signals;
    bool stopping = false;
    bool clean = true;  // Nothing of a connection or a command is left on the threads.
    Result<void> outcome;
};

}  // namespace mullion::service
