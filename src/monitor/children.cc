#include "monitor/children.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace mullion::monitor {
namespace {

constexpr int end_patience_ms = 2000;
constexpr int end_step_ms = 10;

// Looks whether it has ended, without reaping it.
bool has_ended(pid_t pid, siginfo_t& facts) {
    facts = {};
    return ::waitid(P_PID, static_cast<id_t>(pid), &facts, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           facts.si_pid == pid;
}

// In this order: once reaped, its number can be another's, and the keeper must not mean that one.
void reap(const Child& child) {
    siginfo_t facts{};
    while (::waitid(P_PID, static_cast<id_t>(child.pid), &facts, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    child.group.clear();
    ::waitpid(child.pid, nullptr, 0);
}

void kill_group(pid_t pid, int number) {
    // Never kill(-1) or kill(0): those are everybody.
    if (pid > 1) ::kill(-pid, number);
}

}  // namespace

void Children::add(std::uint64_t token, Started started) {
    Child child;
    child.pid = started.pid;
    child.pipes = std::move(started.pipes);
    child.report = std::move(started.report);
    child.group = std::move(started.group);
    child.tickets = std::move(started.tickets);
    child.memory = std::move(started.memory);
    if (child.memory) child.kills_before = child.memory->kills();
    by_token_.emplace(token, std::move(child));
    ++starting_;
}

void Children::each_starting(const std::function<void(std::uint64_t, int)>& visit) const {
    for (const auto& [token, child] : by_token_) {
        if (child.state == Child::State::starting) visit(token, child.report.get());
    }
}

std::vector<std::pair<std::uint64_t, Children::Decided>> Children::decide(
    const std::vector<std::uint64_t>& readable) {
    std::vector<std::pair<std::uint64_t, Decided>> all;
    for (const auto token : readable) {
        const auto found = by_token_.find(token);
        if (found == by_token_.end()) continue;
        Child& child = found->second;
        Decided decided;
        decided.failed =
            ::read(child.report.get(), &decided.report, sizeof decided.report) == sizeof decided.report;
        decided.report.step[sizeof decided.report.step - 1] = '\0';
        child.report.reset();
        child.state = Child::State::running;
        --starting_;
        const bool tell = !child.released;
        if (decided.failed) {
            // It ends by itself, unless its new user has stopped it on the last step: this must not wait.
            ::kill(child.pid, SIGKILL);
            reap(child);
            by_token_.erase(found);
        } else {
            decided.child = &child;
        }
        if (tell) all.emplace_back(token, decided);
    }
    return all;
}

void Children::signal(std::uint64_t token, int number) {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return;
    const Child& child = found->second;
    kill_group(child.pid, number);
    // A child that has not made its own session yet is no group leader: it is meant by its own id as well.
    if (child.state == Child::State::starting && number == SIGKILL) ::kill(child.pid, SIGKILL);
}

void Children::release(std::uint64_t token) {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return;
    Child& child = found->second;
    signal(token, SIGKILL);
    child.pipes = {};
    child.released = true;
    if (child.state != Child::State::ended) return;  // Goes when it has ended.
    reap(child);
    by_token_.erase(found);
}

std::vector<os::Exited> Children::collect_ended() {
    std::vector<os::Exited> ended;
    for (auto next = by_token_.begin(); next != by_token_.end();) {
        const auto here = next++;
        Child& child = here->second;
        siginfo_t facts{};
        // Of one that starts, the report comes first.
        if (child.state != Child::State::running || !has_ended(child.pid, facts)) continue;
        if (child.released) {
            reap(child);
            by_token_.erase(here);
            continue;
        }
        child.state = Child::State::ended;
        const bool over = child.memory && child.memory->kills() > child.kills_before;
        ended.push_back({here->first, facts.si_code != CLD_EXITED, facts.si_status, over});
    }
    return ended;
}

void Children::end_all() {
    for (auto& [token, child] : by_token_) {
        kill_group(child.pid, SIGKILL);
        ::kill(child.pid, SIGKILL);
    }
    for (int waited = 0; !by_token_.empty() && waited < end_patience_ms; waited += end_step_ms) {
        for (auto next = by_token_.begin(); next != by_token_.end();) {
            const auto here = next++;
            siginfo_t facts{};
            if (!has_ended(here->second.pid, facts)) continue;
            reap(here->second);
            by_token_.erase(here);
        }
        if (!by_token_.empty()) ::poll(nullptr, 0, end_step_ms);
    }
}

}  // namespace mullion::monitor
