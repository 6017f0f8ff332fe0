#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cim/classes/classes.h"
#include "cim/classes/perf.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

constexpr std::uint64_t stamp = 133'444'736'001'234'560;  // Of the made-up machine.

constexpr std::string_view diskstats =
    "   8       0 sda 10 1 200 30 5 0 400 50 2 60 80\n"
    "   8       1 sda1 4 0 100 20 3 0 200 40 1 50 70\n"
    " 259       0 nvme0n1 30 0 600 10 15 0 800 30 0 20 40\n"
    "   7       0 loop0 9 0 9 9 9 0 9 9 9 9 9\n";

MadeUp& with_disks(MadeUp& made) {
    return made.file("/proc/diskstats", diskstats)
        .folder("/sys/block/sda/device")
        .folder("/sys/block/nvme0n1/device")
        .folder("/sys/block/loop0");
}

TEST(PerfPhysicalDisk, IsTheWholeDisksAndAllOfThem) {
    MadeUp made;
    with_disks(made);
    const auto rows = rows_of(perf_physical_disk(), made.machine);
    ASSERT_EQ(rows.size(), 3u);
    const auto& sda = *row_of(rows, "Name", "sda");
    EXPECT_EQ(number_of(sda, "DiskReadsPersec"), 10u);
    EXPECT_EQ(number_of(sda, "DiskWritesPersec"), 5u);
    EXPECT_EQ(number_of(sda, "DiskTransfersPersec"), 15u);
    EXPECT_EQ(number_of(sda, "DiskReadBytesPersec"), 200u * 512);
    EXPECT_EQ(number_of(sda, "DiskWriteBytesPersec"), 400u * 512);
    EXPECT_EQ(number_of(sda, "PercentDiskReadTime"), 300'000u);
    EXPECT_EQ(number_of(sda, "PercentDiskWriteTime"), 500'000u);
    EXPECT_EQ(number_of(sda, "PercentDiskTime"), 800'000u);
    EXPECT_EQ(number_of(sda, "PercentIdleTime"), stamp - 600'000);
    EXPECT_EQ(number_of(sda, "PercentIdleTime_Base"), stamp);
    EXPECT_EQ(number_of(sda, "CurrentDiskQueueLength"), 2u);
    EXPECT_EQ(number_of(sda, "AvgDiskQueueLength"), 800'000u);
    EXPECT_EQ(number_of(sda, "AvgDisksecPerTransfer"), 800'000u);
    EXPECT_EQ(number_of(sda, "AvgDisksecPerTransfer_Base"), 15u);
    EXPECT_EQ(number_of(sda, "AvgDiskBytesPerRead_Base"), 10u);
    EXPECT_TRUE(is_null(sda, "SplitIOPerSec"));
    const auto& all = rows.back();
    EXPECT_EQ(text_of(all, "Name"), "_Total");
    EXPECT_EQ(number_of(all, "DiskReadsPersec"), 40u);
    // The mean of both: (60 + 20) / 2 ms.
    EXPECT_EQ(number_of(all, "PercentIdleTime"), stamp - 400'000);
    EXPECT_EQ(number_of(all, "AvgDisksecPerRead"), 400'000u);
}

TEST(PerfPhysicalDisk, SecondsWrapAroundAt32Bits) {
    MadeUp made;
    made.file("/proc/diskstats", "8 0 sda 1 0 0 500000 0 0 0 0 0 0 0\n").folder("/sys/block/sda/device");
    const auto rows = rows_of(perf_physical_disk(), made.machine);
    EXPECT_EQ(number_of(rows[0], "AvgDisksecPerRead"), 5'000'000'000u - 4'294'967'296u);
    EXPECT_EQ(number_of(rows[0], "PercentDiskReadTime"), 5'000'000'000u);
}

TEST(PerfPhysicalDisk, WithoutTheFileIsAFault) {
    MadeUp made;
    Gathered gathered;
    EXPECT_TRUE(perf_physical_disk().enumerate(made.machine, {}, gathered));
}

TEST(PerfLogicalDisk, CountsWhereADeviceIsAFileSystemsOwn) {
    MadeUp made;
    with_disks(made).file("/proc/self/mountinfo",
                          "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
                          "2 1 0:40 / /pool rw - btrfs /dev/sdb rw\n"
                          "3 1 0:50 / /net rw - nfs4 server:/x rw\n");
    made.sizes["/"] = {4096, 100u << 20, 25u << 20, 255, false};
    made.sizes["/pool"] = {4096, 300u << 20, 75u << 20, 255, false};
    const auto rows = rows_of(perf_logical_disk(), made.machine);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(text_of(rows[0], "Name"), "/");
    EXPECT_EQ(number_of(rows[0], "DiskReadsPersec"), 4u);
    EXPECT_EQ(number_of(rows[0], "FreeMegabytes"), 25u);
    EXPECT_EQ(number_of(rows[0], "PercentFreeSpace_Base"), 100u);
    EXPECT_EQ(text_of(rows[1], "Name"), "/pool");
    EXPECT_TRUE(is_null(rows[1], "DiskReadsPersec"));
    EXPECT_TRUE(is_null(rows[1], "PercentIdleTime"));
    EXPECT_EQ(number_of(rows[1], "PercentFreeSpace"), 75u);
    EXPECT_EQ(number_of(rows[2], "FreeMegabytes"), 100u);
    EXPECT_EQ(number_of(rows[2], "PercentFreeSpace_Base"), 400u);
    EXPECT_EQ(number_of(rows[2], "DiskReadsPersec"), 4u);
}

TEST(PerfInterface, TellsWhatTheKernelCounts) {
    MadeUp made;
    made.file("/proc/net/dev",
              "Inter-|   Receive | Transmit\n face |bytes packets\n"
              "  eth0: 1000 10 1 2 0 0 0 3 2000 20 4 5 0 0 0 0\n    lo: 7 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n")
        .file("/sys/class/net/eth0/speed", "1000\n")
        .file("/sys/class/net/lo/speed", "-1\n");
    const auto rows = rows_of(perf_network_interface(), made.machine);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(text_of(rows[0], "Name"), "eth0");
    EXPECT_EQ(number_of(rows[0], "BytesTotalPersec"), 3000u);
    EXPECT_EQ(number_of(rows[0], "BytesReceivedPersec"), 1000u);
    EXPECT_EQ(number_of(rows[0], "PacketsPersec"), 30u);
    EXPECT_EQ(number_of(rows[0], "PacketsReceivedErrors"), 1u);
    EXPECT_EQ(number_of(rows[0], "PacketsReceivedDiscarded"), 2u);
    EXPECT_EQ(number_of(rows[0], "PacketsOutboundErrors"), 4u);
    EXPECT_EQ(number_of(rows[0], "PacketsOutboundDiscarded"), 5u);
    EXPECT_EQ(number_of(rows[0], "CurrentBandwidth"), 1'000'000'000u);
    EXPECT_TRUE(is_null(rows[1], "CurrentBandwidth"));
    EXPECT_TRUE(is_null(rows[0], "PacketsReceivedUnicastPersec"));
}

TEST(PerfTcp, TellsWhatTheKernelCounts) {
    MadeUp made;
    made.file("/proc/net/snmp",
              "Tcp: MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs "
              "RetransSegs\n"
              "Tcp: -1 1 2 3 4 5 6 4294967295 8\n"
              "Udp: InDatagrams NoPorts InErrors OutDatagrams\nUdp: 1 2 3 4\n")
        .file("/proc/net/snmp6", "Udp6InDatagrams \t5\nUdp6NoPorts\t6\nUdp6InErrors 7\nUdp6OutDatagrams 8\n")
        .file("/proc/net/tcp6", "  sl\n 0: a b 01\n 1: a b 08\n 2: a b 0A\n");
    const auto tcp4 = std::move(rows_of(perf_tcp4(), made.machine).at(0));
    EXPECT_EQ(number_of(tcp4, "ConnectionsActive"), 1u);
    EXPECT_EQ(number_of(tcp4, "ConnectionsPassive"), 2u);
    EXPECT_EQ(number_of(tcp4, "ConnectionFailures"), 3u);
    EXPECT_EQ(number_of(tcp4, "ConnectionsReset"), 4u);
    EXPECT_EQ(number_of(tcp4, "ConnectionsEstablished"), 5u);
    EXPECT_EQ(number_of(tcp4, "SegmentsPersec"), 5u);  // Wrapped around.
    EXPECT_EQ(number_of(tcp4, "SegmentsRetransmittedPersec"), 8u);
    const auto tcp6 = std::move(rows_of(perf_tcp6(), made.machine).at(0));
    EXPECT_EQ(number_of(tcp6, "ConnectionsEstablished"), 2u);
    EXPECT_TRUE(is_null(tcp6, "SegmentsPersec"));
    const auto udp4 = std::move(rows_of(perf_udp4(), made.machine).at(0));
    EXPECT_EQ(number_of(udp4, "DatagramsPersec"), 5u);
    EXPECT_EQ(number_of(udp4, "DatagramsReceivedErrors"), 3u);
    const auto udp6 = std::move(rows_of(perf_udp6(), made.machine).at(0));
    EXPECT_EQ(number_of(udp6, "DatagramsPersec"), 13u);
    EXPECT_EQ(number_of(udp6, "DatagramsNoPortPersec"), 6u);
}

TEST(PerfTcp, AKernelWithoutAFamilySaysSo) {
    MadeUp made;
    Gathered gathered;
    for (const auto* provider : {&perf_tcp4(), &perf_tcp6(), &perf_udp4(), &perf_udp6()})
        EXPECT_TRUE(provider->enumerate(made.machine, {}, gathered));
    EXPECT_TRUE(gathered.rows.empty());
}

void add_process(MadeUp& made, unsigned id, const std::string& name, const std::string& ticks) {
    const auto number = std::to_string(id);
    made.file("/proc/" + number + "/stat",
              number + " (" + name + ") S 1 2 3 0 -1 0 9 0 1 0 " + ticks + " 0 0 20 0 2 0 500 4096 3 1\n");
}

TEST(PerfProcess, NamesAreTheirOwn) {
    MadeUp made;
    made.file("/proc/stat", "btime 1600000000\n");
    add_process(made, 10, "sh", "70 30");
    add_process(made, 9, "sh", "10 20");
    add_process(made, 11, "sh#1", "0 0");
    add_process(made, 12, "_Total", "0 0");
    made.file("/proc/10/io", "rchar: 10\nwchar: 20\nsyscr: 3\nsyscw: 4\n")
        .file("/proc/10/status", "VmPeak: 9 kB\nVmHWM: 8 kB\nRssAnon: 7 kB\nVmSwap: 2 kB\n");
    const auto rows = rows_of(perf_process(), made.machine);
    ASSERT_EQ(rows.size(), 5u);
    std::string names;
    for (const auto& row : rows) names += text_of(row, "Name") + " ";
    EXPECT_EQ(names, "sh sh#1 sh#1#1 _Total#1 _Total ");
    EXPECT_EQ(number_of(rows[0], "IDProcess"), 9u);
    const auto& ten = rows[1];
    EXPECT_EQ(number_of(ten, "PercentProcessorTime"), 10'000'000u);
    EXPECT_EQ(number_of(ten, "PercentUserTime"), 7'000'000u);
    EXPECT_EQ(number_of(ten, "ElapsedTime"), 132'444'736'050'000'000u);
    EXPECT_EQ(number_of(ten, "IODataBytesPersec"), 30u);
    EXPECT_EQ(number_of(ten, "IOReadOperationsPersec"), 3u);
    EXPECT_EQ(number_of(ten, "PrivateBytes"), 9u * 1024);
    EXPECT_EQ(number_of(ten, "WorkingSet"), 3u * 4096);
    EXPECT_TRUE(is_null(rows[0], "IODataBytesPersec"));
    EXPECT_EQ(number_of(rows[4], "PercentProcessorTime"), 13'000'000u);
    EXPECT_EQ(number_of(rows[4], "ThreadCount"), 8u);
}

TEST(PerfProcess, AgreesWithThisOne) {
    const auto rows = rows_of(perf_process(), this_machine(), {Wanted({"Name", "IDProcess"}), {}});
    const auto* own = row_of(rows, "IDProcess", std::to_string(::getpid()));
    ASSERT_NE(own, nullptr);
    EXPECT_EQ(number_of(*own, "CreatingProcessID"), static_cast<std::uint64_t>(::getppid()));
    EXPECT_TRUE(text_of(*own, "Name").starts_with("test_cim"));
}

TEST(PerfCores, AreNamedByTheirNodes) {
    MadeUp made;
    made.file("/proc/stat",
              "cpu 30 0 0 60 0 0 0 0\ncpu0 10 0 0 10 0 0 0 0\ncpu1 10 0 0 20 0 0 0 0\ncpu2 10 0 0 30 0 0 0 "
              "0\nintr "
              "90 1\n")
        .file("/proc/interrupts", "  CPU0 CPU1 CPU2\n 0: 5 6 7 x\n")
        .folder("/sys/devices/system/cpu/cpu2/node1")
        .folder("/sys/devices/system/cpu/cpu1/node0")
        .file("/sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "1500000\n")
        .file("/sys/devices/system/cpu/cpu1/cpufreq/cpuinfo_max_freq", "3000000\n");
    const auto rows = rows_of(perf_cores(), made.machine);
    std::string names;
    for (const auto& row : rows) names += text_of(row, "Name") + " ";
    ASSERT_EQ(names, "0,0 0,1 1,2 0,_Total 1,_Total _Total ");
    EXPECT_EQ(number_of(rows[1], "ProcessorFrequency"), 1500u);
    EXPECT_EQ(number_of(rows[1], "PercentofMaximumFrequency"), 50u);
    EXPECT_TRUE(is_null(rows[0], "ProcessorFrequency"));
    EXPECT_EQ(number_of(rows[3], "PercentIdleTime"), 1'500'000u);
    EXPECT_EQ(number_of(rows[3], "InterruptsPersec"), 11u);
    EXPECT_EQ(number_of(rows[4], "InterruptsPersec"), 7u);
    EXPECT_EQ(number_of(rows[5], "PercentProcessorTime"), 2'000'000u);
    EXPECT_EQ(number_of(rows[5], "InterruptsPersec"), 90u);
}

TEST(PerfSessions, CountsPeople) {
    MadeUp made;
    made.file("/run/systemd/sessions/1", "UID=0\nSTATE=active\nCLASS=user\n")
        .file("/run/systemd/sessions/2", "STATE=online\nCLASS=user\n")
        .file("/run/systemd/sessions/3", "STATE=active\nCLASS=manager\n");
    const auto row = std::move(rows_of(perf_sessions(), made.machine).at(0));
    EXPECT_EQ(number_of(row, "ActiveSessions"), 1u);
    EXPECT_EQ(number_of(row, "InactiveSessions"), 1u);
    EXPECT_EQ(number_of(row, "TotalSessions"), 2u);
    MadeUp none;
    EXPECT_TRUE(is_null(rows_of(perf_sessions(), none.machine).at(0), "TotalSessions"));
}

// The same file, read by the test itself before and after: what is told lies between.
TEST(PerfPhysicalDisk, AgreesWithThisMachine) {
    const auto read_of = [](const std::string& disk) -> std::uint64_t {
        std::ifstream file("/proc/diskstats");
        std::string line, major, minor, name;
        while (std::getline(file, line)) {
            std::istringstream words(line);
            std::uint64_t reads = 0, merged = 0, sectors = 0;
            words >> major >> minor >> name >> reads >> merged >> sectors;
            if (name == disk) return sectors * 512;
        }
        return 0;
    };
    for (const auto& row : rows_of(perf_physical_disk(), this_machine())) {
        const auto name = text_of(row, "Name");
        if (name == "_Total") continue;
        EXPECT_LE(number_of(row, "DiskReadBytesPersec"), read_of(name)) << name;
        EXPECT_TRUE(std::filesystem::exists("/sys/block/" + name + "/device")) << name;
    }
}

TEST(PerfInterface, AgreesWithThisMachine) {
    const auto rows = rows_of(perf_network_interface(), this_machine());
    for (const auto& row : rows) {
        const auto name = text_of(row, "Name");
        std::uint64_t after = 0;
        std::ifstream("/sys/class/net/" + name + "/statistics/rx_bytes") >> after;
        EXPECT_LE(number_of(row, "BytesReceivedPersec"), after) << name;
    }
    EXPECT_NE(row_of(rows, "Name", "lo"), nullptr);
}

}  // namespace
}  // namespace mullion::cim
