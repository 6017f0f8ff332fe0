#include "os/harden.h"

#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/file.h"

namespace mullion::os {

bool new_session_keyring() noexcept {
    return ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) >= 0;
}

bool leave_session_keyring() noexcept {
    if (new_session_keyring()) return true;
    return errno == ENOSYS || errno == EPERM || errno == EACCES;
}

Result<void> harden_process() {
    rlimit none{};
    if (::getrlimit(RLIMIT_CORE, &none) != 0)
        return system_error(ErrorId::serve_rights, "read a limit", errno);
    // The soft limit only: the monitor gives it back to the commands that it starts. What really forbids a
    // dump is the next call.
    none.rlim_cur = 0;
    if (::setrlimit(RLIMIT_CORE, &none) != 0)
        return system_error(ErrorId::serve_rights, "forbid core dumps", errno);
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return system_error(ErrorId::serve_rights, "become undumpable", errno);
    }
    return {};
}

void forbid_core_dumps() noexcept {
    (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // Fails only for words that it does not know.
}

std::size_t raise_descriptor_limit(std::size_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur < wanted) {
        const rlimit raised{std::min<rlim_t>(wanted, limit.rlim_max), limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    return limit.rlim_cur;
}

}  // namespace mullion::os
