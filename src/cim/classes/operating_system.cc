// Win32_OperatingSystem. Sizes are in KB, as Windows has them.
#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {{"BootDevice"},
                                      {"BuildNumber"},
                                      {"BuildType"},
                                      {"CodeSet"},
                                      {"CountryCode"},
                                      {"CSDVersion"},
                                      {"DataExecutionPrevention_32BitApplications", boolean},
                                      {"DataExecutionPrevention_Available", boolean},
                                      {"DataExecutionPrevention_Drivers", boolean},
                                      {"DataExecutionPrevention_SupportPolicy", uint8},
                                      {"Debug", boolean},
                                      {"EncryptionLevel", uint32},
                                      {"ForegroundApplicationBoost", uint8},
                                      {"LargeSystemCache", uint32},
                                      {"Locale"},
                                      {"Manufacturer"},
                                      {"MUILanguages", string, false, true},
                                      {"OperatingSystemSKU", uint32},
                                      {"Organization"},
                                      {"OSArchitecture"},
                                      {"OSLanguage", uint32},
                                      {"OSProductSuite", uint32},
                                      {"PAEEnabled", boolean},
                                      {"PlusProductID"},
                                      {"PlusVersionNumber"},
                                      {"PortableOperatingSystem", boolean},
                                      {"Primary", boolean},
                                      {"ProductType", uint32},
                                      {"RegisteredUser"},
                                      {"SerialNumber"},
                                      {"ServicePackMajorVersion", uint16},
                                      {"ServicePackMinorVersion", uint16},
                                      {"SuiteMask", uint32},
                                      {"SystemDevice"},
                                      {"SystemDirectory"},
                                      {"SystemDrive"},
                                      {"WindowsDirectory"}};

constinit const ClassDef definition_ = {
    "Win32_OperatingSystem", &cim_operating_system, properties, {}, false, true, "root/cimv2"};

constexpr std::uint16_t os_type_linux = 36;  // CIM_OperatingSystem.OSType

std::optional<std::string> release_of(const Machine& machine, std::string_view name) {
    // os-release(5): /etc wins.
    auto text = machine.read("/etc/os-release");
    if (!text) text = machine.read("/usr/lib/os-release");
    if (!text) return std::nullopt;
    const auto values = parse_os_release(*text);
    const auto at = values.find(name);
    if (at == values.end() || at->second.empty()) return std::nullopt;
    return readable(at->second);
}

void set_names(const Machine& machine, Instance& instance) {
    const auto caption = release_of(machine, "PRETTY_NAME");
    instance.set("Caption", caption)
        .set("Name", caption)
        .set("Version", release_of(machine, "VERSION_ID"))
        .set("BuildNumber", machine.read_line("/proc/sys/kernel/osrelease"))
        .set("CreationClassName", "Win32_OperatingSystem")
        .set("CSCreationClassName", "Win32_ComputerSystem")
        .set("CSName", host_name(machine))
        .set("OSType", os_type_linux)
        .set("Primary", true)
        .set("Distributed", false)
        .set("Status", "OK");
    if (!machine.architecture.empty())
        instance.set("OSArchitecture",
                     machine.architecture.find("64") != std::string::npos || machine.architecture == "s390x"
                         ? "64-bit"
                         : "32-bit");
}

void set_memory(const Machine& machine, Instance& instance) {
    const auto memory = numbers_of(machine, "/proc/meminfo");
    const auto total = number_in(memory, "MemTotal"), swap = number_in(memory, "SwapTotal");
    // Windows counts as free what its cache would give back: so does MemAvailable, and MemFree does not.
    const auto available = number_in(memory, "MemAvailable"), free_swap = number_in(memory, "SwapFree");
    instance.set("TotalVisibleMemorySize", kilobytes(total))
        .set("FreePhysicalMemory", kilobytes(available))
        .set("TotalVirtualMemorySize", kilobytes(sum(total, swap)))
        .set("FreeVirtualMemory", kilobytes(sum(available, free_swap)))
        .set("SizeStoredInPagingFiles", kilobytes(swap))
        .set("FreeSpaceInPagingFiles", kilobytes(free_swap));
}

void set_times(const Machine& machine, Instance& instance) {
    const auto local = now(machine);
    instance.set("LocalDateTime", local).set("CurrentTimeZone", local.offset);
    const auto boot = system_stat(machine).boot_time;
    if (boot && *boot < std::uint64_t{1} << 40)
        instance.set("LastBootUpTime", moment_at(machine, static_cast<std::int64_t>(*boot) * 1'000'000));
}

class OperatingSystem final : public Provider {
public:
    OperatingSystem() : Provider(definition_) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        auto instance = make();
        set_names(machine, instance);
        set_memory(machine, instance);
        set_times(machine, instance);
        instance.set("MaxNumberOfProcesses", machine.read_number("/proc/sys/kernel/pid_max"));
        if (question.wanted.has("NumberOfProcesses"))
            if (const auto ids = process_ids(machine)) instance.set("NumberOfProcesses", ids->size());
        if (question.wanted.has("NumberOfUsers"))
            if (const auto sessions = user_sessions(machine)) instance.set("NumberOfUsers", sessions->total);
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }
};

}  // namespace

const Provider& operating_system() {
    static const OperatingSystem provider;
    return provider;
}

}  // namespace mullion::cim
