// Processor time and what interrupts it, by Win32_PerfRawData_Counters_ProcessorInformation, whose instances
// are "0,0": the NUMA node and the processor in it.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Family time_total = {
    "windows_cpu_time_total",
    Kind::counter,
    "Seconds that a processor spent in each mode (PercentIdleTime and its like). Privileged "
    "has interrupt and dpc in it.",
    {"core", "mode"}};
constexpr Family cstate_total = {"windows_cpu_cstate_seconds_total",
                                 Kind::counter,
                                 "Seconds that a processor spent in a state of low power (PercentC1Time …)",
                                 {"core", "state"}};
constexpr Family logical_processor = {
    "windows_cpu_logical_processor", Kind::gauge, "How many logical processors there are", {}};

constexpr Column times[] = {{"PercentIdleTime", &time_total, per_100ns, "idle"},
                            {"PercentUserTime", &time_total, per_100ns, "user"},
                            {"PercentPrivilegedTime", &time_total, per_100ns, "privileged"},
                            {"PercentInterruptTime", &time_total, per_100ns, "interrupt"},
                            {"PercentDPCTime", &time_total, per_100ns, "dpc"},
                            {"PercentC1Time", &cstate_total, per_100ns, "c1"},
                            {"PercentC2Time", &cstate_total, per_100ns, "c2"},
                            {"PercentC3Time", &cstate_total, per_100ns, "c3"}};
constexpr std::array<std::string_view, 8> time_properties = {
    "PercentIdleTime", "PercentUserTime", "PercentPrivilegedTime", "PercentInterruptTime",
    "PercentDPCTime",  "PercentC1Time",   "PercentC2Time",         "PercentC3Time"};
constexpr std::array time_families = {&time_total, &cstate_total, &logical_processor};

// Of 32 bits where they count: they wrap, which rate() takes for a restart from 0.
constexpr Metric counts[] = {
    {{"windows_cpu_interrupts_total", Kind::counter, "Hardware interrupts (InterruptsPersec)", {"core"}},
     "InterruptsPersec"},
    {{"windows_cpu_dpcs_total", Kind::counter, "Deferred procedure calls (DPCsQueuedPersec)", {"core"}},
     "DPCsQueuedPersec"},
    {{"windows_cpu_clock_interrupts_total",
      Kind::counter,
      "Ticks of the clock (ClockInterruptsPersec)",
      {"core"}},
     "ClockInterruptsPersec"},
    {{"windows_cpu_idle_break_events_total",
      Kind::counter,
      "How often a processor was woken from idle (IdleBreakEventsPersec)",
      {"core"}},
     "IdleBreakEventsPersec"},
    {{"windows_cpu_parking_status", Kind::gauge, "1 of a processor that is parked (ParkingStatus)", {"core"}},
     "ParkingStatus"},
    {{"windows_cpu_core_frequency_mhz", Kind::gauge, "Frequency in megahertz (ProcessorFrequency)", {"core"}},
     "ProcessorFrequency"}};

// Windows 8 and Server 2012 brought these.
constexpr Metric utility[] = {
    {{"windows_cpu_processor_performance_total",
      Kind::counter,
      "Sum of the processor's performance, in percent of the nominal one, over the ticks of mperf "
      "(PercentProcessorPerformance)",
      {"core"}},
     "PercentProcessorPerformance"},
    {{"windows_cpu_processor_mperf_total",
      Kind::counter,
      "Ticks in which instructions were executed (PercentProcessorPerformance_Base, of 32 bits)",
      {"core"}},
     "PercentProcessorPerformance_Base"},
    {{"windows_cpu_processor_utility_total",
      Kind::counter,
      "Sum of the work done, in percent of what the nominal frequency does, over the ticks of rtc "
      "(PercentProcessorUtility)",
      {"core"}},
     "PercentProcessorUtility"},
    {{"windows_cpu_processor_privileged_utility_total",
      Kind::counter,
      "The same of work in the kernel (PercentPrivilegedUtility)",
      {"core"}},
     "PercentPrivilegedUtility"},
    {{"windows_cpu_processor_rtc_total",
      Kind::counter,
      "Ticks of the real-time clock since the start (PercentProcessorUtility_Base, of 32 bits)",
      {"core"}},
     "PercentProcessorUtility_Base"}};

constexpr std::string_view key[] = {"Name"};
constexpr auto base_properties = together(properties_of(counts, key), time_properties);
constexpr auto utility_properties = properties_of(utility, key);
constexpr auto count_columns = columns_of(counts);
constexpr auto utility_columns = columns_of(utility);
constexpr auto families = together(together(time_families, families_of(counts)), families_of(utility));

constexpr std::string_view of_class = "Win32_PerfRawData_Counters_ProcessorInformation";
constexpr Source sources[] = {{of_class, base_properties},
                              {of_class, utility_properties, Source::Rows::maybe, Source::Known::somewhere}};

void read(const Given& given, Page& page) {
    std::size_t processors = 0;
    given.each(0, [&](const Row& row) {
        const auto core = row.text_or_empty("Name");
        if (is_total(core)) return;
        ++processors;
        add_columns(page, row, times, {core});
        add_columns(page, row, count_columns, {core});
    });
    if (processors != 0) page.add(logical_processor, {}, static_cast<double>(processors));
    given.each(1, [&](const Row& row) {
        const auto core = row.text_or_empty("Name");
        if (!is_total(core)) add_columns(page, row, utility_columns, {core});
    });
}

}  // namespace

constinit const Collector cpu_collector = {"cpu", "Processor time, interrupts, frequency", sources, families,
                                           read};

}  // namespace mullion::exporter
