#include <fmt/core.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/commands.h"
#include "cli/exit_status.h"

int main(int count, char** words) {
    // A reader that goes away (`mullion run … | head`) is an error of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return mullion::cli::run_command_line(count, words);
    } catch (const std::exception& bug) {
        fmt::print(stderr, "mullion: this is a bug, please report it: {}\n", bug.what());
        return mullion::cli::exit_status::bug;
    }
}
