#include "cli/process.h"

#include <fmt/core.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cli/exit_status.h"

namespace mullion::cli {
namespace {

int guarded(const std::function<int()>& work) {
    try {
        return work();
    } catch (const std::exception& bug) {
        fmt::print(stderr, "mullion: this is a bug, please report it: {}\n", bug.what());
        return exit_status::bug;
    }
}

}  // namespace

void run_process(const std::function<int()>& work) {
    // A reader that goes away (`mullion run … | head`) is an error of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    const int status = guarded(work);
    std::fflush(nullptr);
    // At once: a thread may still be blocked in a name look-up that nobody waits for any more.
    std::_Exit(status);
}

}  // namespace mullion::cli
