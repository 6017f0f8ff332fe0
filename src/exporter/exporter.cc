#include "exporter/exporter.h"

#include <fmt/core.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <optional>
#include <set>
#include <utility>

#include "exporter/discovery_desk.h"
#include "exporter/probe.h"
#include "exporter/text_format.h"
#include "net/http_io.h"
#include "net/listen.h"
#include "net/worker_pool.h"
#include "os/file.h"
#include "os/terminal.h"

namespace mullion::exporter {
namespace {

using std::chrono::steady_clock;

// A scrape's request is a line and some fields, without a body.
constexpr net::HttpLimits http_limits{.header = 16 * 1024, .body = 0};
constexpr std::size_t most_body = 64 * 1024;  // That is read and dropped.
constexpr Duration handshake_patience{10'000};
constexpr Duration between_requests{300'000};  // Prometheus keeps its connections for its scrape interval.
constexpr Duration writing_patience{30'000};
constexpr std::size_t largest_config = 4UL * 1024 * 1024;
constexpr std::chrono::seconds sweep_interval{30};
constexpr std::string_view plain_text = "text/plain; charset=utf-8";

http::Response respond(int status, std::string_view reason, std::string body,
                       std::string_view type = plain_text) {
    http::Response response;
    response.status = status;
    response.reason = reason;
    response.headers.add("Content-Type", type);
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

std::string_view reason_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 431:
            return "Request Header Fields Too Large";
        default:
            return "Error";
    }
}

http::Response only(std::string_view methods) {
    auto response = respond(405, "Method Not Allowed", fmt::format("only {}\n", methods));
    response.headers.add("Allow", methods);
    return response;
}

constexpr std::string_view front_page =
    "Mullion's exporter: Windows hosts for Prometheus, without an agent.\n\n"
    "/probe?target=HOST&auth=NAME&module=A,B   a host's metrics; &debug=true says what became of each part\n"
    "/sd                                       the hosts of the inventory, for http_sd_configs\n"
    "/metrics                                  the exporter's own\n"
    "/-/healthy                                200 while it runs\n"
    "/-/reload                                 POST: reads the configuration again, as SIGHUP does\n";

double seconds_since_1970() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

struct Exporter::State {
    explicit State(Parts given)
        : parts(given),
          pool(workers, guard,
               [this](const TargetName& target, const Auth& auth, client::LogonGate gate) {
                   return make_session(parts.runtime, target, auth, std::move(gate));
               }),
          signals(io) {}

    Result<void> listen();
    void take(Loaded loaded);
    void start();
    void stop();
    net::Task<void> accept(net::Listener* listener);
    net::Task<void> meet(net::Listener::Accepted accepted);
    net::Task<void> serve(std::unique_ptr<net::Stream> stream, int descriptor);
    // Nothing: who asks may.
    net::Task<std::optional<http::Response>> turn_away(http::Request& request);
    net::Task<http::Response> answer(http::Request request, int descriptor);
    void mask(http::Response& response) const;
    net::Task<http::Response> answer_probe(http::Request request, int descriptor);
    net::Task<http::Response> answer_discovery();
    net::Task<http::Response> answer_reload();
    net::Task<void> reload_by_signal();
    // `by` is what asked, for the log.
    net::Task<Result<void>> reload(std::string_view by);
    net::Task<std::optional<Error>> read_again();
    net::Task<void> wait_for_signals();
    net::Task<void> sweep_now_and_then();
    std::string metrics();

    Parts parts;
    boost::asio::io_context io{1};
    net::WorkerPool workers{2};
    std::shared_ptr<const Config> config;
    std::shared_ptr<const net::TlsServer> tls;
    const std::shared_ptr<LogonGuard> guard = std::make_shared<LogonGuard>(system_clock());
    SessionPool pool;
    DiscoveryDesk desk{workers};
    WebDoor door{system_random()};
    OwnCounts counts;
    std::vector<std::unique_ptr<net::Listener>> listeners;
    std::set<net::Stream*> streams;
    boost::asio::signal_set signals;
    boost::asio::steady_timer sweeping{io};
    bool reloading = false;
    // How many reloads were asked for, and how many of them the last one that began is the answer to.
    std::uint64_t reloads_asked = 0, reloads_begun = 0;
    std::optional<Error> reload_problem = {};  // Of the last one.
    boost::asio::steady_timer reload_ended{io, steady_clock::time_point::max()};
    bool stopping = false;
};

void Exporter::State::take(Loaded loaded) {
    config = std::make_shared<const Config>(std::move(loaded.config));
    tls = std::move(loaded.tls);
    pool.set_limits(config->limits.sessions, config->limits.idle);
    pool.renew();
    guard->forget_all();
    counts.config_loaded = true;
    counts.config_loaded_at = seconds_since_1970();
}

Result<void> Exporter::State::listen() {
    for (const auto& where : config->listen) {
        MULLION_ASSIGN(auto listener, net::listen(io.get_executor(), where.address, where.port));
        listeners.push_back(std::move(listener));
    }
    return {};
}

void Exporter::State::start() {
    for (const auto& listener : listeners)
        boost::asio::co_spawn(io, accept(listener.get()), boost::asio::detached);
    boost::asio::co_spawn(io, wait_for_signals(), boost::asio::detached);
    boost::asio::co_spawn(io, sweep_now_and_then(), boost::asio::detached);
}

// Then nothing is left for the io_context to wait for, and run() returns when the last probe has ended.
void Exporter::State::stop() {
    stopping = true;
    for (const auto& listener : listeners) listener->close();
    for (auto* stream : streams) stream->close();
    guard->close();
    pool.close();
    signals.cancel();
    sweeping.cancel();
}

net::Task<void> Exporter::State::accept(net::Listener* listener) {
    while (!stopping) {
        auto accepted = co_await listener->accept();
        if (!accepted.ok()) {
            if (!stopping) parts.log.error("{}", accepted.error().message());
            co_return;
        }
        boost::asio::co_spawn(io, meet(std::move(*accepted)), boost::asio::detached);
    }
}

net::Task<void> Exporter::State::meet(net::Listener::Accepted accepted) {
    const bool full = counts.connections >= config->limits.connections;
    const auto secure = full ? nullptr : tls;
    if (full) ++counts.connections_refused;
    ++counts.connections;
    const int descriptor = accepted.descriptor;
    auto stream = co_await net::adopt(io.get_executor(), std::move(accepted), secure,
                                      steady_clock::now() + handshake_patience);
    if (stream.ok() && !full && !stopping) co_await serve(std::move(*stream), descriptor);
    --counts.connections;
}

net::Task<void> Exporter::State::serve(std::unique_ptr<net::Stream> stream, int descriptor) {
    streams.insert(stream.get());
    net::HttpReader reader(*stream, http_limits);
    while (!stopping) {
        reader.wait_at_most(between_requests, steady_clock::now() + between_requests);
        auto header = co_await reader.request_header();
        if (!header.ok()) {
            const auto id = header.error().id;
            if (id != ErrorId::http_malformed && id != ErrorId::http_too_large) break;
            const int status = id == ErrorId::http_too_large ? 431 : 400;
            auto refusal = respond(status, reason_of(status), header.error().detail + "\n");
            refusal.keep_alive = false;
            ++counts.requests[refusal.status];
            stream->expires_at(steady_clock::now() + writing_patience);
            (void)co_await net::write_response(*stream, refusal);
            co_await net::linger(*stream);
            break;
        }
        if (!*header) break;
        const bool keep = (*header)->keep_alive;
        const auto dropped = co_await reader.drop_request_body(most_body);
        if (!dropped.ok()) break;
        auto response = co_await answer(std::move(**header), descriptor);
        mask(response);
        response.keep_alive = keep && !stopping;
        ++counts.requests[response.status];
        stream->expires_at(steady_clock::now() + writing_patience);
        const auto written = co_await net::write_response(*stream, response);
        if (!written.ok() || !response.keep_alive) break;
    }
    streams.erase(stream.get());
}

net::Task<std::optional<http::Response>> Exporter::State::turn_away(http::Request& request) {
    std::optional<std::string> field;
    if (const auto said = request.headers.first("Authorization")) field = std::string(*said);
    request.headers.wipe("Authorization");
    auto checking = door.check(config->web_users, std::move(field));
    const auto verdict = co_await std::move(checking);
    if (verdict == WebDoor::Verdict::welcome) co_return std::nullopt;
    if (verdict == WebDoor::Verdict::busy)
        co_return respond(503, "Service Unavailable", "too many log-ons at a time\n");
    auto response = respond(401, "Unauthorized", "a user and a password are needed\n");
    response.headers.add("WWW-Authenticate", "Basic realm=\"mullion exporter\", charset=\"UTF-8\"");
    co_return response;
}

net::Task<http::Response> Exporter::State::answer(http::Request request, int descriptor) {
    auto turning = turn_away(request);
    if (auto refusal = co_await std::move(turning)) co_return std::move(*refusal);
    const std::string path = request.target.substr(0, request.target.find('?'));
    const bool reads = request.method == "GET";
    if (path == "/-/reload") {
        if (request.method != "POST" && request.method != "PUT") co_return only("POST, PUT");
        co_return co_await answer_reload();
    }
    const bool known =
        path == "/" || path == "/probe" || path == "/metrics" || path == "/sd" || path == "/-/healthy";
    if (!known)
        co_return respond(404, "Not Found", "there is /probe, /sd, /metrics, /-/healthy, /-/reload\n");
    if (!reads) co_return only("GET");
    if (path == "/probe") co_return co_await answer_probe(std::move(request), descriptor);
    if (path == "/sd") co_return co_await answer_discovery();
    if (path == "/metrics") co_return respond(200, "OK", metrics(), text_format_type);
    if (path == "/-/healthy") co_return respond(200, "OK", "ok\n");
    co_return respond(200, "OK", std::string(front_page));
}

// Names of metrics stay: a password may be a word of them. Lists of hosts are the inventory's.
void Exporter::State::mask(http::Response& response) const {
    if (!parts.mask) return;
    const auto type = response.headers.first("Content-Type");
    if (type == plain_text || type == text_format_type)
        response.body = parts.mask(std::move(response.body), type == text_format_type);
}

// `descriptor` is of the connection that the request came on.
net::Task<http::Response> Exporter::State::answer_probe(http::Request request, int descriptor) {
    const auto current = config;  // A reload meanwhile changes nothing for this one.
    const auto mark = request.target.find('?');
    const std::string query = mark == std::string::npos ? std::string() : request.target.substr(mark + 1);
    auto read = read_probe(*current, query, request.headers);
    if (const auto* refusal = std::get_if<Refusal>(&read))
        co_return respond(refusal->status, reason_of(refusal->status), refusal->why + "\n");
    if (counts.probes >= current->limits.probes) {
        ++counts.probes_refused;
        co_return respond(503, "Service Unavailable", "too many probes at a time (limits: probes:)\n");
    }
    auto wanted = std::move(std::get<ProbeRequest>(read));
    const bool debug = wanted.debug;
    ++counts.probes;
    // Who stops has closed the connection: its number may be another's by now.
    const auto asker = Departure::watch(io, stopping ? -1 : descriptor);
    auto probing = probe(current, std::move(wanted), asker, Probing{pool, *guard, counts});
    auto text = co_await std::move(probing);
    asker->end();
    --counts.probes;
    co_return respond(200, "OK", std::move(text), debug ? plain_text : text_format_type);
}

// Prometheus keeps the list that it has when it hears anything but 200.
net::Task<http::Response> Exporter::State::answer_discovery() {
    const auto current = config;
    if (!current->discovery)
        co_return respond(404, "Not Found", "the configuration has no discovery: with an inventory\n");
    auto asking = desk.ask(current);
    const auto found = co_await std::move(asking);
    if (!found.ok()) {
        ++counts.discoveries_failed;
        parts.log.error("discovery: {}", found.error().message());
        co_return respond(500, "Internal Server Error", found.error().message() + "\n");
    }
    for (const auto& notice : (*found)->notices) parts.log.debug("discovery: {}", notice);
    co_return respond(200, "OK", (*found)->json, "application/json");
}

// Who asks while a reload goes on may mean a file that was written after that one read it: it is read once
// more then, for all who asked meanwhile.
net::Task<Result<void>> Exporter::State::reload(std::string_view by) {
    const auto number = ++reloads_asked;
    if (reloading)
        parts.log.info("reload by {}: another one goes on; the configuration is read once more after it", by);
    while (reloading) {
        boost::system::error_code ended;
        co_await reload_ended.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    }
    if (reloads_begun < number) {
        reloading = true;
        reloads_begun = reloads_asked;
        reload_problem = co_await read_again();
        reloading = false;
        reload_ended.cancel();
    }
    if (reload_problem) co_return *reload_problem;
    co_return Result<void>{};
}

net::Task<std::optional<Error>> Exporter::State::read_again() {
    if (stopping) co_return Error(ErrorId::run_interrupted, "the exporter ends");
    const auto load = parts.load;
    auto loaded = co_await workers.run(load);
    if (stopping) co_return Error(ErrorId::run_interrupted, "the exporter ends");
    if (!loaded.ok()) {
        counts.config_loaded = false;
        parts.log.error("reload: {}; the configuration before it stays in force", loaded.error().message());
        co_return std::move(loaded).error();
    }
    const bool moved = !std::equal(
        loaded->config.listen.begin(), loaded->config.listen.end(), config->listen.begin(),
        config->listen.end(),
        [](const ListenAt& a, const ListenAt& b) { return a.address == b.address && a.port == b.port; });
    take(std::move(*loaded));
    parts.log.info("the configuration was read again");
    if (moved) parts.log.warning("listen: has changed, which takes a restart");
    co_return std::nullopt;
}

net::Task<http::Response> Exporter::State::answer_reload() {
    const auto outcome = co_await reload("/-/reload");
    if (outcome.ok()) co_return respond(200, "OK", "reloaded\n");
    co_return respond(500, "Internal Server Error", outcome.error().message() + "\n");
}

net::Task<void> Exporter::State::reload_by_signal() {
    (void)co_await reload("SIGHUP");
}

net::Task<void> Exporter::State::wait_for_signals() {
    while (!stopping) {
        boost::system::error_code problem;
        const int number =
            co_await signals.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, problem));
        if (problem) co_return;
        // Not awaited: while it reads, the next signal is heard.
        if (number == SIGHUP)
            boost::asio::co_spawn(io, reload_by_signal(), boost::asio::detached);
        else
            stop();
    }
}

net::Task<void> Exporter::State::sweep_now_and_then() {
    while (!stopping) {
        sweeping.expires_after(sweep_interval);
        boost::system::error_code problem;
        co_await sweeping.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, problem));
        pool.sweep(steady_clock::now());
    }
}

