// The service's own doorkeeper: puts log-ons off after failures, and writes a line of each.
#pragma once

#include <mutex>

#include "channel/doorkeeper.h"
#include "core/log.h"
#include "service/access/logon_delays.h"
#include "service/access/logon_lines.h"

namespace mullion::service {

class LogonDoorkeeper final : public channel::Doorkeeper {
public:
    // Simulated hosts have nothing to guess, and their tests no time to wait.
    enum class Delays { grow, none };

    // Both must outlive it.
    LogonDoorkeeper(Logger& log, const Clock& clock, Delays delays = Delays::grow)
        : log_(log), clock_(clock), delays_wanted_(delays == Delays::grow) {}

    [[nodiscard]] std::optional<Duration> arrives(const std::string& address) override;
    void waited(const std::string& address) override;
    [[nodiscard]] Duration ended(const channel::LogonAttempt& attempt, const Error* why,
                                 Duration waited) override;
    // Now and then: tells of refusals that were not written.
    void sweep();

private:
    [[nodiscard]] Duration weigh(const channel::LogonAttempt& attempt, const Error* why, MonotonicTime now);
    void tell_missed(MonotonicTime now);

    Logger& log_;
    const Clock& clock_;
    const bool delays_wanted_;
    std::mutex mutex_;
    LogonDelays delays_;
    RefusalLines lines_;
};

}  // namespace mullion::service
