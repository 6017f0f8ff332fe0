#include "monitor/logons.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "monitor/logon_child.h"
#include "monitor/process_tree.h"

namespace mullion::monitor {
namespace {

using What = os::LogonEnded::What;

std::string without_case(std::string name) {
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return name;
}

// Of one that has ended; what it has started goes with it.
Logons::Answer answer_of(std::uint64_t token, int record_pipe, const siginfo_t& end) {
    LogonRecord record;
    const bool whole = ::read(record_pipe, &record, sizeof record) == static_cast<ssize_t>(sizeof record);
    if (!whole) {
        const std::string why = end.si_code == CLD_EXITED
                                    ? fmt::format("a module ended the process (status {})", end.si_status)
                                    : fmt::format("a module crashed (signal {})", end.si_status);
        return {{token, What::broken, {}, why}};
    }
    record.unix_user[sizeof record.unix_user - 1] = '\0';
    record.detail[sizeof record.detail - 1] = '\0';
    return {{token, record.what, record.unix_user, record.detail}, record.uid};
}

}  // namespace

bool Logons::is_full_for(const std::string& name) const {
    const auto same =
        std::count_if(asked_.begin(), asked_.end(), [&](const auto& one) { return one.second.name == name; });
    // Those that the kernel has not let go yet take their places too.
    return asked_.size() + killed_.size() >= most || static_cast<std::size_t>(same) >= most_of_name;
}

std::optional<os::LogonEnded> Logons::begin(const os::LogonRequest& request, MonotonicTime now) {
    const auto failed = [&](What what, std::string why) {
        return std::optional<os::LogonEnded>({request.token, what, {}, std::move(why)});
    };
    reap_killed();
    Asked asked;
    asked.name = without_case(request.user);
    if (is_full_for(asked.name)) return failed(What::busy, "PAM is asked about too many already");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return failed(What::broken, fmt::format("make a pipe: {}", std::strerror(errno)));
    asked.record = os::UniqueFd(ends[0]);
    const os::UniqueFd out(ends[1]);
    const pid_t monitor = ::getpid();
    asked.pid = ::fork();
    if (asked.pid < 0) return failed(What::broken, fmt::format("fork: {}", std::strerror(errno)));
    if (asked.pid == 0) ask_pam(request, service_, out.get(), monitor);
    asked.until = now + service_.patience;
    asked_.emplace(request.token, std::move(asked));
    return std::nullopt;
}

std::vector<Logons::Answer> Logons::collect(MonotonicTime now) {
    std::vector<Answer> answers;
    for (auto next = asked_.begin(); next != asked_.end();) {
        const auto here = next++;
        const auto& [token, asked] = *here;
        siginfo_t end{};
        const bool ended =
            ::waitid(P_PID, static_cast<id_t>(asked.pid), &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            end.si_pid == asked.pid;
        if (!ended && now < asked.until) continue;
        // While its number is still its own.
        kill_tree(asked.pid);
        killed_.push_back(asked.pid);
        if (ended)
            answers.push_back(answer_of(token, asked.record.get(), end));
        else
            answers.push_back({{token,
                                What::broken,
                                {},
                                fmt::format("the modules did not answer within {} s (--pam-timeout)",
                                            service_.patience.count() / 1000)}});
        asked_.erase(here);
    }
    reap_killed();
    return answers;
}

std::optional<MonotonicTime> Logons::next_deadline() const {
    std::optional<MonotonicTime> first;
    for (const auto& [token, asked] : asked_)
        if (!first || asked.until < *first) first = asked.until;
    return first;
}

void Logons::reap_killed() {
    std::erase_if(killed_, [](pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; });
}

void Logons::end_all() {
    for (const auto& [token, asked] : asked_) {
        kill_tree(asked.pid);
        killed_.push_back(asked.pid);
    }
    asked_.clear();
    reap_killed();
}

}  // namespace mullion::monitor
