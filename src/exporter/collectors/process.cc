// Processes, by Win32_PerfRawData_PerfProc_Process. Command lines are not asked for: they have passwords in
// them.

#include <algorithm>

#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Family info = {"windows_process_info",
                         Kind::gauge,
                         "1, with the process that created it",
                         {"process", "process_id", "creating_process_id"}};
constexpr Family started = {"windows_process_start_time_seconds_timestamp",
                            Kind::gauge,
                            "When the process was started, in seconds since 1970 (ElapsedTime)",
                            {"process", "process_id"}};
constexpr Family cpu_time = {"windows_process_cpu_time_total",
                             Kind::counter,
                             "Seconds of processor that it took (PercentUserTime, PercentPrivilegedTime)",
                             {"process", "process_id", "mode"}};
constexpr Family io_bytes = {"windows_process_io_bytes_total",
                             Kind::counter,
                             "Bytes of its input and output (IOReadBytesPersec and its like)",
                             {"process", "process_id", "mode"}};
constexpr Family io_operations = {"windows_process_io_operations_total",
                                  Kind::counter,
                                  "Operations of its input and output (IOReadOperationsPersec and its like)",
                                  {"process", "process_id", "mode"}};
constexpr Family pool = {"windows_process_pool_bytes",
                         Kind::gauge,
                         "Memory of the system's pools for it (PoolPagedBytes, PoolNonpagedBytes)",
                         {"process", "process_id", "pool"}};

constexpr Metric metrics[] = {
    {{"windows_process_handles", Kind::gauge, "Its handles (HandleCount)", {"process", "process_id"}},
     "HandleCount"},
    {{"windows_process_threads", Kind::gauge, "Its threads (ThreadCount)", {"process", "process_id"}},
     "ThreadCount"},
    {{"windows_process_priority_base", Kind::gauge, "Its priority (PriorityBase)", {"process", "process_id"}},
     "PriorityBase"},
    {{"windows_process_page_faults_total",
      Kind::counter,
      "Its page faults (PageFaultsPersec, of 32 bits)",
      {"process", "process_id"}},
     "PageFaultsPersec"},
    {{"windows_process_page_file_bytes",
      Kind::gauge,
      "What it uses of page files (PageFileBytes)",
      {"process", "process_id"}},
     "PageFileBytes"},
    {{"windows_process_private_bytes",
      Kind::gauge,
      "Memory that is its own (PrivateBytes)",
      {"process", "process_id"}},
     "PrivateBytes"},
    {{"windows_process_virtual_bytes",
      Kind::gauge,
      "Its address space (VirtualBytes)",
      {"process", "process_id"}},
     "VirtualBytes"},
    {{"windows_process_working_set_bytes",
      Kind::gauge,
      "What of it is in memory (WorkingSet)",
      {"process", "process_id"}},
     "WorkingSet"},
    {{"windows_process_working_set_peak_bytes",
      Kind::gauge,
      "The most that this was (WorkingSetPeak)",
      {"process", "process_id"}},
     "WorkingSetPeak"},
    {{"windows_process_working_set_private_bytes",
      Kind::gauge,
      "What no other process can use of it (WorkingSetPrivate)",
      {"process", "process_id"}},
     "WorkingSetPrivate"}};
constexpr Column moded[] = {{"PercentUserTime", &cpu_time, per_100ns, "user"},
                            {"PercentPrivilegedTime", &cpu_time, per_100ns, "privileged"},
                            {"IOReadBytesPersec", &io_bytes, 1, "read"},
                            {"IOWriteBytesPersec", &io_bytes, 1, "write"},
                            {"IOOtherBytesPersec", &io_bytes, 1, "other"},
                            {"IOReadOperationsPersec", &io_operations, 1, "read"},
                            {"IOWriteOperationsPersec", &io_operations, 1, "write"},
                            {"IOOtherOperationsPersec", &io_operations, 1, "other"},
                            {"PoolPagedBytes", &pool, 1, "paged"},
                            {"PoolNonpagedBytes", &pool, 1, "nonpaged"}};

constexpr std::string_view keys[] = {"Name",
                                     "IDProcess",
                                     "CreatingProcessID",
                                     "ElapsedTime",
                                     "PercentUserTime",
                                     "PercentPrivilegedTime",
                                     "IOReadBytesPersec",
                                     "IOWriteBytesPersec",
                                     "IOOtherBytesPersec",
                                     "IOReadOperationsPersec",
                                     "IOWriteOperationsPersec",
                                     "IOOtherOperationsPersec",
                                     "PoolPagedBytes",
                                     "PoolNonpagedBytes"};
constexpr auto properties = properties_of(metrics, keys);
constexpr auto columns = columns_of(metrics);
constexpr std::array own_families = {&info, &started, &cpu_time, &io_bytes, &io_operations, &pool};
constexpr auto families = together(own_families, families_of(metrics));
constexpr Source sources[] = {{"Win32_PerfRawData_PerfProc_Process", properties}};

// "svchost#12" is the thirteenth of that name; which one is told by its number.
std::string_view program(std::string_view name) {
    const auto mark = name.rfind('#');
    if (mark == std::string_view::npos || mark == 0 || mark + 1 == name.size()) return name;
    const auto number = name.substr(mark + 1);
    const bool digits =
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits ? name.substr(0, mark) : name;
}

void add_process(Page& page, const Row& row, std::string_view name, std::uint64_t id) {
    const auto number = std::to_string(id);
    const auto parent = row.whole("CreatingProcessID");
    page.add(info, {name, number, parent ? std::to_string(*parent) : std::string()}, 1);
    // When it began, as SystemUpTime; Idle and System have 0.
    if (const auto at = row.whole("ElapsedTime"); at && *at >= filetime_of_1970)
        page.add(started, {name, number}, unix_time(*at));
    add_columns(page, row, columns, {name, number});
    add_columns(page, row, moded, {name, number});
}

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) {
        const auto text = row.text_or_empty("Name");
        const auto name = program(text);
        const auto id = row.whole("IDProcess");
        if (!id || is_total(name) || !given.filters().processes.shows(name)) return;
        // Of a process that ended while it was looked at there is a row without a number.
        if (*id != 0 || name == "Idle") add_process(page, row, name, *id);
    });
}

}  // namespace

constinit const Collector process_collector = {"process", "Processes: processor, memory, input and output",
                                               sources, families, read};

}  // namespace mullion::exporter
