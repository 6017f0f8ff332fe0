// The public faces of SessionCore: blocking calls made of those with a callback.
#include <future>

#include "client/client.h"
#include "client/gated_session.h"
#include "client/session_core.h"

namespace mullion::client {
namespace {

// Calls start(done) and waits for what `done` is given.
template <class T, class Start>
T wait_for(Start start) {
    std::promise<T> promise;
    auto result = promise.get_future();
    start([&promise](T got) { promise.set_value(std::move(got)); });
    return result.get();
}

class HostSession final : public Session {
public:
    explicit HostSession(std::shared_ptr<SessionCore> core) : core_(std::move(core)) {}
    ~HostSession() override { core_->abandon(); }

    RunOutcome run(const RunOptions& options, OutputSink& sink) override {
        return wait_for<RunOutcome>([&](auto done) { run_async(options, sink, done); });
    }
    void run_async(RunOptions options, OutputSink& sink, std::function<void(RunOutcome)> done) override {
        core_->run(std::move(options), sink, SessionCore::After::delete_shell, std::move(done));
    }
    PingOutcome ping(const PingOptions& options) override {
        return wait_for<PingOutcome>([&](auto done) { ping_async(options, done); });
    }
    void ping_async(const PingOptions& options, std::function<void(PingOutcome)> done) override {
        core_->ping(options, std::move(done));
    }
    ExchangeOutcome exchange(const ExchangeOptions& options) override {
        return wait_for<ExchangeOutcome>([&](auto done) { exchange_async(options, done); });
    }
    void exchange_async(ExchangeOptions options, std::function<void(ExchangeOutcome)> done) override {
        core_->exchange(std::move(options), std::move(done));
    }
    void send_ctrl_c() override { core_->send_ctrl_c(); }
    ConfigOutcome configure(const ConfigVisit& visit) override {
        return wait_for<ConfigOutcome>([&](auto done) { configure_async(visit, done); });
    }
    void configure_async(ConfigVisit visit, std::function<void(ConfigOutcome)> done) override {
        core_->configure(std::move(visit), std::move(done));
    }
    void interrupt() override { core_->interrupt(); }
    std::vector<Error> finish() override {
        return wait_for<std::vector<Error>>([&](auto done) { finish_async(done); });
    }
    void finish_async(std::function<void(std::vector<Error>)> done) override {
        core_->close(std::move(done));
    }

private:
    std::shared_ptr<SessionCore> core_;
};

class HeldShell final : public CommandShell {
public:
    HeldShell(std::shared_ptr<SessionCore> core, ShellOptions options)
        : core_(std::move(core)), options_(std::move(options)) {}
    ~HeldShell() override {
        interrupt();
        close_async([](const std::vector<Error>&) {});  // No shell is left, also when nobody waits for it.
    }

    RunOutcome run(const CommandOptions& options, OutputSink& sink) override {
        return wait_for<RunOutcome>([&](auto done) { run_async(options, sink, done); });
    }
    void run_async(CommandOptions command, OutputSink& sink, std::function<void(RunOutcome)> done) override {
        RunOptions all;
        all.command = std::move(command.command);
        all.input = command.input;
        all.timeout = command.timeout;
        all.working_directory = options_.working_directory;
        all.environment = options_.environment;
        all.code_page = options_.code_page;
        all.no_profile = options_.no_profile;
        all.wait_for = options_.wait_for;
        all.max_envelope_size = options_.max_envelope_size;
        core_->run(std::move(all), sink, SessionCore::After::keep_shell, std::move(done));
    }
    void interrupt() override { core_->interrupt(); }
    std::vector<Error> close() override {
        return wait_for<std::vector<Error>>([&](auto done) { close_async(done); });
    }
    void close_async(std::function<void(std::vector<Error>)> done) override { core_->close(std::move(done)); }

private:
    std::shared_ptr<SessionCore> core_;
    const ShellOptions options_;
};

}  // namespace

Result<std::unique_ptr<Session>> Session::make(Runtime& runtime, target::Target target,
                                               auth::Credential credential) {
    return make_gated_session(runtime, std::move(target), std::move(credential), {});
}

Result<std::unique_ptr<Session>> make_gated_session(Runtime& runtime, target::Target target,
                                                    auth::Credential credential, LogonGate gate) {
    MULLION_ASSIGN(auto core,
                   SessionCore::make(runtime, std::move(target), std::move(credential), std::move(gate)));
    return std::unique_ptr<Session>(std::make_unique<HostSession>(std::move(core)));
}

Result<std::unique_ptr<CommandShell>> CommandShell::make(Runtime& runtime, target::Target target,
                                                         auth::Credential credential, ShellOptions options) {
    MULLION_ASSIGN(auto core, SessionCore::make(runtime, std::move(target), std::move(credential)));
    return std::unique_ptr<CommandShell>(std::make_unique<HeldShell>(std::move(core), std::move(options)));
}

}  // namespace mullion::client
