#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>

namespace mullion::monitor {

// What this process must reap itself when its grandchildren lose their parents.
class Adopting {
public:
    Adopting() { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
    Adopting(const Adopting&) = delete;
    Adopting& operator=(const Adopting&) = delete;
    ~Adopting() { ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0); }
    // Returns when every descendant is dead; the test's time limit is the judge.
    static void wait_for_all() {
        while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
        }
    }
};

}  // namespace mullion::monitor
