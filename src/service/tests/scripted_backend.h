// A backend that does as the test says: what the command puts out and when, and what it was sent.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/notifier.h"
#include "service/shells/command_backend.h"

namespace mullion::service::testing {

// What a command does and what happened to it; shared by the test and the process.
struct Script {
    explicit Script(const net::Executor& executor) : changed(executor) {}

    std::deque<std::string> out;
    std::deque<std::string> err;
    bool out_ends = false;  // The pipe is closed once `out` is empty.
    bool err_ends = false;
    std::optional<std::uint32_t> exit_code;
    bool reads_input = true;
    std::string input;
    bool input_ended = false;
    std::vector<ProcessSignal> signals;
    bool dies_of_kill = true;
    unsigned reads = 0;
    bool output_closed = false;
    CommandStart started;
    Notifier changed;

    void put(std::string bytes) {
        out.push_back(std::move(bytes));
        changed.notify();
    }
    void put_error(std::string bytes) {
        err.push_back(std::move(bytes));
        changed.notify();
    }
    // As most processes end: pipes closed and a code.
    void end(std::uint32_t code) {
        out_ends = err_ends = true;
        exit_code = code;
        changed.notify();
    }
};

class ScriptedBackend final : public CommandBackend {
public:
    explicit ScriptedBackend(net::Executor executor) : starts(executor), executor_(std::move(executor)) {}

    // Called for each command; what it gives runs, or fails to start.
    using Begin = std::function<std::optional<StartFailure>(Script&)>;
    Begin begin = [](Script&) { return std::nullopt; };
    std::vector<std::shared_ptr<Script>> scripts;
    // Commands wait to begin until this is false again, and starts.notify() was called.
    bool holds_starts = false;
    Notifier starts;

    std::string denied_variable;
    [[nodiscard]] bool takes_variable(std::string_view name) const override {
        return name != denied_variable;
    }
    [[nodiscard]] net::Task<Started> start(CommandStart what) override;

private:
    net::Executor executor_;
};

}  // namespace mullion::service::testing
