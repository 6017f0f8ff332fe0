// The commands of one simulated host: finds the answer and plays it. Lives where the host's shells live.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "service/shells/command_backend.h"
#include "simulate/fleet.h"
#include "simulate/ledger.h"
#include "simulate/script.h"
#include "simulate/windows_side.h"

namespace mullion::simulate {

class Backend final : public service::CommandBackend {
public:
    // `remember`: faults want to know what a CommandId stands for.
    Backend(net::Executor executor, const HostSpec& host, Ledger& ledger, bool remember)
        : executor_(std::move(executor)), host_(host), ledger_(ledger), remember_(remember) {
        if (host.kind->windows_side) windows_side_.emplace(host.kind->windows_side);
    }

    // One word: the line.
    [[nodiscard]] service::Outcome<std::vector<std::string>> command_words(
        const service::Shell& shell, const wsman::RunCommand& what) override;
    [[nodiscard]] net::Task<Started> start(service::CommandStart what) override;
    // From any thread; of the last commands that began.
    [[nodiscard]] std::optional<CommandText> command_of(const std::string& command_id);

private:
    // A script of `mullion prepare` in its place; null for everything else.
    [[nodiscard]] std::shared_ptr<const Answer> prepare(const std::string& input);
    void keep(const std::string& command_id, const CommandText& command);

    net::Executor executor_;
    const HostSpec& host_;
    Ledger& ledger_;
    bool remember_;
    std::optional<WindowsSide> windows_side_;  // On the executor's thread alone.
    std::mutex mutex_;
    std::map<std::string, CommandText> commands_;  // By upper-case id.
    std::deque<std::string> order_;                // The oldest is forgotten first.
};

// The command as it was asked for, from its line.
[[nodiscard]] CommandText command_text(std::string line);
// The answer to it; with `input` also those that look at standard input count, without it they do not.
// An answer whose choice has to wait for input is a null.
[[nodiscard]] Choice choose_answer(const HostKind& kind, const CommandText& command,
                                   const std::string* input);

}  // namespace mullion::simulate
