#include "exporter/logon_guard.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace mullion::exporter {
namespace {

constexpr unsigned most_doublings = 16;

long long seconds_until(MonotonicTime when, MonotonicTime now) {
    return std::chrono::ceil<std::chrono::seconds>(when - now).count();
}

Error spared(std::string detail) {
    Error error(ErrorId::auth_rejected, "not tried: " + std::move(detail));
    error.advice.emplace_back(
        "Another password in the file is tried at once. If it was right all the time (the account was "
        "locked, or "
        "had no right), reload the exporter (SIGHUP): it tries again.");
    return error;
}

// Calls nobody while the lock is held.
void call(const std::vector<std::function<void()>>& all) {
    for (const auto& one : all) one();
}

}  // namespace

bool LogonGuard::is_refusal(const Error& error) {
    return error.id == ErrorId::auth_rejected || error.id == ErrorId::kerberos_rejected ||
           error.id == ErrorId::kerberos_kinit || error.id == ErrorId::credssp_error;
}

std::string LogonGuard::account(std::string_view auth, std::string_view edition) {
    return fmt::format("{}\n{}", auth, edition);
}

LogonGuard::Account& LogonGuard::account_of(const std::string& account) {
    auto& state = accounts_[account];
    if (state.auth.empty()) state.auth = account.substr(0, account.rfind('\n'));
    return state;
}

std::optional<Error> LogonGuard::refusal(const Account& state, const std::string& target) const {
    const auto now = clock_.now();
    if (const auto found = state.suspects.find(target);
        found != state.suspects.end() && now < found->second.until)
        return spared(
            fmt::format("this host refused auth {} before, and too many refusals lock an account; the next "
                        "try is in {} s",
                        state.auth, seconds_until(found->second.until, now)));
    if (state.held && now < state.held_until)
        return spared(
            fmt::format("auth {} was refused by {} hosts one after the other, and too many refusals lock an "
                        "account; the next try is in {} s",
                        state.auth, limits_.refusals, seconds_until(state.held_until, now)));
    return std::nullopt;
}

bool LogonGuard::may_go(Account& state, const std::string& target) const {
    const auto now = clock_.now();
    std::erase_if(state.going, [now](const auto& entry) { return entry.second <= now; });
    if (state.going.contains(target)) return true;  // Its second connection, or another way to log on.
    if (state.held) return state.going.empty();
    if (now < state.trusted_until) return true;
    return state.going.size() + state.refusals < limits_.refusals;
}

void LogonGuard::ask(const std::string& account, const std::string& target, Answer answer) {
    std::optional<Error> why;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        state.asked = clock_.now();
        why = closed_ ? std::optional(Error(ErrorId::run_interrupted, "the exporter ends"))
                      : refusal(state, target);
        if (!why && !may_go(state, target)) {
            state.waiting.push_back({target, std::move(answer)});
            return;
        }
        if (why)
            ++state.spared;
        else
            state.going[target] = clock_.now() + limits_.patience;
    }
    if (why)
        answer(std::move(*why));
    else
        answer(Result<void>{});
}

std::optional<Error> LogonGuard::held(const std::string& account, const std::string& target) {
    const std::lock_guard lock(mutex_);
    const auto found = accounts_.find(account);
    if (found == accounts_.end()) return std::nullopt;
    auto why = refusal(found->second, target);
    if (why) ++found->second.spared;
    return why;
}

// Those who wait go as far as they may, or hear that it is over. Who came last goes first: the others have
// little time left to log on in, and would fail one after the other while all behind them wait.
void LogonGuard::let_in(Account& state, Calls& calls) {
    while (!state.waiting.empty()) {
        auto& next = state.waiting.back();
        auto why = refusal(state, next.target);
        if (!why && !may_go(state, next.target)) return;
        if (why)
            ++state.spared;
        else
            state.going[next.target] = clock_.now() + limits_.patience;
        calls.emplace_back([answer = std::move(next.answer), why = std::move(why)] {
            if (why)
                answer(*why);
            else
                answer(Result<void>{});
        });
        state.waiting.pop_back();
    }
}

void LogonGuard::succeeded(const std::string& account, const std::string& target) {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        if (state.going.erase(target) == 0) return;
        state.refusals = 0;
        state.held = false;
        state.trusted_until = clock_.now() + limits_.trusted;
        state.suspects.erase(target);
        let_in(state, calls);
    }
    call(calls);
}

void LogonGuard::refused(const std::string& account, const std::string& target) {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        if (state.going.erase(target) == 0) return;
        ++state.refused;
        const auto now = clock_.now();
        auto& suspect = state.suspects[target];
        const bool is_first = suspect.times == 0;
        suspect.times = std::min(suspect.times + 1, most_doublings);
        suspect.until = now + std::min(limits_.hold * (1 << suspect.times), limits_.longest);
        if (is_first) ++state.refusals;
        if (is_first && state.refusals >= limits_.refusals) {
            state.held = true;
            state.held_until = now + limits_.hold;
        }
        let_in(state, calls);
    }
    call(calls);
}

void LogonGuard::ended(const std::string& account, const std::string& target) {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        state.going.erase(target);
        for (auto at = state.waiting.begin(); at != state.waiting.end();) {
            if (at->target != target) {
                ++at;
                continue;
            }
            calls.emplace_back([answer = std::move(at->answer)] {
                answer(Error(ErrorId::run_timeout, "other log-ons of this account went first"));
            });
            at = state.waiting.erase(at);
        }
        let_in(state, calls);
    }
    call(calls);
}

void LogonGuard::forget(Account& state) {
    state.refusals = 0;
    state.held = false;
    state.trusted_until = {};
    state.suspects.clear();
}

void LogonGuard::forget_all() {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [name, state] : accounts_) {
            forget(state);
            let_in(state, calls);
        }
    }
    call(calls);
}

void LogonGuard::close() {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        for (auto& [name, state] : accounts_)
            for (auto& waiter : std::exchange(state.waiting, {}))
                calls.emplace_back([answer = std::move(waiter.answer)] {
                    answer(Error(ErrorId::run_interrupted, "the exporter ends"));
                });
    }
    call(calls);
}

std::vector<LogonGuard::Told> LogonGuard::told() const {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    std::map<std::string_view, std::pair<Told, MonotonicTime>> all;
    for (const auto& [name, state] : accounts_) {
        const auto held = std::count_if(state.suspects.begin(), state.suspects.end(),
                                        [now](const auto& entry) { return now < entry.second.until; });
        auto& [told, asked] = all[state.auth];
        if (told.auth.empty() || state.asked >= asked) {
            told.auth = state.auth;
            told.held = state.held;
            told.targets_held = static_cast<std::size_t>(held);
            asked = state.asked;
        }
        told.refused += state.refused;
        told.spared += state.spared;
    }
    std::vector<Told> list;
    for (auto& [auth, entry] : all) list.push_back(std::move(entry.first));
    return list;
}

}  // namespace mullion::exporter
