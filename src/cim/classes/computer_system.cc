// Win32_ComputerSystem.
#include <set>

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {{"AdminPasswordStatus", uint16},
                                      {"AutomaticManagedPagefile", boolean},
                                      {"AutomaticResetBootOption", boolean},
                                      {"AutomaticResetCapability", boolean},
                                      {"BootOptionOnLimit", uint16},
                                      {"BootOptionOnWatchDog", uint16},
                                      {"BootROMSupported", boolean},
                                      {"BootStatus", uint16, false, true},
                                      {"BootupState"},
                                      {"ChassisBootupState", uint16},
                                      {"ChassisSKUNumber"},
                                      {"CurrentTimeZone", sint16},
                                      {"DaylightInEffect", boolean},
                                      {"DNSHostName"},
                                      {"Domain"},
                                      {"DomainRole", uint16},
                                      {"EnableDaylightSavingsTime", boolean},
                                      {"FrontPanelResetStatus", uint16},
                                      {"HypervisorPresent", boolean},
                                      {"InfraredSupported", boolean},
                                      {"KeyboardPasswordStatus", uint16},
                                      {"Manufacturer"},
                                      {"Model"},
                                      {"Name", string, true},
                                      {"NetworkServerModeEnabled", boolean},
                                      {"NumberOfLogicalProcessors", uint32},
                                      {"NumberOfProcessors", uint32},
                                      {"OEMLogoBitmap", uint8, false, true},
                                      {"OEMStringArray", string, false, true},
                                      {"PartOfDomain", boolean},
                                      {"PauseAfterReset", sint64},
                                      {"PCSystemType", uint16},
                                      {"PCSystemTypeEx", uint16},
                                      {"PowerOnPasswordStatus", uint16},
                                      {"PowerSupplyState", uint16},
                                      {"ResetCount", sint16},
                                      {"ResetLimit", sint16},
                                      {"SupportContactDescription", string, false, true},
                                      {"SystemFamily"},
                                      {"SystemSKUNumber"},
                                      {"SystemStartupDelay", uint16},
                                      {"SystemStartupOptions", string, false, true},
                                      {"SystemStartupSetting", uint8},
                                      {"SystemType"},
                                      {"ThermalState", uint16},
                                      {"TotalPhysicalMemory", uint64},
                                      {"UserName"},
                                      {"WakeUpType", uint16},
                                      {"Workgroup"}};

constinit const ClassDef definition_ = {
    "Win32_ComputerSystem", &cim_unitary_computer_system, properties, {}, false, false, "root/cimv2"};

// What the firmware says of itself; containers and some virtual machines have none.
std::optional<std::string> dmi(const Machine& machine, const char* name) {
    const auto text = machine.read_line(std::string("/sys/class/dmi/id/") + name);
    if (!text) return std::nullopt;
    return readable(*text);
}

void set_processors(const Machine& machine, Instance& instance) {
    const auto text = machine.read("/proc/cpuinfo");
    const auto cpus = text ? parse_cpu_info(*text) : std::vector<CpuFacts>{};
    if (cpus.empty()) return;
    std::set<std::string> sockets;
    for (const auto& cpu : cpus) {
        const auto at = cpu.find("physical id");
        sockets.insert(at == cpu.end() ? std::string() : at->second);
    }
    instance.set("NumberOfLogicalProcessors", cpus.size()).set("NumberOfProcessors", sockets.size());
    if (const auto at = cpus.front().find("flags"); at != cpus.front().end())
        instance.set("HypervisorPresent", (" " + at->second + " ").find(" hypervisor ") != std::string::npos);
}

std::optional<std::string> system_type(const Machine& machine) {
    if (machine.architecture == "x86_64") return "x64-based PC";
    if (machine.architecture == "aarch64") return "ARM64-based PC";
    if (machine.architecture.starts_with("arm")) return "ARM-based PC";
    if (machine.architecture.size() == 4 && machine.architecture.ends_with("86")) return "X86-based PC";
    return std::nullopt;
}

void set_names(const Machine& machine, Instance& instance) {
    const auto name = host_name(machine);
    instance.set("Name", name)
        .set("Caption", name)
        .set("CreationClassName", "Win32_ComputerSystem")
        .set("SystemType", system_type(machine))
        .set("Status", "OK");
    if (!name) return;
    const auto dot = name->find('.');
    instance.set("DNSHostName", name->substr(0, dot));
    if (dot != std::string::npos && dot + 1 < name->size()) instance.set("Domain", name->substr(dot + 1));
}

class ComputerSystem final : public Provider {
public:
    ComputerSystem() : Provider(definition_) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        auto instance = make();
        set_names(machine, instance);
        set_processors(machine, instance);
        instance.set("Manufacturer", dmi(machine, "sys_vendor"))
            .set("Model", dmi(machine, "product_name"))
            .set("SystemFamily", dmi(machine, "product_family"))
            .set("SystemSKUNumber", dmi(machine, "product_sku"))
            .set("CurrentTimeZone", now(machine).offset)
            .set("TotalPhysicalMemory", number_in(numbers_of(machine, "/proc/meminfo"), "MemTotal"));
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }
};

}  // namespace

const Provider& computer_system() {
    static const ComputerSystem provider;
    return provider;
}

}  // namespace mullion::cim
