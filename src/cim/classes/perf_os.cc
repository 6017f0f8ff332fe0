// Win32_PerfRawData_PerfOS_Processor, _System and _Memory.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "cim/classes/classes.h"
#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef timer(std::string_view name) {
    return {name, uint64, false, false, counter::timer};
}
constexpr PropertyDef rate(std::string_view name) {
    return {name, uint32, false, false, counter::rate};
}
constexpr PropertyDef bulk(std::string_view name) {
    return {name, uint64, false, false, counter::bulk};
}
constexpr PropertyDef raw(std::string_view name) {
    return {name, uint32, false, false, counter::raw};
}
constexpr PropertyDef large(std::string_view name) {
    return {name, uint64, false, false, counter::large_raw};
}

constexpr PropertyDef processor_properties[] = {
    bulk("C1TransitionsPersec"),
    bulk("C2TransitionsPersec"),
    bulk("C3TransitionsPersec"),
    raw("DPCRate"),
    rate("DPCsQueuedPersec"),
    rate("InterruptsPersec"),
    {"Name", string, true},
    timer("PercentC1Time"),
    timer("PercentC2Time"),
    timer("PercentC3Time"),
    timer("PercentDPCTime"),
    timer("PercentIdleTime"),
    timer("PercentInterruptTime"),
    timer("PercentPrivilegedTime"),
    {"PercentProcessorTime", uint64, false, false, counter::inverse_timer},
    timer("PercentUserTime")};

constexpr PropertyDef system_properties[] = {
    rate("AlignmentFixupsPersec"),
    rate("ContextSwitchesPersec"),
    rate("ExceptionDispatchesPersec"),
    bulk("FileControlBytesPersec"),
    rate("FileControlOperationsPersec"),
    rate("FileDataOperationsPersec"),
    bulk("FileReadBytesPersec"),
    rate("FileReadOperationsPersec"),
    bulk("FileWriteBytesPersec"),
    rate("FileWriteOperationsPersec"),
    rate("FloatingEmulationsPersec"),
    {"PercentRegistryQuotaInUse", uint32, false, false, counter::fraction},
    {"PercentRegistryQuotaInUse_Base", uint32, false, false, counter::fraction_base},
    raw("Processes"),
    raw("ProcessorQueueLength"),
    rate("SystemCallsPersec"),
    {"SystemUpTime", uint64, false, false, counter::elapsed},
    raw("Threads")};

constexpr PropertyDef memory_properties[] = {
    large("AvailableBytes"),
    large("AvailableKBytes"),
    large("AvailableMBytes"),
    large("CacheBytes"),
    large("CacheBytesPeak"),
    rate("CacheFaultsPersec"),
    large("CommitLimit"),
    large("CommittedBytes"),
    rate("DemandZeroFaultsPersec"),
    large("FreeAndZeroPageListBytes"),
    raw("FreeSystemPageTableEntries"),
    large("ModifiedPageListBytes"),
    rate("PageFaultsPersec"),
    rate("PageReadsPersec"),
    rate("PagesInputPersec"),
    rate("PagesOutputPersec"),
    rate("PagesPersec"),
    rate("PageWritesPersec"),
    {"PercentCommittedBytesInUse", uint32, false, false, counter::fraction},
    {"PercentCommittedBytesInUse_Base", uint32, false, false, counter::fraction_base},
    raw("PoolNonpagedAllocs"),
    large("PoolNonpagedBytes"),
    raw("PoolPagedAllocs"),
    large("PoolPagedBytes"),
    large("PoolPagedResidentBytes"),
    large("StandbyCacheCoreBytes"),
    large("StandbyCacheNormalPriorityBytes"),
    large("StandbyCacheReserveBytes"),
    large("SystemCacheResidentBytes"),
    large("SystemCodeResidentBytes"),
    large("SystemCodeTotalBytes"),
    large("SystemDriverResidentBytes"),
    large("SystemDriverTotalBytes"),
    rate("TransitionFaultsPersec"),
    rate("WriteCopiesPersec")};

constinit const ClassDef processor_definition = {"Win32_PerfRawData_PerfOS_Processor",
                                                 &win32_perf_raw_data,
                                                 processor_properties,
                                                 {},
                                                 false,
                                                 false,
                                                 "root/cimv2"};
constinit const ClassDef system_definition = {"Win32_PerfRawData_PerfOS_System",
                                              &win32_perf_raw_data,
                                              system_properties,
                                              {},
                                              false,
                                              true,
                                              "root/cimv2"};
constinit const ClassDef memory_definition = {"Win32_PerfRawData_PerfOS_Memory",
                                              &win32_perf_raw_data,
                                              memory_properties,
                                              {},
                                              false,
                                              true,
                                              "root/cimv2"};

