// Win32_Process. Times are in 100 ns, peaks in KB, as Windows has them.
#include <fmt/core.h>

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/classes/process_methods.h"
#include "cim/lines.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {{"CommandLine"},
                                      {"ExecutablePath"},
                                      {"Handle", string, true},
                                      {"HandleCount", uint32},
                                      {"MaximumWorkingSetSize", uint32},
                                      {"MinimumWorkingSetSize", uint32},
                                      {"OtherOperationCount", uint64},
                                      {"OtherTransferCount", uint64},
                                      {"PageFaults", uint32},
                                      {"PageFileUsage", uint32},
                                      {"ParentProcessId", uint32},
                                      {"PeakPageFileUsage", uint32},
                                      {"PeakVirtualSize", uint64},
                                      {"PeakWorkingSetSize", uint32},
                                      {"PrivatePageCount", uint64},
                                      {"ProcessId", uint32},
                                      {"QuotaNonPagedPoolUsage", uint32},
                                      {"QuotaPagedPoolUsage", uint32},
                                      {"QuotaPeakNonPagedPoolUsage", uint32},
                                      {"QuotaPeakPagedPoolUsage", uint32},
                                      {"ReadOperationCount", uint64},
                                      {"ReadTransferCount", uint64},
                                      {"SessionId", uint32},
                                      {"ThreadCount", uint32},
                                      {"VirtualSize", uint64},
                                      {"WindowsVersion"},
                                      {"WriteOperationCount", uint64},
                                      {"WriteTransferCount", uint64}};

constinit const ClassDef definition_ = {"Win32_Process", &cim_process, properties,  process_methods,
                                        false,           false,        "root/cimv2"};

// What is the same for all of them.
struct Surroundings {
    std::optional<std::uint64_t> boot_time;
    std::optional<std::string> computer;
};

Surroundings surroundings_of(const Machine& machine) {
    return {system_stat(machine).boot_time, host_name(machine)};
}

bool wants_any(const Wanted& wanted, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (wanted.has(name)) return true;
    return false;
}

void set_stat(const Machine& machine, const Surroundings& around, const ProcessStat& stat,
              Instance& instance) {
    constexpr std::uint64_t low = 0xFFFF'FFFF;  // Faults wrap around at 32 bits, as on Windows.
    instance.set("Handle", fmt::format("{}", stat.pid))
        .set("ProcessId", stat.pid)
        .set("ParentProcessId", stat.parent)
        .set("ThreadCount", stat.threads)
        .set("PageFaults", (stat.minor_faults + stat.major_faults) & low)
        .set("UserModeTime", in_100ns(machine, stat.user_ticks))
        .set("KernelModeTime", in_100ns(machine, stat.system_ticks))
        .set("VirtualSize", stat.virtual_bytes)
        .set("WorkingSetSize", stat.resident_pages * machine.page_size)
        .set("CreationClassName", "Win32_Process")
        .set("CSCreationClassName", "Win32_ComputerSystem")
        .set("CSName", around.computer)
        .set("OSCreationClassName", "Win32_OperatingSystem");
    const auto since_boot = in_100ns(machine, stat.start_ticks) / 10;
    constexpr std::uint64_t sane = std::uint64_t{1} << 60;
    if (around.boot_time && *around.boot_time < sane / 1'000'000 && since_boot < sane)
        instance.set(
            "CreationDate",
            moment_at(machine, static_cast<std::int64_t>(*around.boot_time * 1'000'000 + since_boot)));
}

// Kernel threads have no such lines: null.
void set_memory(const Machine& machine, const std::string& folder, const Wanted& wanted, Instance& instance) {
    if (!wants_any(wanted, {"PeakVirtualSize", "PeakWorkingSetSize", "PageFileUsage", "PrivatePageCount"}))
        return;
    const auto status = numbers_of(machine, folder + "/status");
    const auto swapped = number_in(status, "VmSwap");
    instance.set("PeakVirtualSize", number_in(status, "VmPeak"))
        .set("PeakWorkingSetSize", kilobytes(number_in(status, "VmHWM")))
        .set("PageFileUsage", kilobytes(swapped))
        .set("PrivatePageCount", sum(number_in(status, "RssAnon"), swapped));
}

