#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef statistical_properties[] = {{"Caption"}, {"Description"}, {"Name"}};
constexpr PropertyDef perf_properties[] = {{"Frequency_Object", uint64},   {"Frequency_PerfTime", uint64},
                                           {"Frequency_Sys100NS", uint64}, {"Timestamp_Object", uint64},
                                           {"Timestamp_PerfTime", uint64}, {"Timestamp_Sys100NS", uint64}};

constinit const ClassDef cim_statistical_information = {
    "CIM_StatisticalInformation", nullptr, statistical_properties, {}, true, false, "root/cimv2"};
constinit const ClassDef win32_perf = {
    "Win32_Perf", &cim_statistical_information, perf_properties, {}, true, false, "root/cimv2"};

}  // namespace

constinit const ClassDef win32_perf_raw_data = {"Win32_PerfRawData", &win32_perf, {}, {}, true, false,
                                                "root/cimv2"};

std::uint64_t file_time(std::int64_t unix_microseconds) {
    constexpr std::int64_t epoch = 11'644'473'600'000'000;  // From 1601 to 1970, in microseconds.
    return static_cast<std::uint64_t>(unix_microseconds + epoch) * 10;
}

Stamps stamps_now(const Machine& machine) {
    const auto times = machine.times();
    return {file_time(times.unix_microseconds), times.monotonic};
}

void set_stamps(const Stamps& stamps, Instance& instance) {
    constexpr std::uint64_t frequency = 10'000'000;
    instance.set("Frequency_Object", frequency)
        .set("Frequency_PerfTime", frequency)
        .set("Frequency_Sys100NS", frequency)
        .set("Timestamp_Object", stamps.file_time)
        .set("Timestamp_PerfTime", stamps.perf_time)
        .set("Timestamp_Sys100NS", stamps.file_time);
}

// Times of several are their mean, as on Windows: else _Total would be busy by hundreds of percent.
void set_processor(const Machine& machine, const Stamps& stamps, const std::string& name,
                   const CpuTimes& times, std::uint64_t processors, Instance& instance) {
    set_stamps(stamps, instance);
    const auto time = [&](std::uint64_t ticks) { return in_100ns(machine, ticks) / processors; };
    // Windows' own oddity: the raw value of PercentProcessorTime is the idle time, whose inverse is taken.
    const auto idle = time(times.idle + times.io_wait);
    instance.set("Name", name)
        .set("PercentIdleTime", idle)
        .set("PercentProcessorTime", idle)
        .set("PercentUserTime", time(times.user + times.nice))
        .set("PercentPrivilegedTime", time(times.system + times.irq + times.soft_irq))
        .set("PercentInterruptTime", time(times.irq))
        .set("PercentDPCTime", time(times.soft_irq));
}

std::map<unsigned, std::uint64_t> interrupts_of(const Machine& machine, const Wanted& wanted) {
    std::map<unsigned, std::uint64_t> found;
    if (!wanted.has("InterruptsPersec")) return found;
    for (const auto& cpu : parse_interrupts(machine.read("/proc/interrupts").value_or("")))
        found[cpu.number] = cpu.count;
    return found;
}

}  // namespace mullion::cim
