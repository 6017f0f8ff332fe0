// Several commands in one shell: hold_a_shell TARGET USER PASSWORD_FILE CA_FILE|- COMMAND…
// With - in the place of the commands they are the lines of standard input, each run as it comes.
#include <optional>
#include <string>

#include "examples/example.h"

namespace {

class Commands {
public:
    Commands(int count, char** words) : count_(count), words_(words) {}
    std::optional<std::string> next() {
        if (count_ == 1 && std::string_view(words_[0]) == "-") {
            std::string line;
            if (std::getline(std::cin, line)) return line;
            return std::nullopt;
        }
        if (at_ == count_) return std::nullopt;
        return words_[at_++];
    }

private:
    int count_;
    char** words_;
    int at_ = 0;
};

}  // namespace

int main(int count, char** words) {
    if (count < 6) {
        std::cerr << "usage: hold_a_shell TARGET USER PASSWORD_FILE CA_FILE|- COMMAND…|-\n";
        return 5;
    }
    mullion::target::Target options;
    options.user = words[2];
    options.transports = {"negotiate"};  // Kerberos or NTLM: sealed also over http.
    if (std::string_view(words[4]) != "-") options.ca_file = words[4];
    auto target = mullion::target::parse_target(words[1], options);
    if (!target.ok()) {
        example::explain(target.error());
        return 5;
    }

    mullion::client::Runtime runtime;
    mullion::auth::Credential credential{target->user, example::read_password(words[3])};
    auto shell =
        mullion::client::CommandShell::make(runtime, std::move(target).value(), std::move(credential));
    if (!shell.ok()) {
        example::explain(shell.error());
        return 5;
    }
    // Connecting, logging on and opening the shell happen once: each further command costs two round trips.
    example::Printer printer;
    int last = 0;
    Commands commands(count - 5, words + 5);
    while (auto line = commands.next()) {
        mullion::client::CommandOptions command;
        command.command = std::move(*line);
        const auto outcome = (*shell)->run(command, printer);
        std::cerr << "round trips: " << outcome.round_trips << '\n';
        last = example::report(outcome);
        if (!outcome.exit_code) break;
    }
    for (const auto& warning : (*shell)->close()) example::explain(warning);
    return last;
}
