// Win32_NetworkAdapter and Win32_NetworkAdapterConfiguration: the interfaces of the machine.
#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/lines.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef base_properties[] = {{"AutoSense", boolean},
                                           {"MaxSpeed", uint64},
                                           {"NetworkAddresses", string, false, true},
                                           {"PermanentAddress"},
                                           {"Speed", uint64}};

constexpr PropertyDef adapter_properties[] = {{"AdapterType"},
                                              {"AdapterTypeId", uint16},
                                              {"DeviceID", string, true},
                                              {"GUID"},
                                              {"Index", uint32},
                                              {"Installed", boolean},
                                              {"InterfaceIndex", uint32},
                                              {"MACAddress"},
                                              {"Manufacturer"},
                                              {"MaxNumberControlled", uint32},
                                              {"NetConnectionID"},
                                              {"NetConnectionStatus", uint16},
                                              {"NetEnabled", boolean},
                                              {"PhysicalAdapter", boolean},
                                              {"ProductName"},
                                              {"ServiceName"},
                                              {"TimeOfLastReset", datetime}};

constexpr PropertyDef setting_properties[] = {{"Caption"}, {"Description"}, {"SettingID"}};

constexpr PropertyDef configuration_properties[] = {{"DefaultIPGateway", string, false, true},
                                                    {"DHCPEnabled", boolean},
                                                    {"DHCPLeaseExpires", datetime},
                                                    {"DHCPLeaseObtained", datetime},
                                                    {"DHCPServer"},
                                                    {"DNSDomain"},
                                                    {"DNSDomainSuffixSearchOrder", string, false, true},
                                                    {"DNSHostName"},
                                                    {"DNSServerSearchOrder", string, false, true},
                                                    {"DomainDNSRegistrationEnabled", boolean},
                                                    {"FullDNSRegistrationEnabled", boolean},
                                                    {"GatewayCostMetric", uint16, false, true},
                                                    {"Index", uint32, true},
                                                    {"InterfaceIndex", uint32},
                                                    {"IPAddress", string, false, true},
                                                    {"IPConnectionMetric", uint32},
                                                    {"IPEnabled", boolean},
                                                    {"IPFilterSecurityEnabled", boolean},
                                                    {"IPSubnet", string, false, true},
                                                    {"MACAddress"},
                                                    {"MTU", uint32},
                                                    {"ServiceName"},
                                                    {"TcpipNetbiosOptions", uint32},
                                                    {"WINSEnableLMHostsLookup", boolean},
                                                    {"WINSPrimaryServer"},
                                                    {"WINSSecondaryServer"}};

constinit const ClassDef cim_network_adapter = {
    "CIM_NetworkAdapter", &cim_logical_device, base_properties, {}, true, false, "root/cimv2"};
constinit const ClassDef cim_setting = {"CIM_Setting", nullptr, setting_properties, {},
                                        true,          false,   "root/cimv2"};
constinit const ClassDef adapter_definition = {
    "Win32_NetworkAdapter", &cim_network_adapter, adapter_properties, {}, false, false, "root/cimv2"};
constinit const ClassDef configuration_definition = {"Win32_NetworkAdapterConfiguration",
                                                     &cim_setting,
                                                     configuration_properties,
                                                     {},
                                                     false,
                                                     false,
                                                     "root/cimv2"};

struct Interface {
    std::string name, folder;
    std::uint64_t index = 0;  // The kernel's, by which Windows' tools tell them apart too.
};

// By their numbers. Nothing where the kernel shows none of them.
std::optional<std::vector<Interface>> interfaces_of(const Machine& machine) {
    const auto names = machine.list("/sys/class/net");
    if (!names) return std::nullopt;
    std::vector<Interface> found;
    for (const auto& name : *names) {
        const auto folder = "/sys/class/net/" + name + "/";
        // bonding_masters is a file among them; others may have gone meanwhile.
        if (const auto index = machine.read_number(folder + "ifindex"))
            found.push_back({name, folder, *index});
    }
    std::sort(found.begin(), found.end(),
              [](const Interface& a, const Interface& b) { return a.index < b.index; });
    return found;
}

