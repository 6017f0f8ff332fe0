// Several commands in one shell: hold_a_shell TARGET USER PASSWORD_FILE CA_FILE|- COMMAND…
#include "examples/example.h"

int main(int count, char** words) {
    if (count < 6) {
        std::cerr << "usage: hold_a_shell TARGET USER PASSWORD_FILE CA_FILE|- COMMAND…\n";
        return 5;
    }
    mullion::target::Target options;
    options.user = words[2];
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
    for (int word = 5; word < count; ++word) {
        mullion::client::CommandOptions command;
        command.command = words[word];
        const auto outcome = (*shell)->run(command, printer);
        std::cerr << "round trips: " << outcome.round_trips << '\n';
        last = example::report(outcome);
        if (!outcome.exit_code) break;
    }
    for (const auto& warning : (*shell)->close()) example::explain(warning);
    return last;
}
