// Win32_Processor: one instance for each socket, as on Windows.
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include <fmt/core.h>

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/lines.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {{"Architecture", uint16},
                                      {"AssetTag"},
                                      {"Characteristics", uint32},
                                      {"CpuStatus", uint16},
                                      {"CurrentVoltage", uint16},
                                      {"DeviceID", string, true},
                                      {"ExtClock", uint32},
                                      {"L2CacheSize", uint32},
                                      {"L2CacheSpeed", uint32},
                                      {"L3CacheSize", uint32},
                                      {"L3CacheSpeed", uint32},
                                      {"Level", uint16},
                                      {"Manufacturer"},
                                      {"NumberOfCores", uint32},
                                      {"NumberOfEnabledCore", uint32},
                                      {"NumberOfLogicalProcessors", uint32},
                                      {"PartNumber"},
                                      {"ProcessorId"},
                                      {"ProcessorType", uint16},
                                      {"Revision", uint16},
                                      {"SecondLevelAddressTranslationExtensions", boolean},
                                      {"SerialNumber"},
                                      {"SocketDesignation"},
                                      {"ThreadCount", uint32},
                                      {"Version"},
                                      {"VirtualizationFirmwareEnabled", boolean},
                                      {"VMMonitorModeExtensions", boolean},
                                      {"VoltageCaps", uint32}};

constinit const ClassDef definition_ = {"Win32_Processor", &cim_processor, properties, {}, false, false,
                                        "root/cimv2"};

using Socket = std::vector<CpuFacts>;

std::optional<std::string> fact(const CpuFacts& cpu, std::string_view name) {
    const auto at = cpu.find(name);
    if (at == cpu.end() || at->second.empty()) return std::nullopt;
    return readable(at->second);
}

std::optional<std::uint64_t> fact_number(const CpuFacts& cpu, std::string_view name) {
    const auto text = fact(cpu, name);
    return text ? number<std::uint64_t>(*text) : std::nullopt;
}

bool has_flag(const CpuFacts& cpu, std::string_view flag) {
    auto flags = std::string_view(cpu.find("flags")->second);
    while (!flags.empty())
        if (take_until(flags, ' ') == flag) return true;
    return false;
}

std::map<std::uint64_t, Socket> sockets_of(std::vector<CpuFacts> cpus) {
    std::map<std::uint64_t, Socket> sockets;
    for (auto& cpu : cpus) sockets[fact_number(cpu, "physical id").value_or(0)].push_back(std::move(cpu));
    return sockets;
}

// Where the file names no cores, every processor of it is one.
std::uint64_t cores_of(const Socket& socket) {
    std::set<std::string> cores;
    for (const auto& cpu : socket)
        if (const auto core = fact(cpu, "core id")) cores.insert(*core);
    return cores.empty() ? socket.size() : cores.size();
}

std::optional<std::uint64_t> current_speed(const CpuFacts& cpu) {
    const auto text = fact(cpu, "cpu MHz");
    double speed = 0;
    if (!text) return std::nullopt;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), speed);
    if (error != std::errc{} || end != text->data() + text->size() || !(speed >= 0 && speed < 1e9))
        return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(speed));
}

std::string cpu_path(std::uint64_t number, std::string_view below) {
    return fmt::format("/sys/devices/system/cpu/cpu{}/{}", number, below);
}

std::optional<std::uint64_t> top_speed(const Machine& machine, const CpuFacts& cpu) {
    const auto number = fact_number(cpu, "processor");
    const auto kilohertz =
        number ? machine.read_number(cpu_path(*number, "cpufreq/cpuinfo_max_freq")) : std::nullopt;
    if (!kilohertz) return std::nullopt;
    return *kilohertz / 1000;
}

