// The system as a whole, by Win32_PerfRawData_PerfOS_System.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Metric metrics[] = {
    {{"windows_system_context_switches_total", Kind::counter,
      "Context switches (ContextSwitchesPersec, of 32 bits)"},
     "ContextSwitchesPersec"},
    {{"windows_system_exception_dispatches_total", Kind::counter,
      "Exceptions (ExceptionDispatchesPersec, of 32 bits)"},
     "ExceptionDispatchesPersec"},
    {{"windows_system_processes", Kind::gauge, "Processes (Processes)"}, "Processes"},
    {{"windows_system_processor_queue_length", Kind::gauge,
      "Threads that wait for a processor (ProcessorQueueLength)"},
     "ProcessorQueueLength"},
    {{"windows_system_system_calls_total", Kind::counter, "System calls (SystemCallsPersec, of 32 bits)"},
     "SystemCallsPersec"},
    {{"windows_system_threads", Kind::gauge, "Threads (Threads)"}, "Threads"}};
constexpr Metric limits[] = {
    {{"windows_system_processes_limit", Kind::gauge,
      "The most processes that there can be (Win32_OperatingSystem.MaxNumberOfProcesses)"},
     "MaxNumberOfProcesses"}};
constexpr Family boot_time = {"windows_system_boot_time_timestamp",
                              Kind::gauge,
                              "When the system was started, in seconds since 1970 (SystemUpTime)",
                              {}};

constexpr std::string_view keys[] = {"SystemUpTime"};
constexpr auto properties = properties_of(metrics, keys);
constexpr auto limit_properties = properties_of(limits);
constexpr auto columns = columns_of(metrics);
constexpr auto limit_columns = columns_of(limits);
constexpr auto families =
    together(std::array{&boot_time}, together(families_of(metrics), families_of(limits)));
constexpr Source sources[] = {{"Win32_PerfRawData_PerfOS_System", properties},
                              {"Win32_OperatingSystem", limit_properties}};

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) {
        // Not how long it has been up: the raw value of an elapsed time is when that began.
        if (const auto start = row.whole("SystemUpTime"); start && *start >= filetime_of_1970)
            page.add(boot_time, {}, unix_time(*start));
        add_columns(page, row, columns);
    });
    given.each(1, [&](const Row& row) { add_columns(page, row, limit_columns); });
}

}  // namespace

constinit const Collector system_collector = {"system", "Start, processes, threads, switches", sources,
                                              families, read};

}  // namespace mullion::exporter