class PerfProcessor final : public Provider {
public:
    PerfProcessor() : Provider(processor_definition) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto stat = system_stat(machine);
        const auto stamps = stamps_now(machine);
        if (!stat.total) return Fault{Fault::Kind::unreadable, "/proc/stat"};
        std::map<unsigned, std::uint64_t> interrupts;
        if (question.wanted.has("InterruptsPersec"))
            for (const auto& cpu : parse_interrupts(machine.read("/proc/interrupts").value_or("")))
                interrupts[cpu.number] = cpu.count;
        for (const auto& cpu : stat.cpus) {
            auto row = instance_of(machine, stamps, fmt::format("{}", cpu.number), cpu.times, 1);
            const auto taken = interrupts.find(cpu.number);
            if (taken != interrupts.end()) row.set("InterruptsPersec", taken->second);
            if (!sink.put(std::move(row))) return std::nullopt;
        }
        auto total =
            instance_of(machine, stamps, "_Total", *stat.total, std::max<std::size_t>(stat.cpus.size(), 1));
        total.set("InterruptsPersec", stat.interrupts);
        (void)sink.put(std::move(total));
        return std::nullopt;
    }

private:
    // Times of _Total are the mean of all processors, as on Windows: else it would be busy by hundreds of
    // percent.
    Instance instance_of(const Machine& machine, const Stamps& stamps, const std::string& name,
                         const CpuTimes& times, std::uint64_t processors) const {
        auto instance = make();
        set_stamps(stamps, instance);
        instance.set("Name", name);
        set_processor_times(machine, times, processors, instance);
        return instance;
    }
};

class PerfSystem final : public Provider {
public:
    PerfSystem() : Provider(system_definition) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto stat = system_stat(machine);
        auto instance = make();
        set_stamps(stamps_now(machine), instance);
        instance.set("ContextSwitchesPersec", stat.context_switches)
            .set("Threads", parse_thread_count(machine.read("/proc/loadavg").value_or("")));
        constexpr std::uint64_t sane = std::uint64_t{1} << 40;
        if (stat.boot_time && *stat.boot_time < sane)
            instance.set("SystemUpTime", file_time(static_cast<std::int64_t>(*stat.boot_time) * 1'000'000));
        // Who waits for a processor: all that could run but those that do.
        if (stat.running && !stat.cpus.empty())
            instance.set("ProcessorQueueLength",
                         *stat.running - std::min<std::uint64_t>(*stat.running, stat.cpus.size()));
        if (question.wanted.has("Processes"))
            if (const auto ids = process_ids(machine)) instance.set("Processes", ids->size());
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }
};

class PerfMemory final : public Provider {
public:
    PerfMemory() : Provider(memory_definition) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        auto instance = make();
        set_stamps(stamps_now(machine), instance);
        set_sizes(numbers_of(machine, "/proc/meminfo"), instance);
        set_pages(numbers_of(machine, "/proc/vmstat"), instance);
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }

private:
    static void set_sizes(const Numbers& memory, Instance& instance) {
        const auto available = number_in(memory, "MemAvailable");
        const auto committed = number_in(memory, "Committed_AS"), limit = number_in(memory, "CommitLimit");
        instance.set("AvailableBytes", available)
            .set("AvailableKBytes", kilobytes(available))
            .set("AvailableMBytes", kilobytes(kilobytes(available)))
            .set("CacheBytes", number_in(memory, "Cached"))
            .set("FreeAndZeroPageListBytes", number_in(memory, "MemFree"))
            .set("CommittedBytes", committed)
            .set("CommitLimit", limit);
        // Both in MB, so that they fit into 32 bits together.
        if (committed && limit)
            instance.set("PercentCommittedBytesInUse", kilobytes(kilobytes(committed)))
                .set("PercentCommittedBytesInUse_Base", kilobytes(kilobytes(limit)));
    }

    static void set_pages(const Numbers& pages, Instance& instance) {
        const auto in = number_in(pages, "pswpin"), out = number_in(pages, "pswpout");
        instance.set("PageFaultsPersec", number_in(pages, "pgfault"))
            .set("PageReadsPersec", number_in(pages, "pgmajfault"))
            .set("PagesInputPersec", in)
            .set("PagesOutputPersec", out)
            .set("PagesPersec", sum(in, out));
    }
};

}  // namespace

const Provider& perf_processor() {
    static const PerfProcessor provider;
    return provider;
}

const Provider& perf_system() {
    static const PerfSystem provider;
    return provider;
}

const Provider& perf_memory() {
    static const PerfMemory provider;
    return provider;
}

}  // namespace mullion::cim