// As Windows writes it. Nothing for what is no such address, and for the zeros of the loopback.
std::optional<std::string> mac_address(const Machine& machine, const Interface& interface) {
    constexpr std::size_t length = 17;
    auto text = machine.read_line(interface.folder + "address").value_or("");
    if (text.size() != length || text == "00:00:00:00:00:00") return std::nullopt;
    for (char& c : text)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

// if_arp.h, and Win32_NetworkAdapter's own list.
constexpr std::uint64_t arp_ethernet = 1;

constexpr std::uint16_t disconnected = 0, connected = 2, media_disconnected = 7;

std::optional<std::uint16_t> connection_status(const Machine& machine, const Interface& interface) {
    const auto state = machine.read_line(interface.folder + "operstate");
    if (state == "up") return connected;
    if (state == "lowerlayerdown" || state == "dormant") return media_disconnected;
    if (state != "down") return std::nullopt;  // "unknown": the loopback, tunnels.
    // Down by somebody's word, or without a cable: carrier can be read of what is up only.
    return machine.read_number(interface.folder + "carrier") == 0u ? media_disconnected : disconnected;
}

// IFF_UP
std::optional<bool> is_up(const Machine& machine, const Interface& interface) {
    const auto flags = machine.read_line(interface.folder + "flags");
    if (!flags || !flags->starts_with("0x")) return std::nullopt;
    const auto bits = number<std::uint32_t>(std::string_view(*flags).substr(2), 16);
    if (!bits) return std::nullopt;
    return (*bits & 1) != 0;
}

// Of the driver that serves its device.
std::optional<std::string> driver_of(const Machine& machine, const Interface& interface) {
    const auto target = machine.link(interface.folder + "device/driver");
    if (!target) return std::nullopt;
    return readable(target->substr(target->rfind('/') + 1));
}

class NetworkAdapter final : public Provider {
public:
    NetworkAdapter() : Provider(adapter_definition) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        const auto interfaces = interfaces_of(machine);
        if (!interfaces) return Fault{Fault::Kind::unreadable, "/sys/class/net"};
        for (const auto& interface : *interfaces)
            if (!sink.put(instance_of(machine, interface))) break;
        return std::nullopt;
    }

private:
    Instance instance_of(const Machine& machine, const Interface& interface) const {
        auto instance = make();
        const auto name = readable(interface.name);
        set_device(instance, machine);
        instance.set("DeviceID", fmt::format("{}", interface.index))
            .set("Index", interface.index)
            .set("InterfaceIndex", interface.index)
            .set("Name", name)
            .set("Caption", fmt::format("[{:08}] {}", interface.index, name))
            .set("Description", name)
            .set("ProductName", name)
            .set("NetConnectionID", name)
            .set("Installed", true)
            .set("MACAddress", mac_address(machine, interface))
            .set("Speed", interface_speed(machine, interface.name))
            .set("NetConnectionStatus", connection_status(machine, interface))
            .set("NetEnabled", is_up(machine, interface))
            .set("PhysicalAdapter", machine.exists(interface.folder + "device"))
            .set("ServiceName", driver_of(machine, interface));
        if (machine.read_number(interface.folder + "type") == arp_ethernet)
            instance.set("AdapterType", "Ethernet 802.3").set("AdapterTypeId", 0);
        return instance;
    }
};

// As IPSubnet has it: of an IPv4 address the mask, of others how many bits.
std::string subnet_of(const Address& address) {
    if (address.v6) return fmt::format("{}", address.prefix);
    const std::uint64_t mask = ~std::uint64_t{0} << (32 - std::min(address.prefix, 32u));
    return fmt::format("{}.{}.{}.{}", mask >> 24 & 0xFF, mask >> 16 & 0xFF, mask >> 8 & 0xFF, mask & 0xFF);
}

class AdapterConfiguration final : public Provider {
public:
    AdapterConfiguration() : Provider(configuration_definition) {}

    // Who gave an address (DHCP) only the programs know that did: null.
    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        const auto interfaces = interfaces_of(machine);
        if (!interfaces) return Fault{Fault::Kind::unreadable, "/sys/class/net"};
        const auto addresses = machine.addresses();
        const auto gateways = parse_gateways(machine.read("/proc/net/route").value_or(""));
        const auto resolver = parse_resolver(machine.read("/etc/resolv.conf").value_or(""));
        for (const auto& interface : *interfaces) {
            auto instance = make();
            set_interface(machine, interface, instance);
            // The resolver is the machine's: told of what has an address, as on Windows.
            if (set_addresses(interface, addresses, instance)) set_resolver(machine, resolver, instance);
            set_gateways(interface, gateways, instance);
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }

private:
    static void set_interface(const Machine& machine, const Interface& interface, Instance& instance) {
        const auto name = readable(interface.name);
        instance.set("Index", interface.index)
            .set("InterfaceIndex", interface.index)
            .set("Caption", fmt::format("[{:08}] {}", interface.index, name))
            .set("Description", name)
            .set("SettingID", name)
            .set("MACAddress", mac_address(machine, interface))
            .set("MTU", machine.read_number(interface.folder + "mtu"))
            .set("ServiceName", driver_of(machine, interface));
    }

    static bool set_addresses(const Interface& interface, const std::vector<Address>& addresses,
                              Instance& instance) {
        Array own, subnets;
        for (const bool v6 : {false, true}) {
            for (const auto& address : addresses) {
                // An alias has the name of its interface in front.
                const auto name = std::string_view(address.interface);
                if (address.v6 != v6 || name.substr(0, name.find(':')) != interface.name) continue;
                own.emplace_back(address.address);
                subnets.emplace_back(subnet_of(address));
            }
        }
        const bool any = !own.empty();
        instance.set("IPEnabled", any);
        if (any) instance.set("IPAddress", own).set("IPSubnet", subnets);
        return any;
    }

    static void set_gateways(const Interface& interface, const std::vector<Gateway>& gateways,
                             Instance& instance) {
        Array own, metrics;
        for (const auto& gateway : gateways) {
            if (gateway.interface != interface.name) continue;
            own.emplace_back(gateway.address);
            metrics.emplace_back(std::min<std::uint64_t>(gateway.metric, 0xFFFF));
        }
        if (!own.empty()) instance.set("DefaultIPGateway", own).set("GatewayCostMetric", metrics);
    }

    static void set_resolver(const Machine& machine, const Resolver& resolver, Instance& instance) {
        std::vector<std::string> servers, search;
        for (const auto& server : resolver.servers) servers.push_back(readable(server));
        for (const auto& name : resolver.search) search.push_back(readable(name));
        if (!servers.empty()) instance.set("DNSServerSearchOrder", texts(servers));
        if (!search.empty()) instance.set("DNSDomainSuffixSearchOrder", texts(search));
        const auto name = host_name(machine);
        if (!name) return;
        const auto dot = name->find('.');
        instance.set("DNSHostName", name->substr(0, dot));
        if (dot != std::string::npos && dot + 1 < name->size())
            instance.set("DNSDomain", name->substr(dot + 1));
    }
};

}  // namespace

const Provider& network_adapter() {
    static const NetworkAdapter provider;
    return provider;
}

const Provider& network_adapter_configuration() {
    static const AdapterConfiguration provider;
    return provider;
}

}  // namespace mullion::cim
