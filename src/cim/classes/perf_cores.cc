// Win32_PerfRawData_Counters_ProcessorInformation: processors by their NUMA node.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/classes/perf.h"
#include "cim/lines.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {
    counted("AverageIdleTime", uint64, counter::average_timer),
    counted("AverageIdleTime_Base", uint32, counter::average_base),
    bulk_counter("C1TransitionsPersec"),
    bulk_counter("C2TransitionsPersec"),
    bulk_counter("C3TransitionsPersec"),
    rate_counter("ClockInterruptsPersec"),
    raw_counter("DPCRate"),
    rate_counter("DPCsQueuedPersec"),
    bulk_counter("IdleBreakEventsPersec"),
    rate_counter("InterruptsPersec"),
    {"Name", string, true},
    raw_counter("ParkingStatus"),
    timer_counter("PercentC1Time"),
    timer_counter("PercentC2Time"),
    timer_counter("PercentC3Time"),
    timer_counter("PercentDPCTime"),
    timer_counter("PercentIdleTime"),
    timer_counter("PercentInterruptTime"),
    raw_counter("PercentofMaximumFrequency"),
    raw_counter("PercentPerformanceLimit"),
    counted("PercentPriorityTime", uint64, counter::inverse_timer),
    timer_counter("PercentPrivilegedTime"),
    counted("PercentPrivilegedUtility", uint64, counter::average_bulk),
    counted("PercentPrivilegedUtility_Base", uint32, counter::average_base),
    counted("PercentProcessorPerformance", uint64, counter::average_bulk),
    counted("PercentProcessorPerformance_Base", uint32, counter::average_base),
    counted("PercentProcessorTime", uint64, counter::inverse_timer),
    counted("PercentProcessorUtility", uint64, counter::average_bulk),
    counted("PercentProcessorUtility_Base", uint32, counter::average_base),
    timer_counter("PercentUserTime"),
    raw_counter("PerformanceLimitFlags"),
    raw_counter("ProcessorFrequency"),
    raw_counter("ProcessorStateFlags")};
constinit const ClassDef definition_ =
    perf_class("Win32_PerfRawData_Counters_ProcessorInformation", properties, false);

// sysfs links a processor to its node, on machines that have such.
std::uint64_t node_of(const Machine& machine, unsigned cpu) {
    constexpr std::string_view prefix = "node";
    for (const auto& name :
         machine.list(fmt::format("/sys/devices/system/cpu/cpu{}", cpu)).value_or(std::vector<std::string>{}))
        if (name.starts_with(prefix))
            if (const auto node = number<std::uint64_t>(std::string_view(name).substr(prefix.size())))
                return *node;
    return 0;
}

void add(const CpuTimes& one, CpuTimes& to) {
    to.user += one.user;
    to.nice += one.nice;
    to.system += one.system;
    to.idle += one.idle;
    to.io_wait += one.io_wait;
    to.irq += one.irq;
    to.soft_irq += one.soft_irq;
    to.steal += one.steal;
}

struct Node {
    CpuTimes times;
    std::uint64_t processors = 0, interrupts = 0;
    bool counted = false;  // Interrupts were.
};

class PerfCores final : public Provider {
public:
    PerfCores() : Provider(definition_) {}

    // Named "node,processor" as on Windows, where processors are counted anew in each node; here they have
    // the kernel's numbers.
    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto stat = system_stat(machine);
        const auto stamps = stamps_now(machine);
        if (!stat.total) return Fault{Fault::Kind::unreadable, "/proc/stat"};
        const auto interrupts = interrupts_of(machine, question.wanted);
        std::map<std::uint64_t, Node> nodes;
        for (const auto& cpu : stat.cpus) {
            const auto number = node_of(machine, cpu.number);
            auto& node = nodes[number];
            auto row = instance_of(machine, stamps, fmt::format("{},{}", number, cpu.number), cpu.times, 1);
            if (const auto taken = interrupts.find(cpu.number); taken != interrupts.end()) {
                row.set("InterruptsPersec", taken->second);
                node.interrupts += taken->second;
                node.counted = true;
            }
            set_frequency(machine, question.wanted, cpu.number, row);
            add(cpu.times, node.times);
            ++node.processors;
            if (!sink.put(std::move(row))) return std::nullopt;
        }
        for (const auto& [number, node] : nodes) {
            auto row =
                instance_of(machine, stamps, fmt::format("{},_Total", number), node.times, node.processors);
            if (node.counted) row.set("InterruptsPersec", node.interrupts);
            if (!sink.put(std::move(row))) return std::nullopt;
        }
        auto row =
            instance_of(machine, stamps, "_Total", *stat.total, std::max<std::size_t>(stat.cpus.size(), 1));
        row.set("InterruptsPersec", stat.interrupts);
        (void)sink.put(std::move(row));
        return std::nullopt;
    }

private:
    Instance instance_of(const Machine& machine, const Stamps& stamps, const std::string& name,
                         const CpuTimes& times, std::uint64_t processors) const {
        auto instance = make();
        set_processor(machine, stamps, name, times, processors, instance);
        return instance;
    }

    // In MHz. What a governor thinks that it is: machines without cpufreq say nothing.
    static void set_frequency(const Machine& machine, const Wanted& wanted, unsigned cpu,
                              Instance& instance) {
        if (!wanted.has("ProcessorFrequency") && !wanted.has("PercentofMaximumFrequency")) return;
        const auto folder = fmt::format("/sys/devices/system/cpu/cpu{}/cpufreq/", cpu);
        const auto now = machine.read_number(folder + "scaling_cur_freq"),
                   most = machine.read_number(folder + "cpuinfo_max_freq");
        if (now) instance.set("ProcessorFrequency", *now / 1000);
        if (now && most && *most > 0 && *now < std::uint64_t{1} << 40)
            instance.set("PercentofMaximumFrequency", *now * 100 / *most);
    }
};

}  // namespace

const Provider& perf_cores() {
    static const PerfCores provider;
    return provider;
}

}  // namespace mullion::cim
