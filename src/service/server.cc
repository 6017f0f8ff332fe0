#include "service/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include <fmt/ranges.h>

#include <utility>

#include "service/listen_url.h"
#include "service/server_state.h"
#include "service/settings_table.h"
#include "service/warnings.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr Duration between_sweeps{5'000};
constexpr Duration signal_on_its_way{250};
// All of the end takes less than five seconds: processes first, then what is still being said.
constexpr Duration processes_end{2'500};
constexpr Duration answers_go_out{500};
constexpr Duration connections_end{1'000};

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
    const Config config = parts.config;
    MULLION_ASSIGN(auto keys, keys_of(parts));
    for (const auto& warning : unsafe_settings(config, keys != nullptr)) parts.log.warning("{}", warning);
    auto state = std::make_unique<State>(std::move(parts), std::move(database), std::move(keys));
    MULLION_TRY(state->trusted.read());
    if (state->winbind) tell_domain(*state->winbind, state->log);
    state->mapped.set(config.mappings);
    state->warn_of_mappings(config);
    MULLION_TRY(state->bind(config));
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
// What hangs in the threads (a process that cannot be killed, a peer that does not read) refers to the rest
// of the graph. The process ends now; taking the graph down below it would be a crash on the last metre.
Server::~Server() {
    if (!state_->clean) (void)state_.release();
}

std::vector<std::string> Server::urls() const {
    std::vector<std::string> out;
    for (const auto& bound : state_->listeners)
        out.push_back(listener_url(bound.https, bound.address == "*" ? "127.0.0.1" : bound.address,
                                   bound.listener->port()));
    return out;
}

std::optional<std::string> Server::ca_file() const {
    for (const auto& bound : state_->listeners)
        if (bound.https) return bound.public_file;
    return std::nullopt;
}

Result<void> Server::run() {
    state_->start();
    state_->threads.run();
    return state_->outcome;
}

void Server::State::start() {
    monitor.begin([this] { boost::asio::co_spawn(main, without_monitor(), boost::asio::detached); });
    for (auto& bound : listeners) boost::asio::co_spawn(main, accept(bound), boost::asio::detached);
    boost::asio::co_spawn(main, sweep_now_and_then(), boost::asio::detached);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) signals.add(number);
    boost::asio::co_spawn(main, wait_for_signals(), boost::asio::detached);
}

// Who ends the service may have ended both processes at once: then our own signal is on its way.
net::Task<void> Server::State::without_monitor() {
    co_await pause(main, signal_on_its_way);
    stop(Error{ErrorId::serve_monitor, "it ended while the service was running"});
}

net::Task<void> Server::State::accept(BoundListener& bound) {
    while (!stopping) {
        auto accepted = co_await bound.listener->accept();
        if (accepted.ok()) {
            connections.take(std::move(*accepted), bound.tls);
        } else if (!stopping) {
            stop(std::move(accepted).error());
        }
    }
}

net::Task<void> Server::State::sweep_now_and_then() {
    while (!stopping) {
        co_await pause(main, between_sweeps);
        shells.sweep();
        doorkeeper.sweep();
    }
}

net::Task<void> Server::State::wait_for_signals() {
    while (true) {
        auto [problem, number] =
            co_await signals.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (problem) co_return;
        if (number == SIGHUP) {
            reload_settings();
            continue;
        }
        log.info("ending: signal {}", number);
        stop({});
    }
}

void Server::State::reload_settings() {
    auto wanted = reload();
    if (!wanted.ok()) return log.error("the configuration stays as it was: {}", wanted.error().message());
    Settings next = *settings.get();
    for (const auto path : apply_live(next, wanted->settings))
        log.warning("{} changes when the service is restarted", path);
    if (auto made = credssp.prepare(next, certificates, log); !made.ok())
        return log.error("the configuration stays as it was: {}", made.error().message());
    settings.set(next);
    mapped.set(wanted->mappings);
    if (auto trust = trusted.read(); !trust.ok())
        log.error("who is trusted stays as it was: {}", trust.error().message());
    log.info("the configuration was read again");
    Config config;
    config.settings = next;
    for (const auto& warning : unsafe_settings(config, kerberos.has_value())) log.warning("{}", warning);
    warn_of_mappings(*wanted);
}

// Whoever such a mapping is for would see a 401 and no more.
void Server::State::warn_of_mappings(const Config& config) {
    for (const auto& warning : untrusted_issuers(config.mappings, trusted.trusted()))
        log.warning("{}", warning);
}

void Server::State::stop(Result<void> why) {
    if (stopping) return;
    stopping = true;
    outcome = std::move(why);
    for (auto& bound : listeners) bound.listener->close();
    boost::asio::co_spawn(main, wind_down(), boost::asio::detached);
}

// Commands are killed, whoever waits for output is told so, then connections end.
net::Task<void> Server::State::wind_down() {
    clean = co_await shells.close_all(steady_clock::now() + processes_end);
    co_await pause(main, connections.count() == 0 ? Duration(0) : answers_go_out);
    connections.close_all();
    const auto until = steady_clock::now() + connections_end;
    while (connections.count() != 0 && steady_clock::now() < until) co_await pause(main, Duration(10));
    clean = clean && connections.count() == 0;
    co_await pause(main, Duration(10));  // Whoever was woken by the end of a process goes.
    threads.stop();
}

}  // namespace mullion::service
