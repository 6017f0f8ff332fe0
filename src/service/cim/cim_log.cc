#include "service/cim/cim_log.h"

namespace mullion::service {

void CimLog::limited(LogLevel level, std::string_view address, std::string_view line) {
    if (!log_.enabled(level)) return;
    {
        const std::lock_guard lock(mutex_);
        tell_missed();
        if (!limit_.may_write(address, clock_.now())) return;
    }
    log_.write(level, line);
}

void CimLog::tell_missed() {
    if (const auto missed = limit_.missed(clock_.now()))
        log_.warning("CIM: and {} more refusals and failures", *missed);
}

void CimLog::sweep() {
    const std::lock_guard lock(mutex_);
    tell_missed();
}

}  // namespace mullion::service
