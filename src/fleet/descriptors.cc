// How many hosts the limit of open files carries.
#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>
#include <memory>

#include "fleet/fleet.h"

namespace mullion::fleet {
namespace {

// A host's two connections: one that a Receive holds, one for input and signals.
constexpr rlim_t each = 2;
// For what opens files for a moment: name look-ups, authorities' certificates, the inventory.
constexpr rlim_t reserve = 48;

rlim_t open_now() {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), &::closedir);
    if (!folder) return 16;
    rlim_t count = 0;
    while (::readdir(folder.get()) != nullptr) ++count;  // NOLINT: this stream is nobody else's
    return count;
}

}  // namespace

unsigned forks_that_fit(unsigned forks) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return forks;
    if (limit.rlim_cur != limit.rlim_max) {
        const rlimit raised{limit.rlim_max, limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    if (limit.rlim_cur == RLIM_INFINITY) return forks;
    const auto used = open_now() + reserve;
    const rlim_t fit = limit.rlim_cur > used ? (limit.rlim_cur - used) / each : 0;
    return static_cast<unsigned>(std::clamp<rlim_t>(fit, 1, std::max(forks, 1U)));
}

}  // namespace mullion::fleet
