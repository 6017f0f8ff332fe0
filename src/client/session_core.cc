#include "client/session_core.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

#include "client/channel_link.h"
#include "client/cleanup.h"
#include "client/command_run.h"
#include "client/config_visit.h"
#include "client/conversation.h"
#include "client/exchange_once.h"
#include "client/input_reader.h"
#include "client/ping.h"

namespace mullion::client {
namespace {

// Exceptions are bugs or the end of memory. They end one host's work, and are told like everything else.
template <class Outcome>
Outcome failed_inside(const std::exception& trouble, Status status, const std::string& host) {
    Outcome outcome;
    outcome.status = status;
    outcome.error = Error(ErrorId::internal_failure, trouble.what()).on_host(host);
    return outcome;
}

net::Task<RunOutcome> converse(CommandRun& run, const Host& host) {
    try {
        co_return co_await run.converse();
    } catch (const std::exception& trouble) {
        auto outcome = failed_inside<RunOutcome>(trouble, Status::unknown, host.name);
        outcome.output_complete = false;
        co_return outcome;
    }
}

net::Task<PingOutcome> ask_identity(Host& host, Duration timeout, Alarm& stop, bool in_clear) {
    try {
        co_return co_await identify(host, timeout, stop, in_clear);
    } catch (const std::exception& trouble) {
        co_return failed_inside<PingOutcome>(trouble, Status::unreachable, host.name);
    }
}

net::Task<ExchangeOutcome> carry_over(Host& host, ExchangeOptions options, Alarm& stop) {
    try {
        co_return co_await exchange_once(host, std::move(options), stop);
    } catch (const std::exception& trouble) {
        co_return failed_inside<ExchangeOutcome>(trouble, Status::unknown, host.name);
    }
}

net::Task<ConfigOutcome> converse_about_config(Host& host, const ConfigVisit& visit, ConfigWay way,
                                               Alarm& stop) {
    try {
        co_return co_await visit_config(host, visit, std::move(way), stop);
    } catch (const std::exception& trouble) {
        co_return failed_inside<ConfigOutcome>(trouble, Status::unknown, host.name);
    }
}

ConfigRoute route_of(const target::Target& target) {
    ConfigRoute route;
    route.local = !target.socket.empty();
    route.transports = target.transports;
    route.may_seal = target.message_encryption != target::MessageEncryption::never;
    route.binds = target.send_cbt;
    route.pinned = !target.cert_pin.empty();
    return route;
}

// What the caller's function throws must not keep the shell from being deleted, nor the next call from its
// turn.
template <class Outcome>
std::optional<Error> tell(const std::function<void(Outcome)>& done, Outcome outcome,
                          const std::string& host) {
    try {
        done(std::move(outcome));
        return std::nullopt;
    } catch (const std::exception& trouble) {
        return Error(ErrorId::internal_failure, std::string("the caller's function threw: ") + trouble.what())
            .on_host(host);
    }
}

net::Task<std::optional<Error>> tidy(Host& host, Conversation& conversation) {
    try {
        co_await conversation.tidy(host);
        co_return std::nullopt;
    } catch (const std::exception& trouble) {
        co_return Error(ErrorId::internal_failure, trouble.what()).on_host(host.name);
    }
}

net::Task<std::optional<Error>> tidy(Host& host, ShellState& shell, bool keep) {
    try {
        if (keep) co_return co_await ready_for_next(host, shell);
        co_return co_await clean_up(host, shell);
    } catch (const std::exception& trouble) {
        shell = ShellState{};
        co_return Error(ErrorId::run_shell_left, trouble.what()).on_host(host.name);
    }
}

}  // namespace

Result<std::shared_ptr<SessionCore>> SessionCore::make(Runtime& runtime, target::Target target,
                                                       auth::Credential credential, LogonGate gate) {
    auto& state = runtime.state();
    MULLION_ASSIGN(const auto settled, target::settle(std::move(target)));
    auto links =
        make_links(state.pool, state.office, state.tls, settled, std::move(credential), std::move(gate));
    if (!links.ok()) return std::move(links).error().on_host(settled.name);
    return std::shared_ptr<SessionCore>(new SessionCore(state, settled, std::move(links).value()),
                                        EndOnItsThread());
}

void SessionCore::EndOnItsThread::operator()(SessionCore* core) const {
    if (!core->loop_ || core->loop().io().get_executor().running_in_this_thread()) {
        delete core;
        return;
    }
    // Owned by the handler: it also ends where nobody runs that any more.
    auto& io = core->loop().io();
    boost::asio::post(io, [owned = std::unique_ptr<SessionCore, Delete>(core)] {});
}

SessionCore::SessionCore(Runtime::State& runtime, const target::Target& settled, MakeLinkOn make_link)
    : runtime_(runtime),
      name_(settled.name),
      read_timeout_(settled.read_timeout),
      patience_(settled.connect_timeout + settled.read_timeout),
      https_(settled.scheme == target::Scheme::https),
      port_(settled.port),
      route_(route_of(settled)),
      make_link_(std::move(make_link)) {
    settings_.to = settled.url();
    settings_.session_id = wsman::new_message_id(system_random());
    settings_.operation_timeout = settled.operation_timeout;
}

void SessionCore::take_place() {
    const std::lock_guard lock(placing_);
    if (loop_) return;
    loop_.emplace(runtime_.place());
    const net::Executor executor = loop().io().get_executor();
    const auto make_link = [make = std::move(make_link_), executor] { return make(executor); };
    host_.emplace(name_, std::move(settings_), make_link, executor, loop().time(), loop().random());
    host_->read_timeout = read_timeout_;
}

void SessionCore::spawn(net::Task<void> task) {
    ++asked_;
    take_place();
    boost::asio::co_spawn(loop().io(), std::move(task), boost::asio::detached);
}

void SessionCore::run(RunOptions options, OutputSink& sink, After after,
                      std::function<void(RunOutcome)> done) {
    spawn(run_once(shared_from_this(), std::move(options), &sink, after, std::move(done)));
}

void SessionCore::ping(const PingOptions& options, std::function<void(PingOutcome)> done) {
    spawn(ping_once(shared_from_this(), options, std::move(done)));
}

void SessionCore::exchange(ExchangeOptions options, std::function<void(ExchangeOutcome)> done) {
    spawn(exchange_in_turn(shared_from_this(), std::move(options), std::move(done)));
}

void SessionCore::configure(ConfigVisit visit, std::function<void(ConfigOutcome)> done) {
    spawn(configure_once(shared_from_this(), std::move(visit), std::move(done)));
}

void SessionCore::close(std::function<void(std::vector<Error>)> done) {
    spawn(close_once(shared_from_this(), std::move(done)));
}

void SessionCore::interrupt() {
    {
        const std::lock_guard lock(placing_);
        if (!loop_) {
            stop_next_ = true;
            return;
        }
    }
    boost::asio::post(loop().io(), [self = shared_from_this()] {
        // Ctrl-C while a command is still being prepared must not be lost.
        if (self->stop_ == nullptr)
            self->stop_next_ = true;
        else
            self->stop_->ring();
    });
}

void SessionCore::send_ctrl_c() {
    {
        const std::lock_guard lock(placing_);
        if (!loop_) {
            stop_next_ = true;
            return;
        }
    }
    spawn(signal_once(shared_from_this()));
}

void SessionCore::abandon() {
    if (asked_ != 0) interrupt();
}

// The connections carry one conversation at a time: the next waits for the last one's clean-up.
net::Task<void> SessionCore::take_turn() {
    Alarm none;
    while (turn_) {
        const auto turn = turn_;
        co_await loop().time().sleep(never, *turn, none);
    }
    turn_ = std::make_shared<Alarm>();
}

void SessionCore::end_turn() {
    const auto turn = std::exchange(turn_, nullptr);
    turn->ring();
}

void SessionCore::arm(Alarm& stop) {
    if (std::exchange(stop_next_, false)) stop.ring();
    stop_ = &stop;
}

net::Task<void> SessionCore::run_once(std::shared_ptr<SessionCore>, RunOptions options, OutputSink* sink,
                                      After after, std::function<void(RunOutcome)> done) {
    const auto started = loop().time().now();
    co_await take_turn();
    Alarm stop;
    arm(stop);
    host_->settings.max_envelope_size = options.max_envelope_size;
    host_->keeps_second = after == After::keep_shell;
    auto read_input = reader_of(options.input, runtime_.inputs, host_->executor);
    CommandRun run(*host_, options, *sink, std::move(read_input), started, stop, shell_);
    auto outcome = co_await converse(run, *host_);
    stop_ = nullptr;
    if (auto thrown = tell(done, std::move(outcome), host_->name)) late_.push_back(std::move(*thrown));
    auto warning = co_await tidy(*host_, shell_, after == After::keep_shell);
    if (warning) late_.push_back(std::move(*warning));
    end_turn();
    leave();
}

net::Task<void> SessionCore::ping_once(std::shared_ptr<SessionCore>, PingOptions options,
                                       std::function<void(PingOutcome)> done) {
    co_await take_turn();
    Alarm stop;
    arm(stop);
    const auto timeout = options.timeout.value_or(patience_);
    auto outcome = co_await ask_identity(*host_, timeout, stop, options.in_clear);
    stop_ = nullptr;
    end_turn();
    leave();  // Before the answer: who has it may be done with the session.
    done(std::move(outcome));
}

net::Task<void> SessionCore::exchange_in_turn(std::shared_ptr<SessionCore>, ExchangeOptions options,
                                              std::function<void(ExchangeOutcome)> done) {
    co_await take_turn();
    Alarm stop;
    arm(stop);
    const auto conversation = options.conversation;
    auto outcome = co_await carry_over(*host_, std::move(options), stop);
    stop_ = nullptr;
    if (!conversation) {
        end_turn();
        leave();
        done(std::move(outcome));
        co_return;
    }
    if (auto thrown = tell(done, std::move(outcome), host_->name)) late_.push_back(std::move(*thrown));
    auto trouble = co_await tidy(*host_, *conversation);
    if (trouble) late_.push_back(std::move(*trouble));
    end_turn();
    leave();
}

net::Task<void> SessionCore::configure_once(std::shared_ptr<SessionCore>, ConfigVisit visit,
                                            std::function<void(ConfigOutcome)> done) {
    co_await take_turn();
    Alarm stop;
    arm(stop);
    ConfigWay way{https_, port_, route_, patience_};
    auto outcome = co_await converse_about_config(*host_, visit, std::move(way), stop);
    stop_ = nullptr;
    end_turn();
    leave();
    done(std::move(outcome));
}

// Beside the run, not in its place.
net::Task<void> SessionCore::signal_once(std::shared_ptr<SessionCore>) {
    const bool runs = stop_ != nullptr && shell_.may_run;
    bool taken = false;
    if (runs) {
        auto sending = client::send_ctrl_c(*host_, shell_);
        taken = co_await std::move(sending);
    }
    if (!taken && stop_ != nullptr)
        stop_->ring();
    else if (!taken && !runs)
        stop_next_ = true;
    leave();
}

net::Task<void> SessionCore::close_once(std::shared_ptr<SessionCore>,
                                        std::function<void(std::vector<Error>)> done) {
    co_await take_turn();
    auto warning = co_await tidy(*host_, shell_, false);
    if (warning) late_.push_back(std::move(*warning));
    end_turn();
    leave();
    done(std::exchange(late_, {}));
}

}  // namespace mullion::client
