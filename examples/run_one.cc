// One command on one host: run_one https://web01:5986 USER PASSWORD_FILE CA_FILE|- COMMAND
#include "examples/example.h"

int main(int count, char** words) {
    if (count != 6) {
        std::cerr << "usage: run_one TARGET USER PASSWORD_FILE CA_FILE|- COMMAND\n";
        return 5;
    }
    // Everything that is not said has the default that `mullion run` has: encrypted, verified, with time
    // limits.
    mullion::target::Target options;
    options.user = words[2];
    options.transports = {"negotiate"};  // Kerberos or NTLM: sealed also over http.
    if (std::string_view(words[4]) != "-") options.ca_file = words[4];
    auto target = mullion::target::parse_target(words[1], options);
    if (!target.ok()) {
        example::explain(target.error());
        return 5;
    }

    mullion::client::Runtime runtime;  // The threads. Outlives its sessions.
    mullion::auth::Credential credential{target->user, example::read_password(words[3])};
    auto session = mullion::client::Session::make(runtime, std::move(target).value(), std::move(credential));
    if (!session.ok()) {
        example::explain(session.error());
        return 5;
    }
    example::Printer printer;
    mullion::client::RunOptions command;
    command.command = words[5];
    const auto outcome = (*session)->run(command, printer);
    // The result is known; Signal and Delete go on meanwhile.
    for (const auto& warning : (*session)->finish()) example::explain(warning);
    return example::report(outcome);
}