// All that went through read and write, files, sockets and devices, which is what Windows counts. Of other
// users' processes the kernel tells it to root only: null.
void set_transfers(const Machine& machine, const std::string& folder, const Wanted& wanted,
                   Instance& instance) {
    if (!wants_any(wanted,
                   {"ReadOperationCount", "ReadTransferCount", "WriteOperationCount", "WriteTransferCount"}))
        return;
    const auto io = numbers_of(machine, folder + "/io");
    instance.set("ReadOperationCount", number_in(io, "syscr"))
        .set("ReadTransferCount", number_in(io, "rchar"))
        .set("WriteOperationCount", number_in(io, "syscw"))
        .set("WriteTransferCount", number_in(io, "wchar"));
}

void set_program(const Machine& machine, const std::string& folder, const Wanted& wanted,
                 const ProcessStat& stat, Instance& instance) {
    auto line = machine.read(folder + "/cmdline").value_or("");
    const auto name = readable(process_name(stat, line));
    if (line.size() > machine.limits.command_line) line.resize(machine.limits.command_line);
    instance.set("Name", name).set("Caption", name).set("Description", name);
    if (const auto words = parse_command_line(line); !words.empty())
        instance.set("CommandLine", readable(words));
    if (wanted.has("ExecutablePath"))
        if (const auto path = machine.link(folder + "/exe")) instance.set("ExecutablePath", readable(*path));
    if (wanted.has("HandleCount"))
        if (const auto open = machine.list(folder + "/fd")) instance.set("HandleCount", open->size());
}

class Process final : public Provider {
public:
    Process() : Provider(definition_) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto ids = process_ids(machine);
        if (!ids || ids->empty()) return Fault{Fault::Kind::unreadable, "/proc"};
        const auto around = surroundings_of(machine);
        for (const auto id : *ids) {
            auto instance = instance_of(machine, question.wanted, around, id);
            if (instance && !sink.put(std::move(*instance))) break;
        }
        return std::nullopt;
    }

    Found get(const Machine& machine, const Wanted& wanted, const Keys& keys) const override {
        const auto id = keys.size() == 1 ? number<std::uint64_t>(keys.front().second) : std::nullopt;
        // The kernel shows threads too where one knows their number.
        if (!id || number_in(numbers_of(machine, fmt::format("/proc/{}/status", *id)), "Tgid") != id)
            return {};
        return {instance_of(machine, wanted, surroundings_of(machine), *id), {}};
    }

    MethodOutcome invoke(const Machine& machine, const MethodCall& call) const override {
        if (call.is("Create") && !call.keys) return create_process(machine, call);
        if (!call.keys || !(call.is("Terminate") || call.is("GetOwner")))
            return Provider::invoke(machine, call);
        const auto found = get(machine, Wanted({"Handle", "ProcessId"}), *call.keys);
        if (found.fault) return {{}, {}, found.fault};
        const auto id = found.instance ? found.instance->text("ProcessId") : std::nullopt;
        if (!id) return {{}, {}, Fault{Fault::Kind::no_instance, "process of that number"}};
        const auto process = number<std::uint64_t>(*id).value_or(0);
        return call.is("Terminate") ? terminate_process(machine, process)
                                    : owner_of_process(machine, process);
    }

private:
    // Nothing where it has ended meanwhile.
    std::optional<Instance> instance_of(const Machine& machine, const Wanted& wanted,
                                        const Surroundings& around, std::uint64_t id) const {
        const auto folder = fmt::format("/proc/{}", id);
        const auto text = machine.read(folder + "/stat");
        const auto stat = text ? parse_process_stat(*text) : std::nullopt;
        if (!stat || stat->pid != id) return std::nullopt;
        auto instance = make();
        set_stat(machine, around, *stat, instance);
        set_program(machine, folder, wanted, *stat, instance);
        set_memory(machine, folder, wanted, instance);
        set_transfers(machine, folder, wanted, instance);
        return instance;
    }
};

}  // namespace

const Provider& process() {
    static const Process provider;
    return provider;
}

}  // namespace mullion::cim
