#include "service/server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include <fmt/ranges.h>
#include <unistd.h>

#include <utility>

#include "net/local.h"
#include "service/access/logon_lines.h"
#include "service/server_state.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr Duration between_sweeps{5'000};
constexpr Duration closest_sweeps{250};
constexpr Duration signal_on_its_way{250};
// All of the end takes less than five seconds: processes first, then what is still being said.
constexpr Duration processes_end{2'500};
constexpr Duration answers_go_out{500};
constexpr Duration connections_end{1'000};

// A shell that may be a second old should not be six.
Duration until_sweep(const state::Settings& settings) {
    const Duration run_time(settings.max_shell_run_time_ms);
    return run_time == Duration(0) ? between_sweeps : std::clamp(run_time, closest_sweeps, between_sweeps);
}

net::Task<void> pause(net::Executor executor, Duration how_long) {
    boost::asio::steady_timer timer(executor, how_long);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

// Null where there is none: then Kerberos is not offered, and its library not loaded.
Result<SharedKeys> keys_of(const Server::Parts& parts) {
    const std::string file = parts.keytab.empty() ? parts.state.keytab() : parts.keytab;
    if (parts.keytab.empty() && !os::file_exists(file)) return SharedKeys();
    auto keys = open_keytab(file);
    if (keys.ok()) parts.log.info("Kerberos: keys of {} from {}", fmt::join((*keys)->realms(), ", "), file);
    return keys;
}

// Winbind may start after us, and may be mended while we run: it is a warning, and each refusal's line says
// why.
void tell_domain(Winbind& winbind, Logger& log) {
    const auto domain = winbind.domain();
    if (domain.ok())
        log.info("NTLM of domain accounts: winbind of {}", *domain);
    else
        log.warning("NTLM of domain accounts is refused for now: {}", domain.error().detail);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::make(Parts parts) {
    MULLION_ASSIGN(auto database, storage::AccountsDatabase::open(
                                      parts.state.accounts(), storage::AccountsDatabase::Mode::read_write));
    const state::Config config = parts.tree.config();
    MULLION_ASSIGN(auto keys, keys_of(parts));
    auto state = std::make_unique<State>(std::move(parts), std::move(database), std::move(keys));
    MULLION_TRY(state->trusted.read());
    if (state->winbind) tell_domain(*state->winbind, state->log);
    MULLION_TRY(state->bind_locally());
    MULLION_ASSIGN(auto ready, state->prepare(config));
    state->apply(std::move(ready), config);
    // Now, and not when it runs: whoever is told that the service is ready may say at once that it shall read
    // its configuration again, which without this would be its end.
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) state->signals.add(number);
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
// What hangs in the threads (a process that cannot be killed, a peer that does not read) refers to the rest
// of the graph. The process ends now; taking the graph down below it would be a crash on the last metre.
Server::~Server() {
    if (!state_->clean) (void)state_.release();
}

std::vector<std::string> Server::urls() const {
    return state_->doors.urls();
}

std::optional<std::string> Server::ca_file() const {
    return state_->doors.public_file();
}

Result<void> Server::run() {
    state_->start();
    state_->threads.run();
    return state_->outcome;
}

void Server::State::start() {
    monitor.begin([this] { boost::asio::co_spawn(main, without_monitor(), boost::asio::detached); });
    boost::asio::co_spawn(main, accept_locally(), boost::asio::detached);
    boost::asio::co_spawn(main, watch_addresses(), boost::asio::detached);
    boost::asio::co_spawn(main, sweep_now_and_then(), boost::asio::detached);
    boost::asio::co_spawn(main, wait_for_signals(), boost::asio::detached);
}

// Who ends the service may have ended both processes at once: then our own signal is on its way.
net::Task<void> Server::State::without_monitor() {
    co_await pause(main, signal_on_its_way);
    stop(Error{ErrorId::serve_monitor, "it ended while the service was running"});
}

// By the kernel's word. Whoever else comes near is closed without a word: he must have been let into the
// folder by somebody who changed its mode.
net::Task<void> Server::State::accept_locally() {
    while (!stopping) {
        auto accepted = co_await local->accept();
        if (!accepted.ok()) {
            if (!stopping) stop(std::move(accepted).error());
            continue;
        }
        const net::LocalUser user = *accepted->user;
        channel::LogonAttempt attempt{{}, net::local_peer, "socket", fmt::format("pid {}", user.pid)};
        auto identity = local_users->admit(user);
        if (identity) {
            attempt.who = identity->user();
            log.info("{}", logon_line(attempt, nullptr, Duration(0)));
            connections.take_local(std::move(*accepted), std::move(*identity));
            continue;
        }
        ::close(accepted->descriptor);
        attempt.who = fmt::format("uid {}", user.uid);
        const Error why(ErrorId::auth_protocol, "neither root nor the service's own user");
        (void)doorkeeper.ended(attempt, &why, Duration(0));
    }
}

// A listener of one address opens when the address comes, and one of a network card is at all that it has.
net::Task<void> Server::State::watch_addresses() {
    auto made = net::AddressWatch::make(main);
    if (made.ok()) addresses = std::move(*made);
    auto seen = made.ok() ? Result<void>{} : Result<void>(std::move(made).error());
    while (!stopping && seen.ok()) {
        co_await follow_addresses();
        if (stopping) co_return;
        auto waiting = addresses->next();
        seen = co_await std::move(waiting);
    }
    if (!stopping)
        log.warning("addresses that come or go are not seen before a SIGHUP: {}", seen.error().message());
}

net::Task<void> Server::State::follow_addresses() {
    const auto config = configuration.tree()->config();
    const auto look = [this, &config] { return doors.addresses_changed(config); };
    auto looking = workers.run(look);
    if (!co_await std::move(looking) || stopping) co_return;
    auto renewing = configuration.renew();
    const auto renewed = co_await std::move(renewing);
    if (!renewed.ok()) log.error("the listeners stay as they were: {}", renewed.error().message());
}

net::Task<void> Server::State::sweep_now_and_then() {
    while (!stopping) {
        co_await pause(main, until_sweep(*settings.get()));
        shells.sweep(*settings.get());
        co_await end_shells_of_deleted();
        doorkeeper.sweep();
        audit.sweep();
        cim_log.sweep();
        connections.look_for_departures();
    }
}

// Other programs delete accounts, and need not say so.
net::Task<void> Server::State::end_shells_of_deleted() {
    auto present = accounts.known_present();
    if (!present) {
        const auto look = [this] { return accounts.present(); };
        auto looking = workers.run(look);
        auto read = co_await std::move(looking);
        if (!read.ok()) {
            log.error("shells of deleted accounts cannot be found: {}", read.error().message());
            co_return;
        }
        present = std::move(*read);
    }
    if (present == accounts_seen) co_return;
    accounts_seen = present;
    shells.end_of_deleted([&](const rights::Sid& account) { return present->deleted(account); });
}

net::Task<void> Server::State::wait_for_signals() {
    while (true) {
        auto [problem, number] =
            co_await signals.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (problem) co_return;
        if (number == SIGHUP) {
            boost::asio::co_spawn(main, reload(), boost::asio::detached);
            continue;
        }
        log.info("ending: signal {}", number);
        stop({});
    }
}

net::Task<void> Server::State::reload() {
    if (tell_reload) tell_reload(false);
    co_await read_again();
    if (tell_reload) tell_reload(true);
}

net::Task<void> Server::State::read_again() {
    const auto read_trust = [this] { look_at_trust(); };
    auto trusting = workers.run(read_trust);
    co_await std::move(trusting);
    auto reading = configuration.reload();
    const auto read = co_await std::move(reading);
    if (!read.ok()) {
        log.error("the configuration stays as it was: {}", read.error().message());
        co_return;
    }
    co_await follow_addresses();
    log.info("the configuration was read again");
    warn_of((*read)->config());
}

void Server::State::stop(Result<void> why) {
    if (stopping) return;
    stopping = true;
    outcome = std::move(why);
    doors.close();
    local->close();
    if (addresses) addresses->close();
    boost::asio::co_spawn(main, wind_down(), boost::asio::detached);
}

// Commands are killed, whoever waits for output is told so, then connections end.
net::Task<void> Server::State::wind_down() {
    const auto processes_until = steady_clock::now() + processes_end;
    cim_hosts.close();
    clean = co_await shells.close_all(processes_until);
    const bool answered = co_await cim_hosts.all_gone(processes_until);
    clean = clean && answered;
    co_await pause(main, connections.count() == 0 ? Duration(0) : answers_go_out);
    connections.close_all();
    const auto until = steady_clock::now() + connections_end;
    while (connections.count() != 0 && steady_clock::now() < until) co_await pause(main, Duration(10));
    clean = clean && connections.count() == 0;
    co_await pause(main, Duration(10));  // Whoever was woken by the end of a process goes.
    threads.stop();
}

}  // namespace mullion::service
