#include "monitor/child_scene.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "monitor/process_tree.h"
#include "os/harden.h"
#include "os/signals.h"

namespace mullion::monitor {
namespace {

constexpr int most_kept = 8;
constexpr int above = 16;        // Where nothing is overwritten that is still needed.
constexpr unsigned longer = 10;  // Seconds: the monitor's own clock comes first.

bool take(const int* kept, int count) noexcept {
    std::array<int, most_kept> high{};
    if (count > most_kept) return errno = EINVAL, false;
    for (int at = 0; at < count; ++at) {
        high[static_cast<std::size_t>(at)] = ::fcntl(kept[at], F_DUPFD, above);
        if (high[static_cast<std::size_t>(at)] < 0) return false;
    }
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) return false;
    for (int at = 0; at < first_kept_descriptor; ++at)
        if (::dup2(nothing, at) < 0) return false;
    for (int at = 0; at < count; ++at)
        if (::dup3(high[static_cast<std::size_t>(at)], first_kept_descriptor + at, O_CLOEXEC) < 0)
            return false;
    return ::close_range(static_cast<unsigned>(first_kept_descriptor + count), ~0U, 0) == 0;
}

}  // namespace

bool set_the_scene(const int* kept, int count, pid_t monitor, Duration patience, const char* name) noexcept {
    if (::setsid() < 0 || !take(kept, count)) return false;
    os::reset_signals();
    become_root_of_tree();
    (void)::prctl(PR_SET_NAME, name, 0, 0, 0);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return false;
    if (::getppid() != monitor) return errno = ECHILD, false;
    ::alarm(static_cast<unsigned>(patience.count() / 1000) + longer);
    // Keys of whoever started the service are none of a module's, and what a module leaves is nobody else's.
    return os::leave_session_keyring();
}

}  // namespace mullion::monitor
