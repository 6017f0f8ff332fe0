// Win32_PerfRawData_PerfOS_Processor, _System and _Memory.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "cim/classes/classes.h"
#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef processor_properties[] = {
    bulk_counter("C1TransitionsPersec"),
    bulk_counter("C2TransitionsPersec"),
    bulk_counter("C3TransitionsPersec"),
    raw_counter("DPCRate"),
    rate_counter("DPCsQueuedPersec"),
    rate_counter("InterruptsPersec"),
    {"Name", string, true},
    timer_counter("PercentC1Time"),
    timer_counter("PercentC2Time"),
    timer_counter("PercentC3Time"),
    timer_counter("PercentDPCTime"),
    timer_counter("PercentIdleTime"),
    timer_counter("PercentInterruptTime"),
    timer_counter("PercentPrivilegedTime"),
    counted("PercentProcessorTime", uint64, counter::inverse_timer),
    timer_counter("PercentUserTime")};

constexpr PropertyDef system_properties[] = {
    rate_counter("AlignmentFixupsPersec"),
    rate_counter("ContextSwitchesPersec"),
    rate_counter("ExceptionDispatchesPersec"),
    bulk_counter("FileControlBytesPersec"),
    rate_counter("FileControlOperationsPersec"),
    rate_counter("FileDataOperationsPersec"),
    bulk_counter("FileReadBytesPersec"),
    rate_counter("FileReadOperationsPersec"),
    bulk_counter("FileWriteBytesPersec"),
    rate_counter("FileWriteOperationsPersec"),
    rate_counter("FloatingEmulationsPersec"),
    counted("PercentRegistryQuotaInUse", uint32, counter::fraction),
    counted("PercentRegistryQuotaInUse_Base", uint32, counter::fraction_base),
    raw_counter("Processes"),
    raw_counter("ProcessorQueueLength"),
    rate_counter("SystemCallsPersec"),
    counted("SystemUpTime", uint64, counter::elapsed),
    raw_counter("Threads")};

constexpr PropertyDef memory_properties[] = {
    large_counter("AvailableBytes"),
    large_counter("AvailableKBytes"),
    large_counter("AvailableMBytes"),
    large_counter("CacheBytes"),
    large_counter("CacheBytesPeak"),
    rate_counter("CacheFaultsPersec"),
    large_counter("CommitLimit"),
    large_counter("CommittedBytes"),
    rate_counter("DemandZeroFaultsPersec"),
    large_counter("FreeAndZeroPageListBytes"),
    raw_counter("FreeSystemPageTableEntries"),
    large_counter("ModifiedPageListBytes"),
    rate_counter("PageFaultsPersec"),
    rate_counter("PageReadsPersec"),
    rate_counter("PagesInputPersec"),
    rate_counter("PagesOutputPersec"),
    rate_counter("PagesPersec"),
    rate_counter("PageWritesPersec"),
    counted("PercentCommittedBytesInUse", uint32, counter::fraction),
    counted("PercentCommittedBytesInUse_Base", uint32, counter::fraction_base),
    raw_counter("PoolNonpagedAllocs"),
    large_counter("PoolNonpagedBytes"),
    raw_counter("PoolPagedAllocs"),
    large_counter("PoolPagedBytes"),
    large_counter("PoolPagedResidentBytes"),
    large_counter("StandbyCacheCoreBytes"),
    large_counter("StandbyCacheNormalPriorityBytes"),
    large_counter("StandbyCacheReserveBytes"),
    large_counter("SystemCacheResidentBytes"),
    large_counter("SystemCodeResidentBytes"),
    large_counter("SystemCodeTotalBytes"),
    large_counter("SystemDriverResidentBytes"),
    large_counter("SystemDriverTotalBytes"),
    rate_counter("TransitionFaultsPersec"),
    rate_counter("TransitionPagesRePurposedPersec"),
    rate_counter("WriteCopiesPersec")};

constinit const ClassDef processor_definition =
    perf_class("Win32_PerfRawData_PerfOS_Processor", processor_properties, false);
constinit const ClassDef system_definition =
    perf_class("Win32_PerfRawData_PerfOS_System", system_properties, true);
constinit const ClassDef memory_definition =
    perf_class("Win32_PerfRawData_PerfOS_Memory", memory_properties, true);

class PerfProcessor final : public Provider {
public:
    PerfProcessor() : Provider(processor_definition) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto stat = system_stat(machine);
        const auto stamps = stamps_now(machine);
        if (!stat.total) return Fault{Fault::Kind::unreadable, "/proc/stat"};
        const auto interrupts = interrupts_of(machine, question.wanted);
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
    Instance instance_of(const Machine& machine, const Stamps& stamps, const std::string& name,
                         const CpuTimes& times, std::uint64_t processors) const {
        auto instance = make();
        set_processor(machine, stamps, name, times, processors, instance);
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
