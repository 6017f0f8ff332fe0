// The object graph of a running service, in the order it is built; taken down in reverse. Internal to the
// room.
#pragma once

#include <boost/asio/signal_set.hpp>

#include <optional>

#include "core/clock.h"
#include "core/ids.h"
#include "net/address_watch.h"
#include "ntlm/acceptor.h"
#include "service/access/basic_verifier.h"
#include "service/access/credssp_certificate.h"
#include "service/access/doorkeeper.h"
#include "service/access/local_visitors.h"
#include "service/access/pam_verifier.h"
#include "service/access/principals.h"
#include "service/access/winbind.h"
#include "service/cim/cim_resources.h"
#include "service/cim/host_backend.h"
#include "service/config/config_keeper.h"
#include "service/config/config_resources.h"
#include "service/doors/connections.h"
#include "service/doors/doors.h"
#include "service/doors/io_threads.h"
#include "service/requests/dispatcher.h"
#include "service/server.h"
#include "service/shells/monitor_link.h"
#include "service/shells/process_backend.h"
#include "service/shells/shells.h"
#include "state/account_store.h"
#include "state/trusted_clients.h"

namespace mullion::service {

// The share of one account (seven eighths of what there is), by the descriptors that this process may have.
[[nodiscard]] AccountShare account_share(std::size_t descriptors, unsigned max_connections);
// Of processes that answer about CIM: few, beside so many commands, since one account's stay few.
[[nodiscard]] HostLimits host_limits(const AccountShare& share);

struct Server::State final : ConfigEffect {
    // `keys` is null without a keytab.
    State(Parts given, std::unique_ptr<storage::AccountsDatabase> database,
          std::shared_ptr<kerberos::ServiceKeys> keys);

    // A configuration that was made ready, and its effect.
    [[nodiscard]] Result<std::unique_ptr<Ready>> prepare(const state::Config& next) override;
    void apply(std::unique_ptr<Ready> ready, const state::Config& next) override;
    [[nodiscard]] ListenerFacts facts(const state::ListenerSettings& listener,
                                      const state::Settings& now) const override {
        return doors.facts(listener, now);
    }
    [[nodiscard]] ntlm::AcceptorOptions ntlm_options(const auth::ChannelBinding& binding,
                                                     auth::CbtHardening hardening, const std::string& name);
    [[nodiscard]] AccountVerifier& passwords();
    [[nodiscard]] std::unique_ptr<auth::Acceptor> credssp_acceptor(const std::string& name);
    void start();
    [[nodiscard]] Result<void> bind_locally();
    net::Task<void> accept_locally();
    net::Task<void> without_monitor();
    net::Task<void> watch_addresses();
    net::Task<void> follow_addresses();
    net::Task<void> sweep_now_and_then();
    net::Task<void> end_shells_of_deleted();
    net::Task<void> wait_for_signals();
    net::Task<void> reload();
    net::Task<void> read_again();
    void look_at_trust();  // On a worker: DIR/trust may have changed.
    void warn_of(const state::Config& config);
    void stop(Result<void> why);  // Begins the end; only the first call counts.
    net::Task<void> wind_down();

    Logger& log;
    std::function<void(bool)> tell_reload;
    SettingsHolder settings;
    std::string certificates;  // The folder.
    CredsspCertificate credssp;
    // Workers first: they must be joined after nothing can be sent to them any more.
    state::AccountStore accounts;
    std::optional<KerberosSide> kerberos;
    std::optional<Winbind> winbind;
    ArgonVerifier basic;
    std::unique_ptr<PamVerifier> pam;  // Around it; null without --pam.
    net::WorkerPool workers;
    state::TrustedClients trusted;
    CertificateAccounts mapped;
    AccountTokens tokens;
    AccessRulesHolder rules;
    AuditLog audit;
    LogonDoorkeeper doorkeeper;
    IoThreads threads;
    net::Executor main;  // Of the first thread, where shells live.
    MonitorLink monitor;
    ProcessBackend backend;
    Shells shells;
    ConfigKeeper configuration;
    MappingPasswords mapping_passwords;
    ConfigResources config_resources;
    CimLog cim_log;
    HostBackend cim_hosts;
    CimResources cim_resources;
    Dispatcher dispatcher;
    Connections connections;
    Doors doors;
    std::string local_path;                    // Of the socket for this machine's operators.
    bool root_alone = false;                   // Comes in there.
    std::unique_ptr<net::Listener> local;      // Bound before the first request is taken.
    std::optional<LocalVisitors> local_users;  // Who may come in there.
    std::unique_ptr<net::AddressWatch> addresses;
    boost::asio::signal_set signals;
    state::AccountStore::Present accounts_seen;  // When shells of deleted accounts were looked for.
    std::vector<std::string> warnings;           // That were told of the configuration in force.
    bool stopping = false;
    bool clean = true;  // Nothing of a connection or a command is left on the threads.
    Result<void> outcome;
};

}  // namespace mullion::service
