// What the log says of requests that descriptors let in or kept out: as the entries of their S: part want it.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/log.h"
#include "service/access/access.h"
#include "service/line_limit.h"

namespace mullion::service {

// "alice from 10.0.0.5: access denied to ACTION: Read on RESOURCE is not granted by RootSDDL (S-1-5-…)". In
// one line, whatever the client called things, and never long.
[[nodiscard]] std::string access_line(const AccessRequest& request, const Verdict& verdict,
                                      std::string_view address);

// From any thread. What a command reads and writes is told once, with the command.
class AuditLog {
public:
    // Both must outlive it.
    AuditLog(Logger& log, const Clock& clock) : log_(log), clock_(clock) {}

    void tell(const AccessRequest& request, const Verdict& verdict, std::string_view address);
    // Now and then: tells of lines that were not written.
    void sweep();

private:
    [[nodiscard]] bool may_write(LineLimit& limit, std::string_view address);
    void tell_missed();

    Logger& log_;
    const Clock& clock_;
    std::mutex mutex_;
    LineLimit denied_{30, 100};    // Of an address, and of all.
    LineLimit granted_{300, 300};  // Who was let in and floods the log is known by name.
};

}  // namespace mullion::service
