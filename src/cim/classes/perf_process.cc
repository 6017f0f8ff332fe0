// Win32_PerfRawData_PerfProc_Process.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {raw_counter("CreatingProcessID"),
                                      counted("ElapsedTime", uint64, counter::elapsed),
                                      raw_counter("HandleCount"),
                                      raw_counter("IDProcess"),
                                      bulk_counter("IODataBytesPersec"),
                                      bulk_counter("IODataOperationsPersec"),
                                      bulk_counter("IOOtherBytesPersec"),
                                      bulk_counter("IOOtherOperationsPersec"),
                                      bulk_counter("IOReadBytesPersec"),
                                      bulk_counter("IOReadOperationsPersec"),
                                      bulk_counter("IOWriteBytesPersec"),
                                      bulk_counter("IOWriteOperationsPersec"),
                                      {"Name", string, true},
                                      rate_counter("PageFaultsPersec"),
                                      large_counter("PageFileBytes"),
                                      large_counter("PageFileBytesPeak"),
                                      timer_counter("PercentPrivilegedTime"),
                                      timer_counter("PercentProcessorTime"),
                                      timer_counter("PercentUserTime"),
                                      raw_counter("PoolNonpagedBytes"),
                                      raw_counter("PoolPagedBytes"),
                                      raw_counter("PriorityBase"),
                                      large_counter("PrivateBytes"),
                                      raw_counter("ThreadCount"),
                                      large_counter("VirtualBytes"),
                                      large_counter("VirtualBytesPeak"),
                                      large_counter("WorkingSet"),
                                      large_counter("WorkingSetPeak"),
                                      large_counter("WorkingSetPrivate")};
constinit const ClassDef definition_ = perf_class("Win32_PerfRawData_PerfProc_Process", properties, false);

// As Windows tells them apart: "sh", "sh#1", "sh#2", by their numbers.
class Names {
public:
    std::string next(const std::string& name) {
        auto& count = counts_[name];
        auto unique = count == 0 ? name : fmt::format("{}#{}", name, count);
        for (++count; !taken_.insert(unique).second; ++count) unique = fmt::format("{}#{}", name, count);
        return unique;
    }

private:
    std::map<std::string, std::uint64_t> counts_;
    std::set<std::string> taken_;
};

bool wants_any(const Wanted& wanted, std::initializer_list<std::string_view> names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return wanted.has(name); });
}

// What is added up for the row of all.
struct Sums {
    std::uint64_t user = 0, privileged = 0, threads = 0, faults = 0, virtual_bytes = 0, resident = 0;
};

class PerfProcess final : public Provider {
public:
    PerfProcess() : Provider(definition_) {}

    // Without Windows' row "Idle", as there is no such process here; _Total is the sum of the processes.
    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        auto ids = process_ids(machine);
        if (!ids || ids->empty()) return Fault{Fault::Kind::unreadable, "/proc"};
        std::sort(ids->begin(), ids->end());
        const auto stamps = stamps_now(machine);
        const auto boot = system_stat(machine).boot_time;
        Names names;
        Sums sums;
        (void)names.next("_Total");
        for (const auto id : *ids) {
            const auto folder = fmt::format("/proc/{}", id);
            const auto text = machine.read(folder + "/stat");
            const auto stat = text ? parse_process_stat(*text) : std::nullopt;
            if (!stat || stat->pid != id) continue;  // It has ended.
            auto instance = make();
            set_stamps(stamps, instance);
            const auto line = machine.read(folder + "/cmdline").value_or("");
            instance.set("Name", names.next(readable(process_name(*stat, line))));
            set_stat(machine, *stat, boot, instance);
            set_more(machine, folder, question.wanted, instance);
            add(machine, *stat, sums);
            if (!sink.put(std::move(instance))) return std::nullopt;
        }
        (void)sink.put(total(sums, stamps));
        return std::nullopt;
    }

