// let_go URL SECRET_FILE KEEP|NONE [--OPTION[=VALUE]…]: a program of the library that logs on, runs a
// command, lets go of everything and then stays, so that a test can look at its memory. It says "held" and
// "let go" and waits for a line after each. KEEP is the test of that test: here the secret is kept.
// SECRET_FILE's first line is the password; for the options that name a file of one
// (--client-key-password-file) it may be the same.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "client/client.h"
#include "crypto/wiped_free.h"
#include "target/option_table.h"

namespace {

using namespace mullion;

class Nothing final : public client::OutputSink {
public:
    void on_output(client::Stream, std::string_view) override {}
};

int fail(const Error& error) {
    std::fprintf(stderr, "let_go: %s\n", error.message().c_str());
    return 1;
}

// "--ca-file=x", or the variable of an option that has no flag.
Result<void> give(target::Target& target, std::string_view word) {
    const auto equals = word.find('=');
    const auto flag = word.substr(0, equals);
    for (const auto& row : target::option_table())
        if (row.flag == flag || row.variable == flag)
            return row.set(target, equals == word.npos ? "yes" : word.substr(equals + 1));
    return Error(ErrorId::usage_invalid, std::string(word));
}

std::string first_line(const char* file) {
    std::string line;
    line.reserve(256);  // Grows nowhere: no copy stays behind.
    std::ifstream in;
    in.rdbuf()->pubsetbuf(nullptr, 0);  // Before it is opened, or there is a buffer.
    in.open(file);
    std::getline(in, line);
    return line;
}

void say_and_wait(const char* word) {
    std::puts(word);
    std::fflush(stdout);
    std::string line;
    std::getline(std::cin, line);
}

Result<void> session(const char* url, auth::Credential credential, const target::Target& options) {
    MULLION_ASSIGN(auto target, target::parse_target(url, options));
    if (!target::takes_password(target)) credential.password = Secret();
    client::Runtime runtime;
    MULLION_ASSIGN(const auto shell,
                   client::CommandShell::make(runtime, std::move(target), std::move(credential)));
    Nothing sink;
    auto outcome = shell->run({.command = "exit 0"}, sink);
    if (outcome.error) return std::move(*outcome.error);
    say_and_wait("held");
    for (auto& warning : shell->close()) return std::move(warning);
    return {};
}

}  // namespace

int main(int count, char** words) {
    if (count < 4) {
        std::fprintf(stderr, "usage: let_go URL SECRET_FILE KEEP|NONE [--OPTION[=VALUE]...]\n");
        return 5;
    }
    (void)mullion::crypto::take_openssl_memory();  // docs/known-risks.md, memory of libraries.
    std::string secret = first_line(words[2]);
    target::Target options;
    for (int i = 4; i < count; ++i)
        if (const auto given = give(options, words[i]); !given.ok()) return fail(given.error());
    auth::Credential credential{options.user, Secret(secret)};
    if (std::string_view(words[3]) != "KEEP") wipe(secret);
    if (const auto done = session(words[1], std::move(credential), options); !done.ok())
        return fail(done.error());
    say_and_wait("let go");
    return 0;
}
