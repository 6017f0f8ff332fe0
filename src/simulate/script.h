// A command of a simulated host: puts out what an answer says, when it says so. In the place of a process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "service/notifier.h"
#include "service/shells/command_backend.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

// What a text's {name} stands for, besides {0} … {9} of a regex.
struct Names {
    std::string host;
    std::string address;
    std::string user;
    std::string directory;
};
[[nodiscard]] std::string fill_in(const std::string& text, const Names& names, const CommandText& command,
                                  const std::vector<std::string>& groups);

// Chosen for a command: which answer, and what its expression found in the command.
struct Choice {
    std::shared_ptr<const Answer> answer;
    std::vector<std::string> groups;
};
// Chooses once standard input is known.
using Choose = std::function<Choice(const std::string& input)>;

class Script final : public service::RunningProcess {
public:
    Script(const net::Executor& executor, Names names, CommandText command);
    // One of the two, before anything else.
    void play(Choice choice);
    void play_after_input(Choose choose);

    [[nodiscard]] net::Task<std::string> read(service::OutputStream from) override;
    [[nodiscard]] net::Task<bool> write_input(std::string bytes) override;
    void close_input() override;
    [[nodiscard]] net::Task<std::uint32_t> exit_code() override;
    void send(service::ProcessSignal signal) override;
    void close_output() override;
    void output_taken() override;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mullion::simulate