// In KB, of all caches of that level, each counted once however many processors share it.
std::optional<std::uint64_t> cache_size(const Machine& machine, const Socket& socket, std::uint64_t level) {
    constexpr unsigned most_caches = 16;
    std::set<std::string> seen;
    std::uint64_t total = 0;
    for (const auto& cpu : socket) {
        const auto id = fact_number(cpu, "processor");
        for (unsigned index = 0; id && index < most_caches; ++index) {
            const auto folder = cpu_path(*id, fmt::format("cache/index{}/", index));
            const auto found = machine.read_number(folder + "level");
            if (!found) break;
            if (*found != level) continue;
            auto size = machine.read_line(folder + "size").value_or("");
            if (!size.ends_with('K')) continue;
            size.pop_back();
            if (seen.insert(machine.read_line(folder + "shared_cpu_list").value_or(fmt::format("{}", *id)))
                    .second)
                total += number<std::uint32_t>(size).value_or(0);
        }
    }
    if (total == 0) return std::nullopt;
    return total;
}

std::optional<std::uint16_t> architecture_code(const Machine& machine) {
    if (machine.architecture == "x86_64") return 9;
    if (machine.architecture == "aarch64") return 12;
    if (machine.architecture.starts_with("arm")) return 5;
    if (machine.architecture.starts_with("ppc")) return 3;
    if (machine.architecture.size() == 4 && machine.architecture.ends_with("86")) return 0;
    return std::nullopt;
}

void set_kind(const Machine& machine, const CpuFacts& cpu, Instance& instance) {
    auto name = fact(cpu, "model name");
    if (!name) name = fact(cpu, "cpu");  // POWER
    const auto family = fact_number(cpu, "cpu family"), model = fact_number(cpu, "model"),
               stepping = fact_number(cpu, "stepping");
    instance.set("Name", name)
        .set("Manufacturer", fact(cpu, "vendor_id"))
        .set("Architecture", architecture_code(machine))
        .set("Level", family)
        .set("Stepping", fact(cpu, "stepping"))
        .set("CurrentClockSpeed", current_speed(cpu))
        .set("MaxClockSpeed", top_speed(machine, cpu));
    if (model && stepping && *model < 256 && *stepping < 256)
        instance.set("Revision", *model << 8 | *stepping);
    if (family && model && stepping)
        instance.set("Caption", fmt::format("Family {} Model {} Stepping {}", *family, *model, *stepping));
    if (machine.architecture == "x86_64" || machine.architecture == "aarch64")
        instance.set("AddressWidth", 64).set("DataWidth", 64);
    if (cpu.contains("flags"))
        instance.set("VMMonitorModeExtensions", has_flag(cpu, "vmx") || has_flag(cpu, "svm"));
}

class Processor final : public Provider {
public:
    Processor() : Provider(definition_) {}

    // LoadPercentage is null: it would take two readings. Win32_PerfRawData_PerfOS_Processor has what it
    // takes.
    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto text = machine.read("/proc/cpuinfo");
        if (!text) return Fault{Fault::Kind::unreadable, "/proc/cpuinfo"};
        for (const auto& [id, socket] : sockets_of(parse_cpu_info(*text)))
            if (!sink.put(instance_of(machine, question.wanted, id, socket))) break;
        return std::nullopt;
    }

private:
    Instance instance_of(const Machine& machine, const Wanted& wanted, std::uint64_t id,
                         const Socket& socket) const {
        constexpr std::uint16_t running = 3, enabled = 3, central = 3, status_enabled = 1;
        auto instance = make();
        set_device(instance, machine);
        set_kind(machine, socket.front(), instance);
        instance.set("DeviceID", fmt::format("CPU{}", id))
            .set("NumberOfCores", cores_of(socket))
            .set("NumberOfEnabledCore", cores_of(socket))
            .set("NumberOfLogicalProcessors", socket.size())
            .set("ThreadCount", socket.size())
            .set("Availability", running)
            .set("StatusInfo", enabled)
            .set("CpuStatus", status_enabled)
            .set("ProcessorType", central)
            .set("Role", "CPU")
            .set("Status", "OK");
        if (wanted.has("L2CacheSize")) instance.set("L2CacheSize", cache_size(machine, socket, 2));
        if (wanted.has("L3CacheSize")) instance.set("L3CacheSize", cache_size(machine, socket, 3));
        return instance;
    }
};

}  // namespace

const Provider& processor() {
    static const Processor provider;
    return provider;
}

}  // namespace mullion::cim
