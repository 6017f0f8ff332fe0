#include "cli/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cli/exit_status.h"

namespace mullion::cli {
namespace {

// Whoever starts us with one of them closed (`>&-`) would have it become whatever is opened first: results
// would be written to a connection, or into a file. What is open the wrong way fails as what is closed does.
void occupy_standard_descriptors() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0) continue;
        (void)::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // The lowest that is free.
    }
}

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
    occupy_standard_descriptors();
    // A reader that goes away (`mullion run … | head`) is an error of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    const int status = guarded(work);
    std::fflush(nullptr);
    // At once: a thread may still be blocked in a name look-up that nobody waits for any more.
    std::_Exit(status);
}

}  // namespace mullion::cli
