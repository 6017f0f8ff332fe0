#include <gtest/gtest.h>

#include <net/if.h>

#include <fmt/core.h>

#include "cim/classes/classes.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

void add_interface(MadeUp& made, const std::string& name, unsigned index, const std::string& state) {
    const auto folder = "/sys/class/net/" + name + "/";
    made.file(folder + "ifindex", fmt::format("{}\n", index)).file(folder + "operstate", state + "\n");
}

TEST(NetworkAdapter, TellsWhatTheFilesSay) {
    MadeUp made;
    add_interface(made, "lo", 1, "unknown");
    add_interface(made, "eth1", 3, "down");
    add_interface(made, "eth0", 2, "up");
    add_interface(made, "eth2", 4, "down");
    made.file("/sys/class/net/bonding_masters", "\n")
        .file("/sys/class/net/lo/address", "00:00:00:00:00:00\n")
        .file("/sys/class/net/eth0/address", "52:54:00:ab:cd:ef\n")
        .file("/sys/class/net/eth0/speed", "1000\n")
        .file("/sys/class/net/eth0/type", "1\n")
        .file("/sys/class/net/eth0/flags", "0x1003\n")
        .file("/sys/class/net/eth1/flags", "0x1002\n")
        .file("/sys/class/net/eth1/speed", "-1\n")
        .file("/sys/class/net/eth2/carrier", "0\n")
        .link("/sys/class/net/eth0/device/driver", "../../bus/drivers/virtio_net");
    const auto rows = rows_of(network_adapter(), made.machine);
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(text_of(rows[0], "Name"), "lo");
    EXPECT_TRUE(is_null(rows[0], "MACAddress"));
    EXPECT_TRUE(is_null(rows[0], "NetConnectionStatus"));
    EXPECT_EQ(text_of(rows[1], "DeviceID"), "2");
    EXPECT_EQ(text_of(rows[1], "MACAddress"), "52:54:00:AB:CD:EF");
    EXPECT_EQ(number_of(rows[1], "Speed"), 1'000'000'000u);
    EXPECT_EQ(text_of(rows[1], "NetConnectionStatus"), "2");
    EXPECT_EQ(text_of(rows[1], "NetEnabled"), "TRUE");
    EXPECT_EQ(text_of(rows[1], "ServiceName"), "virtio_net");
    EXPECT_EQ(text_of(rows[1], "PhysicalAdapter"), "TRUE");
    EXPECT_TRUE(is_null(rows[2], "Speed"));
    EXPECT_EQ(text_of(rows[2], "NetConnectionStatus"), "0");
    EXPECT_EQ(text_of(rows[2], "NetEnabled"), "FALSE");
    EXPECT_EQ(text_of(rows[3], "NetConnectionStatus"), "7");
}

TEST(NetworkAdapterConfiguration, HasAddressesGatewaysAndResolver) {
    MadeUp made;
    add_interface(made, "lo", 1, "unknown");
    add_interface(made, "eth0", 2, "up");
    made.addresses = {{"eth0", "fe80::1", 64, true}, {"eth0:1", "10.0.0.5", 22, false}};
    made.file("/proc/net/route", "h\neth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n")
        .file("/etc/resolv.conf", "nameserver 10.0.0.53\nsearch example.org\n");
    const auto rows = rows_of(network_adapter_configuration(), made.machine);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(text_of(rows[0], "IPEnabled"), "FALSE");
    EXPECT_TRUE(is_null(rows[0], "IPAddress"));
    EXPECT_TRUE(is_null(rows[0], "DNSServerSearchOrder"));
    const auto array = [&](const char* name) { return std::get<Array>(*rows[1].find(name)); };
    EXPECT_EQ(array("IPAddress"), texts({"10.0.0.5", "fe80::1"}));
    EXPECT_EQ(array("IPSubnet"), texts({"255.255.252.0", "64"}));
    EXPECT_EQ(array("DefaultIPGateway"), texts({"10.0.0.1"}));
    EXPECT_EQ(array("DNSServerSearchOrder"), texts({"10.0.0.53"}));
    EXPECT_TRUE(is_null(rows[1], "DHCPEnabled"));
}

TEST(NetworkAdapter, AgreesWithThisMachine) {
    for (const auto& row : rows_of(network_adapter(), this_machine()))
        EXPECT_EQ(::if_nametoindex(text_of(row, "Name").c_str()), number_of(row, "InterfaceIndex"));
}

}  // namespace
}  // namespace mullion::cim
