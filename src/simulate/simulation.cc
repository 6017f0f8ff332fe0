#include "simulate/simulation.h"

#include <unistd.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <utility>

#include "service/requests/visit.h"
#include "simulate/certificates.h"
#include "simulate/connections.h"
#include "simulate/counts_json.h"
#include "simulate/directory.h"
#include "simulate/fault_actions.h"
#include "state/listen_url.h"

namespace mullion::simulate {
namespace {

using std::chrono::steady_clock;

constexpr Duration between_sweeps{5'000};
constexpr Duration scripts_end{1'000};
constexpr Duration answers_go_out{200};
constexpr Duration connections_end{1'000};

// With so many hosts each can be on one thread with its connections; few hosts share all threads.
constexpr std::size_t hosts_per_thread = 4;

struct Bound {
    std::unique_ptr<net::Listener> listener;
    const ListenerSpec* spec = nullptr;
    std::shared_ptr<const net::TlsServer> tls;  // Of its own certificate.
};

net::Task<bool> close_shells(std::vector<Host*> hosts, MonotonicTime until) {
    bool clean = true;
    for (Host* host : hosts) {
        const bool gone = co_await host->shells().close_all(until);
        clean = clean && gone;
    }
    co_return clean;
}

net::Task<bool> note_open_shells(std::vector<Host*> hosts) {
    for (Host* host : hosts) host->ledger().shells_open(host->shells().count());
    co_return true;
}

net::Task<bool> sweep_shells(std::vector<Host*> hosts) {
    for (Host* host : hosts) host->shells().sweep(host->spec().kind->settings);
    co_return true;
}

}  // namespace

struct Simulation::State {
    State(Parts given, service::SharedKeys keys)
        : parts(std::move(given)),
          threads(parts.threads),
          main(threads.context(0).get_executor()),
          directory(parts.fleet, std::move(keys), threads, parts.log),
          connections(threads, workers, parts.log),
          signals(main) {}

    Result<void> bind();
    void start();
    net::Task<void> accept(Bound& bound);
    void arrived(const Bound& bound, net::Listener::Accepted accepted);
    net::Task<void> wait_for_signals();
    net::Task<void> sweep_now_and_then();
    net::Task<void> tell(bool at_the_end);
    void stop(Result<void> why);
    net::Task<void> wind_down();

    Parts parts;
    net::WorkerPool workers;
    service::IoThreads threads;
    net::Executor main;
    Directory directory;
    std::optional<Certificates> certificates;  // Where an HTTPS listener was given none.
    Connections connections;
    std::vector<Bound> listeners;
    boost::asio::signal_set signals;
    std::size_t next_thread = 0;
    bool stopping = false;
    bool clean = true;
    Result<void> outcome;
};

Result<std::unique_ptr<Simulation>> Simulation::make(Parts parts) {
    service::SharedKeys keys;
    if (!parts.fleet.keytab.empty()) {
        MULLION_ASSIGN(keys, service::open_keytab(parts.fleet.keytab));
    }
    auto state = std::make_unique<State>(std::move(parts), std::move(keys));
    MULLION_TRY(state->bind());
    // Before anybody hears that it is ready: SIGUSR1 that comes at once must not end it.
    for (const int number : {SIGTERM, SIGINT, SIGUSR1}) state->signals.add(number);
    return std::unique_ptr<Simulation>(new Simulation(std::move(state)));
}

Simulation::Simulation(std::unique_ptr<State> state) : state_(std::move(state)) {}
// What still hangs in the threads refers to the rest; the process ends now.
Simulation::~Simulation() {
    if (!state_->clean) (void)state_.release();
}

std::vector<std::string> Simulation::urls() const {
    std::vector<std::string> out;
    const auto& hosts = state_->parts.fleet.hosts;
    for (const auto& bound : state_->listeners) {
        std::string address = bound.spec->address;
        if (address == "*" || address == "0.0.0.0")
            address = hosts.front().address.empty() ? "127.0.0.1" : hosts.front().address;
        if (address == "::") address = "::1";
        out.push_back(state::listener_url(bound.spec->https, address, bound.listener->port()));
    }
    return out;
}

std::optional<std::string> Simulation::authority_pem() const {
    if (!state_->certificates) return std::nullopt;
    return state_->certificates->authority_pem();
}

std::size_t Simulation::host_count() const {
    return state_->parts.fleet.hosts.size();
}

Result<void> Simulation::run() {
    state_->start();
    state_->threads.run();
    return state_->outcome;
}

Result<void> Simulation::State::bind() {
    for (const auto& spec : parts.fleet.listeners) {
        MULLION_ASSIGN(auto listener, net::listen(main, spec.address, spec.port));
        Bound bound{std::move(listener), &spec, nullptr};
        if (spec.https && !spec.certificate_pem.empty()) {
            MULLION_ASSIGN(bound.tls, net::TlsServer::make(spec.certificate_pem, spec.key_pem));
        } else if (spec.https && !certificates) {
            MULLION_ASSIGN(auto made, Certificates::make(parts.fleet));
            certificates.emplace(std::move(made));
        }
        listeners.push_back(std::move(bound));
    }
    return {};
}

void Simulation::State::start() {
    for (auto& bound : listeners) boost::asio::co_spawn(main, accept(bound), boost::asio::detached);
    boost::asio::co_spawn(main, sweep_now_and_then(), boost::asio::detached);
    boost::asio::co_spawn(main, wait_for_signals(), boost::asio::detached);
}

net::Task<void> Simulation::State::accept(Bound& bound) {
    while (!stopping) {
        auto accepted = co_await bound.listener->accept();
        if (accepted.ok()) {
            arrived(bound, std::move(*accepted));
        } else if (!stopping) {
            stop(std::move(accepted).error());
        }
    }
}

void Simulation::State::arrived(const Bound& bound, net::Listener::Accepted accepted) {
    Host* host = bound.spec->host ? &directory.host(*bound.spec->host) : directory.at(accepted.local);
    if (host == nullptr) {
        parts.log.warning("{} spoke to {}, which is no host of the fleet", accepted.peer, accepted.local);
        ::close(accepted.descriptor);
        return;
    }
    const std::size_t index = directory.index_of(*host);
    auto tls = bound.tls;
    if (bound.spec->https && !tls) {
        auto made = certificates->of_host(index);
        if (!made.ok()) {
            parts.log.error("{}: {}", host->spec().name, made.error().message());
            ::close(accepted.descriptor);
            return;
        }
        tls = std::move(*made);
    }
    const bool alone = parts.fleet.hosts.size() >= hosts_per_thread * threads.count();
    const std::size_t thread = alone ? directory.thread_of(index) : next_thread++ % threads.count();
    connections.take(*host, thread, std::move(accepted), std::move(tls));
}

net::Task<void> Simulation::State::wait_for_signals() {
    while (true) {
        auto [problem, number] =
            co_await signals.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (problem) co_return;
        if (number == SIGUSR1) {
            co_await tell(false);
            continue;
        }
        stop({});
    }
}

net::Task<void> Simulation::State::sweep_now_and_then() {
    while (!stopping) {
        co_await wait_for(between_sweeps);
        for (std::size_t i = 0; i < threads.count(); ++i) {
            auto task = sweep_shells(directory.awake_on(i));
            (void)co_await service::visit(threads.context(i).get_executor(), std::move(task));
        }
    }
}

net::Task<void> Simulation::State::tell(bool at_the_end) {
    for (std::size_t i = 0; i < threads.count(); ++i) {
        auto task = note_open_shells(directory.awake_on(i));
        (void)co_await service::visit(threads.context(i).get_executor(), std::move(task));
    }
    std::vector<std::pair<std::string, Counts>> counts;
    for (Host* host : directory.awake()) counts.emplace_back(host->spec().name, host->ledger().counts());
    parts.tell(counts_json(counts), at_the_end);
}

void Simulation::State::stop(Result<void> why) {
    if (stopping) return;
    stopping = true;
    outcome = std::move(why);
    for (auto& bound : listeners) bound.listener->close();
    boost::asio::co_spawn(main, wind_down(), boost::asio::detached);
}

// The counts are told while shells that were left open are still there. Then scripts end, whoever waits for
// output is told so, and connections end.
net::Task<void> Simulation::State::wind_down() {
    co_await tell(true);
    const auto until = steady_clock::now() + scripts_end;
    for (std::size_t i = 0; i < threads.count(); ++i) {
        auto task = close_shells(directory.awake_on(i), until);
        const bool gone = co_await service::visit(threads.context(i).get_executor(), std::move(task));
        clean = clean && gone;
    }
    if (connections.count() != 0) co_await wait_for(answers_go_out);
    connections.close_all();
    const auto last = steady_clock::now() + connections_end;
    while (connections.count() != 0 && steady_clock::now() < last) co_await wait_for(Duration(10));
    clean = clean && connections.count() == 0;
    co_await wait_for(Duration(10));  // Whoever was woken by the end of a script goes.
    threads.stop();
}

}  // namespace mullion::simulate
