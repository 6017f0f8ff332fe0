#include "monitor/start_report.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mullion::monitor {

void report_self() noexcept {
    StartReport report;
    report.pid = ::getpid();
    if (::write(report_descriptor, &report, sizeof report) != static_cast<ssize_t>(sizeof report))
        ::_exit(127);
}

void give_up(const char* step, const char* detail) noexcept {
    StartReport report;
    report.error = errno;
    std::strncpy(report.step, step, sizeof report.step - 1);
    std::strncpy(report.detail, detail, sizeof report.detail - 1);
    [[maybe_unused]] const auto written = ::write(report_descriptor, &report, sizeof report);
    ::_exit(127);
}

}  // namespace mullion::monitor
