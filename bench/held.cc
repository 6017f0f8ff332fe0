// held URL CA|- TRANSPORT USER COUNT COMMAND: runs the command COUNT times in one shell that is held, through
// the library; the password on the first line of standard input. Output goes to standard output; what a
// command took in round trips until its result was known, the first and the last, to standard error.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "client/client.h"

namespace {

using namespace mullion;

class Printed final : public client::OutputSink {
public:
    void on_output(client::Stream, std::string_view bytes) override {
        std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    }
};

int fail(const Error& error) {
    std::fprintf(stderr, "held: %s\n", error.message().c_str());
    return 1;
}

int run(char** words, const std::string& password) {
    target::Target options;
    options.transports = {words[3]};
    options.allow_unencrypted = true;
    if (std::string(words[2]) != "-") options.ca_file = words[2];
    auto target = target::parse_target(words[1], options);
    if (!target.ok()) return fail(target.error());
    auth::Credential credential;
    credential.user = words[4];
    credential.password = Secret(password);
    client::Runtime runtime;
    auto shell = client::CommandShell::make(runtime, std::move(target).value(), std::move(credential));
    if (!shell.ok()) return fail(shell.error());
    Printed sink;
    unsigned first = 0;
    unsigned last = 0;
    for (int i = 0; i < std::atoi(words[5]); ++i) {
        const auto outcome = (*shell)->run({.command = words[6]}, sink);
        if (outcome.error) return fail(*outcome.error);
        if (outcome.exit_code != 0U) return 1;
        last = outcome.round_trips;
        if (i == 0) first = last;
    }
    for (const auto& warning : (*shell)->close()) return fail(warning);
    std::fprintf(stderr, "%u %u\n", first, last);
    return 0;
}

}  // namespace

int main(int count, char** words) {
    if (count != 7) {
        std::fprintf(stderr, "usage: held URL CA|- TRANSPORT USER COUNT COMMAND\n");
        return 5;
    }
    std::string password;
    std::getline(std::cin, password);
    return run(words, password);
}
