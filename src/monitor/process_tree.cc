#include "monitor/process_tree.h"

#include <sys/prctl.h>

#include <csignal>
#include <cstddef>
#include <set>
#include <vector>

#include <fmt/core.h>

#include "os/file.h"

namespace mullion::monitor {
namespace {

constexpr std::size_t most_processes = 10'000;
constexpr std::size_t longest_list = 256 * 1024;
constexpr int most_rounds = 16;  // Somebody may be forking all the time.

std::vector<pid_t> children_of(pid_t pid) {
    std::vector<pid_t> found;
    const auto list = os::read_file(fmt::format("/proc/{0}/task/{0}/children", pid), longest_list);
    if (!list.ok()) return found;
    pid_t one = 0;
    for (const char c : *list) {
        if (c >= '0' && c <= '9') {
            one = one * 10 + (c - '0');
        } else {
            if (one > 1) found.push_back(one);
            one = 0;
        }
    }
    return found;
}

// True: there were some that are not in `killed`.
bool kill_below(pid_t root, std::set<pid_t>& killed) {
    std::vector<pid_t> to_look_at{root};
    std::set<pid_t> seen;
    bool more = false;
    while (!to_look_at.empty() && seen.size() < most_processes) {
        const pid_t one = to_look_at.back();
        to_look_at.pop_back();
        for (const pid_t child : children_of(one)) {
            if (!seen.insert(child).second) continue;
            to_look_at.push_back(child);
            more = killed.insert(child).second || more;
            ::kill(child, SIGKILL);
        }
    }
    return more;
}

}  // namespace

void become_root_of_tree() noexcept {
    (void)::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void kill_tree(pid_t root) {
    if (root <= 1) return;
    ::kill(root, SIGSTOP);  // It starts no more, and waits for none: their numbers stay theirs.
    std::set<pid_t> killed;
    for (int round = 0; round < most_rounds && kill_below(root, killed); ++round) {
    }
    ::kill(-root, SIGKILL);
    ::kill(root, SIGKILL);
}

}  // namespace mullion::monitor
