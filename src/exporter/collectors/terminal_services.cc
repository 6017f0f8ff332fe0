// Log-on sessions, by Win32_PerfRawData_LocalSessionManager_TerminalServices. windows_exporter lists each by
// the WTS interface, which WMI has not; so the counts have a name of their own.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Family sessions = {"wsman_terminal_services_sessions",
                             Kind::gauge,
                             "Sessions that people are connected to, and those that they have left open "
                             "(ActiveSessions, InactiveSessions)",
                             {"state"}};
constexpr Column columns[] = {{"ActiveSessions", &sessions, 1, "active"},
                              {"InactiveSessions", &sessions, 1, "inactive"}};
constexpr std::array families = {&sessions};
constexpr std::string_view properties[] = {"ActiveSessions", "InactiveSessions"};
constexpr Source sources[] = {{"Win32_PerfRawData_LocalSessionManager_TerminalServices", properties}};

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) { add_columns(page, row, columns); });
}

}  // namespace

constinit const Collector terminal_services_collector = {"terminal_services", "How many sessions there are",
                                                         sources, families, read};

}  // namespace mullion::exporter
