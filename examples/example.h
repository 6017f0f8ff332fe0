// What every example needs: a password from a file, and output to the terminal.
#pragma once

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "client/client.h"
#include "core/secret.h"

namespace example {

// The first line. Never a word of the command line: those are everybody's to read.
inline mullion::Secret read_password(const char* file) {
    std::string line;
    std::ifstream in(file);
    std::getline(in, line);
    mullion::Secret password(line);
    mullion::wipe(line);
    return password;
}

// Prints what the host prints. Called on the session's I/O thread, one call at a time.
class Printer final : public mullion::client::OutputSink {
public:
    void on_output(mullion::client::Stream stream, std::string_view bytes) override {
        (stream == mullion::client::Stream::standard_output ? std::cout : std::cerr) << bytes << std::flush;
    }
};

// What happened, what was tried, and what to do next.
inline void explain(const mullion::Error& error) {
    std::cerr << error.message() << '\n';
    for (const auto& advice : error.all_advice()) std::cerr << "  try: " << advice << '\n';
}

// The command's own exit code, or 255 when the host was not reached or gave no code.
inline int report(const mullion::client::RunOutcome& outcome) {
    if (outcome.error) explain(*outcome.error);
    return outcome.exit_code ? static_cast<int>(*outcome.exit_code) : 255;
}

}  // namespace example