std::string Exporter::State::metrics() {
    counts.sessions = pool.count();
    counts.sessions_in_use = pool.in_use();
    counts.logons = guard->told();
    counts.discovered = config->discovery ? desk.last() : nullptr;
    return own_metrics(counts);
}

Exporter::Exporter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Exporter::~Exporter() = default;

Result<std::unique_ptr<Exporter>> Exporter::make(Parts parts) {
    MULLION_ASSIGN(auto loaded, parts.load());
    auto state = std::make_unique<State>(std::move(parts));
    state->take(std::move(loaded));
    MULLION_TRY(state->listen());
    // Before anybody hears that it is ready.
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) state->signals.add(number);
    return std::unique_ptr<Exporter>(new Exporter(std::move(state)));
}

std::vector<std::string> Exporter::urls() const {
    std::vector<std::string> all;
    for (const auto& listener : state_->listeners) {
        auto address = listener->address();
        if (address.find(':') != std::string::npos) address = '[' + address + ']';
        all.push_back(fmt::format("{}://{}:{}", state_->tls ? "https" : "http", address, listener->port()));
    }
    return all;
}

void Exporter::run() {
    state_->start();
    state_->io.run();
}

Result<Loaded> load_config(const std::string& file) {
    MULLION_ASSIGN(const std::string text, os::read_file(file, largest_config));
    Loaded loaded;
    MULLION_ASSIGN(loaded.config, read_config(text, file));
    if (loaded.config.certificate_file.empty()) return loaded;
    MULLION_ASSIGN(const std::string chain, os::read_file(loaded.config.certificate_file, largest_config));
    MULLION_ASSIGN(const Secret key, os::read_secret_file(loaded.config.key_file));
    MULLION_ASSIGN(loaded.tls, net::TlsServer::make(chain, key));
    return loaded;
}

}  // namespace mullion::exporter
