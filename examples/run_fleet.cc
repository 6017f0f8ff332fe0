// One command on many hosts: run_fleet USER PASSWORD_FILE COMMAND TARGET…
#include <vector>

#include "examples/example.h"
#include "fleet/fleet.h"

namespace {

// Keeps what each host said until its result is there, so that hosts are not mixed.
class Collector final : public mullion::fleet::Observer {
public:
    explicit Collector(std::vector<std::string> names) : names_(std::move(names)), output_(names_.size()) {}

    mullion::client::OutputSink& start(std::size_t host) override { return output_[host]; }
    void on_result(std::size_t host, mullion::client::RunOutcome outcome) override {
        std::cout << names_[host] << ": " << to_string(outcome.status);
        if (outcome.exit_code) std::cout << ", exit code " << *outcome.exit_code;
        std::cout << '\n' << output_[host].text;
        output_[host].text = {};  // Memory is for what is in flight, not for the whole fleet.
        if (outcome.error) example::explain(*outcome.error);
        all_well_ = all_well_ && outcome.status == mullion::Status::ok;
    }
    void on_late(std::size_t, mullion::Error warning) override { example::explain(warning); }
    [[nodiscard]] bool all_well() const { return all_well_; }

private:
    struct Sink final : mullion::client::OutputSink {
        void on_output(mullion::client::Stream, std::string_view bytes) override { text += bytes; }
        std::string text;
    };
    std::vector<std::string> names_;
    std::vector<Sink> output_;
    bool all_well_ = true;
};

}  // namespace

int main(int count, char** words) {
    if (count < 5) {
        std::cerr << "usage: run_fleet USER PASSWORD_FILE COMMAND TARGET…\n";
        return 5;
    }
    const std::vector<std::string> targets(words + 4, words + count);
    const auto password = example::read_password(words[2]);
    // Called when a host's turn comes. What is wrong with one host is that one's result.
    const auto prepare = [&](std::size_t host) -> mullion::fleet::Prepared {
        mullion::target::Target options;
        options.user = words[1];
        options.transports = {"negotiate"};  // Kerberos or NTLM: sealed also over http.
        auto target = mullion::target::parse_target(targets[host], options);
        if (!target.ok()) return mullion::fleet::NotRun{target.error(), {}};
        mullion::auth::Credential credential{target->user, password.clone()};
        return mullion::fleet::Work{std::move(target).value(), std::move(credential)};
    };

    mullion::client::Runtime runtime({.io_threads = 2});
    mullion::fleet::Fleet fleet(runtime, {.forks = mullion::fleet::forks_that_fit(64)});
    mullion::client::RunOptions command;
    command.command = words[3];
    command.timeout = mullion::Duration(60'000);  // For each host, from its own beginning.
    Collector collector(targets);
    fleet.run(targets.size(), prepare, command, collector);
    return collector.all_well() ? 0 : 1;
}
