#include <fmt/core.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cli/commands.h"
#include "cli/exit_status.h"

namespace {

int run(int count, char** words) {
    try {
        return mullion::cli::run_command_line(count, words);
    } catch (const std::exception& bug) {
        fmt::print(stderr, "mullion: this is a bug, please report it: {}\n", bug.what());
        return mullion::cli::exit_status::bug;
    }
}

}  // namespace

int main(int count, char** words) {
    // A reader that goes away (`mullion run … | head`) is an error of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    const int status = run(count, words);
    std::fflush(nullptr);
    // At once: a thread may still be blocked in a name look-up that nobody waits for any more.
    std::_Exit(status);
}