private:
    static void set_stat(const Machine& machine, const ProcessStat& stat, std::optional<std::uint64_t> boot,
                         Instance& instance) {
        const auto user = in_100ns(machine, stat.user_ticks), system = in_100ns(machine, stat.system_ticks);
        instance.set("IDProcess", stat.pid)
            .set("CreatingProcessID", stat.parent)
            .set("ThreadCount", stat.threads)
            .set("PageFaultsPersec", stat.minor_faults + stat.major_faults)
            .set("PercentUserTime", user)
            .set("PercentPrivilegedTime", system)
            .set("PercentProcessorTime", user + system)
            .set("VirtualBytes", stat.virtual_bytes)
            .set("WorkingSet", stat.resident_pages * machine.page_size);
        constexpr std::uint64_t sane = std::uint64_t{1} << 40;  // Seconds.
        const auto since_boot = in_100ns(machine, stat.start_ticks);
        // Windows' raw value is when it started.
        if (boot && *boot < sane && since_boot / 10'000'000 < sane)
            instance.set("ElapsedTime", file_time(static_cast<std::int64_t>(*boot) * 1'000'000) + since_boot);
    }

    // What takes further files, of which io and fd are shown to the process's user and to root only.
    static void set_more(const Machine& machine, const std::string& folder, const Wanted& wanted,
                         Instance& instance) {
        if (wants_any(wanted, {"PageFileBytes", "PrivateBytes", "VirtualBytesPeak", "WorkingSetPeak",
                               "WorkingSetPrivate"})) {
            const auto status = numbers_of(machine, folder + "/status");
            const auto swapped = number_in(status, "VmSwap"), own = number_in(status, "RssAnon");
            instance.set("PageFileBytes", swapped)
                .set("PrivateBytes", sum(own, swapped))
                .set("WorkingSetPrivate", own)
                .set("VirtualBytesPeak", number_in(status, "VmPeak"))
                .set("WorkingSetPeak", number_in(status, "VmHWM"));
        }
        if (wants_any(wanted, {"IODataBytesPersec", "IODataOperationsPersec", "IOReadBytesPersec",
                               "IOReadOperationsPersec", "IOWriteBytesPersec", "IOWriteOperationsPersec"})) {
            const auto io = numbers_of(machine, folder + "/io");
            const auto in = number_in(io, "rchar"), out = number_in(io, "wchar");
            const auto reads = number_in(io, "syscr"), writes = number_in(io, "syscw");
            instance.set("IOReadBytesPersec", in)
                .set("IOWriteBytesPersec", out)
                .set("IODataBytesPersec", sum(in, out))
                .set("IOReadOperationsPersec", reads)
                .set("IOWriteOperationsPersec", writes)
                .set("IODataOperationsPersec", sum(reads, writes));
        }
        if (wanted.has("HandleCount"))
            if (const auto open = machine.list(folder + "/fd")) instance.set("HandleCount", open->size());
    }

    static void add(const Machine& machine, const ProcessStat& stat, Sums& sums) {
        sums.user += in_100ns(machine, stat.user_ticks);
        sums.privileged += in_100ns(machine, stat.system_ticks);
        sums.threads += stat.threads;
        sums.faults += stat.minor_faults + stat.major_faults;
        sums.virtual_bytes += stat.virtual_bytes;
        sums.resident += stat.resident_pages * machine.page_size;
    }

    Instance total(const Sums& sums, const Stamps& stamps) const {
        auto instance = make();
        set_stamps(stamps, instance);
        instance.set("Name", "_Total")
            .set("IDProcess", 0)
            .set("ThreadCount", sums.threads)
            .set("PageFaultsPersec", sums.faults)
            .set("PercentUserTime", sums.user)
            .set("PercentPrivilegedTime", sums.privileged)
            .set("PercentProcessorTime", sums.user + sums.privileged)
            .set("VirtualBytes", sums.virtual_bytes)
            .set("WorkingSet", sums.resident);
        return instance;
    }
};

}  // namespace

const Provider& perf_process() {
    static const PerfProcess provider;
    return provider;
}

}  // namespace mullion::cim
