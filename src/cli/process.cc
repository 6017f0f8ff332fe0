#include "cli/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <system_error>

#include "cli/exit_status.h"
#include "cli/masking.h"
#include "cli/report_text.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#include <sys/prctl.h>
#define MULLION_LEAK_CHECK
#endif
#endif

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

int report_bug(const std::exception& bug) {
    fmt::print(stderr, "mullion: this is a bug, please report it: {}\n", masked(std::string(bug.what())));
    return exit_status::bug;
}

// The library's exceptions, and Boost's, which are its own: any of them may need a descriptor.
template <class SystemError>
int report(const SystemError& problem) {
    const int code = problem.code().value();
    if (code == EMFILE || code == ENFILE) return tell({ErrorId::net_descriptors, problem.what()});
    if (code == EAGAIN || code == ENOMEM)
        return tell({ErrorId::internal_failure, fmt::format("no thread or no memory: {}", problem.what())});
    return report_bug(problem);
}

int guarded(const std::function<int()>& work) {
    try {
        return work();
    } catch (const std::system_error& problem) {
        return report(problem);
    } catch (const boost::system::system_error& problem) {
        return report(problem);
    } catch (const std::bad_alloc&) {
        return tell({ErrorId::internal_failure, "no memory"});
    } catch (const std::exception& bug) {
        return report_bug(bug);
    }
}

// The end below skips what builds with the address sanitizer do at exit: look for leaks. They look by ptrace,
// which the service forbids of itself.
void look_for_leaks() {
#ifdef MULLION_LEAK_CHECK
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    __lsan_do_leak_check();
#endif
}

}  // namespace

void run_process(const std::function<int()>& work, Leaves leaves) {
    occupy_standard_descriptors();
    // A reader that goes away (`mullion run … | head`) is an error of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    // Nor is a file that may not grow any more (ulimit -f), be it the output or the service's log.
    std::signal(SIGXFSZ, SIG_IGN);
    const int status = guarded(work);
    std::fflush(nullptr);
    if (leaves == Leaves::nothing) look_for_leaks();
    // At once: a thread may still be blocked in a name look-up that nobody waits for any more.
    std::_Exit(status);
}

}  // namespace mullion::cli
