// One host's session: its runs one after the other, each with its clean-up behind it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <future>

#include "client/channel_link.h"
#include "client/cleanup.h"
#include "client/client.h"
#include "client/command_run.h"
#include "client/host.h"
#include "client/input_reader.h"
#include "client/ping.h"
#include "client/runtime.h"

namespace mullion::client {
namespace {

// Lives until the last run's clean-up has ended, also when its Session is gone. Only its I/O thread
// touches it.
struct Core {
    Core(Runtime::State& owner, LoopPlace where, Host one)
        : runtime(owner), loop(std::move(where)), host(std::move(one)) {}

    Runtime::State& runtime;
    LoopPlace loop;  // The thread that all of it lives on.
    Host host;
    std::shared_ptr<Alarm> turn;  // Rings when the connections are free; null while they are.
    Alarm* stop = nullptr;        // Of what is in progress.
    bool stop_next = false;       // Interrupted while nothing was in progress.
    std::vector<Error> late;      // Warnings that came after an outcome.
};
using CorePtr = std::shared_ptr<Core>;

// The connections carry one conversation at a time: the next waits for the last one's clean-up.
net::Task<void> take_turn(CorePtr core) {
    Alarm none;
    while (core->turn) {
        const auto turn = core->turn;
        co_await core->loop->time().sleep(never, *turn, none);
    }
    core->turn = std::make_shared<Alarm>();
}

void end_turn(Core& core) {
    const auto turn = std::move(core.turn);
    core.turn = nullptr;
    turn->ring();
}

net::Task<void> run_once(CorePtr core, RunOptions options, OutputSink* sink,
                         std::function<void(RunOutcome)> done) {
    const auto started = core->loop->time().now();
    co_await take_turn(core);
    Alarm stop;
    if (std::exchange(core->stop_next, false)) stop.ring();
    core->stop = &stop;
    core->host.settings.max_envelope_size = options.max_envelope_size;
    auto read_input = reader_of(options.input, core->runtime.inputs, core->host.executor);
    CommandRun run(core->host, options, *sink, std::move(read_input), started, stop);
    auto outcome = co_await run.converse();
    core->stop = nullptr;
    done(std::move(outcome));
    auto warning = co_await clean_up(core->host, run.shell());
    if (warning) core->late.push_back(std::move(*warning));
    end_turn(*core);
}

net::Task<void> ping_once(CorePtr core, std::function<void(PingOutcome)> done) {
    co_await take_turn(core);
    Alarm stop;
    core->stop = &stop;
    auto outcome = co_await identify(core->host, stop);
    core->stop = nullptr;
    end_turn(*core);
    done(std::move(outcome));
}

net::Task<void> await_quiet(CorePtr core, std::function<void(std::vector<Error>)> done) {
    co_await take_turn(core);
    end_turn(*core);
    done(std::exchange(core->late, {}));
}

class HostSession final : public Session {
public:
    explicit HostSession(CorePtr core) : core_(std::move(core)) {}
    ~HostSession() override { interrupt(); }

    RunOutcome run(const RunOptions& options, OutputSink& sink) override {
        std::promise<RunOutcome> result;
        auto outcome = result.get_future();
        run_async(options, sink, [&result](RunOutcome got) { result.set_value(std::move(got)); });
        return outcome.get();
    }

    void run_async(RunOptions options, OutputSink& sink, std::function<void(RunOutcome)> done) override {
        spawn(run_once(core_, std::move(options), &sink, std::move(done)));
    }

    PingOutcome ping() override {
        std::promise<PingOutcome> result;
        auto outcome = result.get_future();
        ping_async([&result](PingOutcome got) { result.set_value(std::move(got)); });
        return outcome.get();
    }

    void ping_async(std::function<void(PingOutcome)> done) override {
        spawn(ping_once(core_, std::move(done)));
    }

    void interrupt() override {
        boost::asio::post(core_->loop->io(), [core = core_] {
            if (core->stop != nullptr) core->stop->ring();
            // Ctrl-C while the command line is still being prepared must not be lost.
            if (!core->turn) core->stop_next = true;
        });
    }

    std::vector<Error> finish() override {
        std::promise<std::vector<Error>> result;
        auto warnings = result.get_future();
        finish_async([&result](std::vector<Error> got) { result.set_value(std::move(got)); });
        return warnings.get();
    }

    void finish_async(std::function<void(std::vector<Error>)> done) override {
        spawn(await_quiet(core_, std::move(done)));
    }

private:
    void spawn(net::Task<void> task) {
        boost::asio::co_spawn(core_->loop->io(), std::move(task), boost::asio::detached);
    }

    CorePtr core_;
};

}  // namespace

Result<std::unique_ptr<Session>> Session::make(Runtime& runtime, target::Target target,
                                               auth::Credential credential) {
    auto& state = runtime.state();
    MULLION_ASSIGN(const auto settled, target::settle(std::move(target)));
    auto loop = state.place();
    auto executor = loop->io().get_executor();
    auto links = make_links(executor, state.pool, state.tls, settled, std::move(credential));
    if (!links.ok()) return std::move(links).error().on_host(settled.name);
    wsman::RequestSettings settings;
    settings.to = settled.url();
    settings.session_id = wsman::new_message_id(system_random());
    settings.operation_timeout = settled.operation_timeout;
    Host host(settled.name, std::move(settings), std::move(links).value(), executor, loop->time(),
              system_random());
    auto core = std::make_shared<Core>(state, std::move(loop), std::move(host));
    return std::unique_ptr<Session>(std::make_unique<HostSession>(std::move(core)));
}

}  // namespace mullion::client
