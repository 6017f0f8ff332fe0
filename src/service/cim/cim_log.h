// What the log says of questions about CIM that came to nothing. From any thread.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/log.h"
#include "service/line_limit.h"

namespace mullion::service {

class CimLog {
public:
    // Both must outlive it.
    CimLog(Logger& log, const Clock& clock) : log_(log), clock_(clock) {}

    // Of an address so many are written, and then their number: whoever asks can bring these about as often
    // as he likes.
    void warn(std::string_view address, std::string_view line) { limited(LogLevel::warning, address, line); }
    void error(std::string_view address, std::string_view line) { limited(LogLevel::error, address, line); }
    // Now and then: tells of lines that were not written.
    void sweep();

private:
    void limited(LogLevel level, std::string_view address, std::string_view line);
    void tell_missed();

    Logger& log_;
    const Clock& clock_;
    std::mutex mutex_;
    LineLimit limit_{30, 100};  // Of an address, and of all.
};

}  // namespace mullion::service
