#include "monitor/children.h"

#include <fmt/core.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "monitor/process_tree.h"

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

void Children::add(std::uint64_t token, Started started, const Session* session, MonotonicTime now) {
    Child child;
    if (session != nullptr) {
        child.opening = true;
        child.user = session->user;
        child.door = std::move(started.door);
        child.open_until = now + session->patience;
        patience_ = session->patience;
    }
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
        if (decided.failed && learns_its_pid(child, decided.report)) continue;
        if (!decided.failed && child.opening) {
            decided.failed = true;
            decided.report =
                StartReport{EACCES, 0, "open the PAM session", "a module ended or crashed the process"};
            may_be_open(child);
        }
        decided.report.step[sizeof decided.report.step - 1] = '\0';
        child.report.reset();
        child.state = Child::State::running;
        --starting_;
        const bool tell = !child.released;
        if (decided.failed) {
            // It ends by itself, unless its new user has stopped it on the last step: this must not wait.
            if (child.opening) kill_tree(child.pid);  // What modules have started.
            ::kill(child.pid, SIGKILL);
            reap(child);
            close_session(child);
            by_token_.erase(found);
        } else {
            decided.child = &child;
        }
        if (tell) all.emplace_back(token, decided);
    }
    return all;
}

// The first word of a command in a PAM session.
bool Children::learns_its_pid(Child& child, const StartReport& report) {
    if (!child.opening || report.pid <= 1) return false;
    child.opening = false;
    child.holder = std::exchange(child.pid, report.pid);
    if (child.unwanted || child.released) {
        kill_group(child.pid, SIGKILL);
        ::kill(child.pid, SIGKILL);
    }
    return true;
}

std::vector<std::pair<std::uint64_t, Children::Decided>> Children::give_up_opening(MonotonicTime now) {
    std::vector<std::pair<std::uint64_t, Decided>> all;
    for (auto& [token, child] : by_token_) {
        if (!child.opening || child.given_up || now < child.open_until) continue;
        child.given_up = true;
        Decided decided;
        decided.failed = true;
        decided.report = StartReport{EACCES, 0, "open the PAM session",
                                     "the modules did not answer in time (--pam-timeout)"};
        if (!child.released) all.emplace_back(token, decided);
        // It goes when its end of the report is closed: until then it may still say that it has become two.
        kill_tree(child.pid);
        release(token);
    }
    return all;
}

// Killed now, it would leave open what the modules have opened, and nobody else could close that. It finds
// its door closed when they are done, closes the session, and makes no command.
void Children::call_off(Child& child) {
    child.unwanted = true;
    child.door.reset();
}

// Its process is gone, and said neither that the session is there nor why not.
void Children::may_be_open(const Child& child) {
    lines_.push_back(fmt::format(
        "a PAM session of {} may be left open: its process ended while the modules opened it", child.user));
}

void Children::close_session(Child& child) {
    child.door.reset();
    if (child.holder < 0) return;
    closing_.push_back(
        {std::exchange(child.holder, -1), child.user, std::chrono::steady_clock::now() + patience_, false});
}

std::vector<std::string> Children::look_after_sessions(MonotonicTime now) {
    std::vector<std::string> lines = std::exchange(lines_, {});
    std::erase_if(closing_, [&](Holder& one) {
        int status = 0;
        if (::waitpid(one.pid, &status, WNOHANG) != 0) {
            const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            if (!well && !one.killed)
                lines.push_back(
                    WIFEXITED(status)
                        ? fmt::format("the PAM session of {} was not closed: a module refused", one.user)
                        : fmt::format("the PAM session of {} was not closed: signal {} ended its process",
                                      one.user, WTERMSIG(status)));
            return true;
        }
        if (!one.killed && now >= one.until) {
            one.killed = true;
            kill_tree(one.pid);
            lines.push_back(fmt::format(
                "the PAM session of {} was not closed: the modules did not answer in time (--pam-timeout)",
                one.user));
        }
        return false;
    });
    return lines;
}

std::optional<MonotonicTime> Children::next_deadline() const {
    std::optional<MonotonicTime> first;
    const auto look_at = [&](MonotonicTime one) {
        if (!first || one < *first) first = one;
    };
    for (const auto& [token, child] : by_token_)
        if (child.opening && !child.given_up) look_at(child.open_until);
    for (const auto& one : closing_)
        if (!one.killed) look_at(one.until);
    return first;
}

void Children::signal(std::uint64_t token, int number) {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return;
    Child& child = found->second;
    // Modules are at work, and it is no command yet. Whatever would end that calls this off.
    if (child.opening) return call_off(child);
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
        close_session(child);
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

std::vector<std::string> Children::end_all() {
    for (auto& [token, child] : by_token_) {
        if (child.opening) {
            call_off(child);
            continue;
        }
        kill_group(child.pid, SIGKILL);
        ::kill(child.pid, SIGKILL);
    }
    std::vector<std::string> lines;
    const auto look = [&] {
        for (auto& line : look_after_sessions(std::chrono::steady_clock::now()))
            lines.push_back(std::move(line));
    };
    for (int waited = 0; !(by_token_.empty() && closing_.empty()) && waited < end_patience_ms;
         waited += end_step_ms) {
        for (auto next = by_token_.begin(); next != by_token_.end();) {
            const auto here = next++;
            siginfo_t facts{};
            if (!has_ended(here->second.pid, facts)) continue;
            if (here->second.opening && facts.si_code != CLD_EXITED) may_be_open(here->second);
            reap(here->second);
            close_session(here->second);
            by_token_.erase(here);
        }
        look();
        if (!(by_token_.empty() && closing_.empty())) ::poll(nullptr, 0, end_step_ms);
    }
    for (auto& [token, child] : by_token_) {
        if (!child.opening) continue;
        may_be_open(child);
        kill_tree(child.pid);
    }
    look();
    return lines;
}

}  // namespace mullion::monitor
