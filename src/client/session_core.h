// What Session and CommandShell have in common: one host's connections, one conversation at a time, each with
// its clean-up behind it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/client.h"
#include "client/exchange.h"
#include "client/gated_session.h"
#include "client/host.h"
#include "client/runtime.h"
#include "client/shell_state.h"

namespace mullion::client {

// Lives until the last clean-up has ended, also when its Session is gone. Only its I/O thread touches it, and
// there it ends: connections that wait for the next question are known to timers of that thread.
class SessionCore : public std::enable_shared_from_this<SessionCore> {
public:
    // Whether the shell stays for the next command.
    enum class After { delete_shell, keep_shell };

    // Reads files. The thread that it lives on is chosen when it is first used: the one that uses it, if that
    // is an I/O thread with no more sessions than others. Errors: those of Session::make.
    [[nodiscard]] static Result<std::shared_ptr<SessionCore>> make(Runtime& runtime, target::Target target,
                                                                   auth::Credential credential,
                                                                   LogonGate gate = {});
    SessionCore(const SessionCore&) = delete;
    SessionCore& operator=(const SessionCore&) = delete;

    // From any thread; each takes its turn. `done` is called on the I/O thread.
    void run(RunOptions options, OutputSink& sink, After after, std::function<void(RunOutcome)> done);
    void ping(const PingOptions& options, std::function<void(PingOutcome)> done);
    void exchange(ExchangeOptions options, std::function<void(ExchangeOutcome)> done);
    // To the command that runs, if one does, and goes on.
    void send_ctrl_c();
    void configure(ConfigVisit visit, std::function<void(ConfigOutcome)> done);
    // Waits for what goes on, and deletes a shell that was kept.
    void close(std::function<void(std::vector<Error>)> done);
    // Ends what is in progress, or else what comes next.
    void interrupt();
    // Ends what is in progress, if anything is: nothing comes any more. Then the thread is not woken for it.
    void abandon();

private:
    struct Delete {
        void operator()(SessionCore* core) const { delete core; }
    };
    struct EndOnItsThread {
        void operator()(SessionCore* core) const;
    };
    SessionCore(Runtime::State& runtime, const target::Target& settled, MakeLinkOn make_link);
    ~SessionCore() = default;

    void take_place();
    [[nodiscard]] IoLoop& loop() { return **loop_; }
    [[nodiscard]] net::Task<void> take_turn();
    void end_turn();
    // Of the conversation that begins: rung at once when it was interrupted before.
    void arm(Alarm& stop);

    [[nodiscard]] net::Task<void> run_once(std::shared_ptr<SessionCore> self, RunOptions options,
                                           OutputSink* sink, After after,
                                           std::function<void(RunOutcome)> done);
    [[nodiscard]] net::Task<void> ping_once(std::shared_ptr<SessionCore> self, PingOptions options,
                                            std::function<void(PingOutcome)> done);
    [[nodiscard]] net::Task<void> exchange_in_turn(std::shared_ptr<SessionCore> self, ExchangeOptions options,
                                                   std::function<void(ExchangeOutcome)> done);
    [[nodiscard]] net::Task<void> signal_once(std::shared_ptr<SessionCore> self);
    [[nodiscard]] net::Task<void> configure_once(std::shared_ptr<SessionCore> self, ConfigVisit visit,
                                                 std::function<void(ConfigOutcome)> done);
    [[nodiscard]] net::Task<void> close_once(std::shared_ptr<SessionCore> self,
                                             std::function<void(std::vector<Error>)> done);
    // Runs on the I/O thread; `task` ends with leave().
    void spawn(net::Task<void> task);
    void leave() { --asked_; }

    std::atomic<unsigned> asked_ = 0;  // Conversations that have not ended.
    Runtime::State& runtime_;
    const std::string name_;
    const Duration read_timeout_;
    const Duration patience_;  // What a ping may take when nothing is said, and an answer about config.
    const bool https_;
    const std::uint16_t port_;
    const ConfigRoute route_;
    wsman::RequestSettings settings_;
    MakeLinkOn make_link_;
    std::mutex placing_;
    std::optional<LoopPlace> loop_;  // The thread that all of it lives on; with it the host.
    std::optional<Host> host_;
    ShellState shell_;             // That was kept.
    std::shared_ptr<Alarm> turn_;  // Rings when the connections are free; null while they are.
    Alarm* stop_ = nullptr;        // Of what is in progress.
    bool stop_next_ =
        false;  // Interrupted while nothing was in progress. Before there is a place: placing_'s.
    std::vector<Error> late_;  // Warnings that came after an outcome.
};

}  // namespace mullion::client
