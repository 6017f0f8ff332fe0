#include "exporter/logon_guard.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace mullion::exporter {
namespace {

constexpr unsigned most_doublings = 16;
constexpr std::uint16_t http_port = 5985, https_port = 5986;

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

LogonGuard::Target LogonGuard::target(const TargetName& name, std::uint16_t port_of_auth) {
    const std::uint16_t port = name.port.value_or(port_of_auth);
    const bool usual = port == 0 || port == http_port || port == https_port;
    return {TargetName{name.host, usual ? std::nullopt : std::optional(port)}.text(), name.text()};
}

LogonGuard::Account& LogonGuard::account_of(const std::string& account) {
    auto& state = accounts_[account];
    if (state.auth.empty()) state.auth = account.substr(0, account.rfind('\n'));
    return state;
}

std::optional<Error> LogonGuard::refusal(const Account& state, const Target& target) const {
    const auto now = clock_.now();
    if (const auto found = state.suspects.find(target.host);
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

LogonGuard::Way LogonGuard::way_to(Account& state, const Target& target) const {
    const auto now = clock_.now();
    std::erase_if(state.going, [now](const auto& entry) { return entry.second.until <= now; });
    if (const auto found = state.going.find(target.host); found != state.going.end())
        // Free for its second connection, or another way to log on.
        return found->second.name == target.name ? Way::free : Way::taken;
    if (state.held) return state.going.empty() ? Way::free : Way::full;
    if (now < state.trusted_until) return Way::free;
    return state.going.size() + state.refusals < limits_.refusals ? Way::free : Way::full;
}

bool LogonGuard::end_of(Account& state, const Target& target) {
    const auto found = state.going.find(target.host);
    if (found == state.going.end() || found->second.name != target.name) return false;
    state.going.erase(found);
    return true;
}

void LogonGuard::ask(const std::string& account, const Target& target, Answer answer) {
    std::optional<Error> why;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        state.asked = clock_.now();
        why = closed_ ? std::optional(Error(ErrorId::run_interrupted, "the exporter ends"))
                      : refusal(state, target);
        if (!why && way_to(state, target) != Way::free) {
            state.waiting.push_back({target, std::move(answer)});
            return;
        }
        if (why)
            ++state.spared;
        else
            state.going[target.host] = {target.name, clock_.now() + limits_.patience};
    }
    if (why)
        answer(std::move(*why));
    else
        answer(Result<void>{});
}

std::optional<Error> LogonGuard::held(const std::string& account, const Target& target) {
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
    for (auto at = state.waiting.size(); at-- > 0;) {
        auto& next = state.waiting[at];
        auto why = refusal(state, next.target);
        const auto way = why ? Way::free : way_to(state, next.target);
        if (way == Way::full) return;
        if (way == Way::taken) continue;
        if (why)
            ++state.spared;
        else
            state.going[next.target.host] = {next.target.name, clock_.now() + limits_.patience};
        calls.emplace_back([answer = std::move(next.answer), why = std::move(why)] {
            if (why)
                answer(*why);
            else
                answer(Result<void>{});
        });
        state.waiting.erase(state.waiting.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

void LogonGuard::succeeded(const std::string& account, const Target& target) {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        if (!end_of(state, target)) return;
        state.refusals = 0;
        state.held = false;
        state.trusted_until = clock_.now() + limits_.trusted;
        state.suspects.erase(target.host);
        let_in(state, calls);
    }
    call(calls);
}

void LogonGuard::refused(const std::string& account, const Target& target) {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        if (!end_of(state, target)) return;
        ++state.refused;
        const auto now = clock_.now();
        auto& suspect = state.suspects[target.host];
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

void LogonGuard::ended(const std::string& account, const Target& target) {
    Calls calls;
    {
        const std::lock_guard lock(mutex_);
        auto& state = account_of(account);
        (void)end_of(state, target);
        for (auto at = state.waiting.begin(); at != state.waiting.end();) {
            if (at->target.name != target.name) {
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
