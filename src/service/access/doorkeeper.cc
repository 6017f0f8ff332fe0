#include "service/access/doorkeeper.h"

#include <algorithm>

namespace mullion::service {

std::optional<Duration> LogonDoorkeeper::arrives(const std::string& address) {
    if (!delays_wanted_) return Duration(0);
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    const auto wait = delays_.arrives(address, now);
    if (!wait && lines_.may_write(address, now))
        log_.warning("logon not checked from {}: too many of that address wait after failures", address);
    return wait;
}

void LogonDoorkeeper::waited(const std::string& address) {
    const std::lock_guard lock(mutex_);
    delays_.waited(address, clock_.now());
}

Duration LogonDoorkeeper::ended(const channel::LogonAttempt& attempt, const Error* why, Duration waited) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    const Duration held = delays_wanted_ ? weigh(attempt, why, now) : Duration(0);
    const Duration more = std::max(held - waited, Duration(0));
    tell_missed(now);
    const auto level = why == nullptr ? LogLevel::info : LogLevel::warning;
    const bool wanted = why == nullptr || lines_.may_write(attempt.address, now);
    if (wanted && log_.enabled(level)) log_.write(level, logon_line(attempt, why, waited + more));
    return more;
}

// What a guess of that account costs now. Broken and foreign tokens are no guesses: a client that is not
// understood need not be held up.
Duration LogonDoorkeeper::weigh(const channel::LogonAttempt& attempt, const Error* why, MonotonicTime now) {
    const Duration owed = delays_.owed(attempt.who, now);
    if (why == nullptr)
        delays_.succeeded(attempt.who);
    else if (why->id == ErrorId::auth_rejected)
        delays_.failed(attempt.who, attempt.address, now);
    return owed;
}

void LogonDoorkeeper::tell_missed(MonotonicTime now) {
    if (const auto missed = lines_.missed(now)) log_.warning("{}", *missed);
}

void LogonDoorkeeper::sweep() {
    const std::lock_guard lock(mutex_);
    tell_missed(clock_.now());
}

}  // namespace mullion::service
