#include <gtest/gtest.h>

#include <fmt/core.h>

#include "cim/proc_files.h"

namespace mullion::cim {
namespace {

constexpr std::string_view stat_text =
    "cpu  30 3 12 400 5 6 7 8 1 0\ncpu0 10 1 4 200 2 3 4 5 1 0\ncpu7 20 2 8 200\nintr 999 1 2\nctxt 12345\n"
    "btime 1700000000\nprocesses 5\nprocs_running 3\n";
constexpr std::string_view mounts_text =
    "27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard\n"
    "28 27 0:40 /@home /a\\040b\\134c ro,nosuid - btrfs /dev/sdb1 rw\n";
constexpr std::string_view disks_text =
    " 254 0 vda 11 1 22 33 44 2 55 66 7 88 99 0 0 0 0\n 8 1 sda1 1 0 2 3 4 0 5 6 0 8 9\n";
constexpr std::string_view net_text =
    "Inter-|   Receive                            |  Transmit\n face |bytes    packets errs\n"
    "    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n  eth0:1:100 200 0 0 0 0 0 0 300 400 1 2 0 0 0 0\n";
constexpr std::string_view process_text =
    "12 (a) b\n(c)) S 1 12 13 0 -1 4194304 99 77 3 88 700 800 0 0 20 -5 2 0 12345 2298592 383 184467\n";
constexpr std::string_view interrupts_text =
    "           CPU0       CPU2\n  0:   5   6  IO-APIC   2-edge  timer\nNMI:  10  20  Non-maskable\nERR:  "
    "7\n";
constexpr std::string_view route_text =
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    "eth1\t00000000\t0200000A\t0003\t0\t0\t200\t00000000\t0\t0\t0\n"
    "eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "eth0\t0000A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
constexpr std::string_view snmp_text =
    "Tcp: RtoAlgorithm MaxConn ActiveOpens CurrEstab\nTcp: 1 -1 44 5\nUdp: InDatagrams NoPorts\nUdp: 8 9\n";

TEST(ProcFiles, NumbersAreBytes) {
    const auto numbers =
        parse_numbers("MemTotal:       2048 kB\nHugePages_Total:       3\npgfault 77\nName:\tx\n");
    EXPECT_EQ(number_in(numbers, "MemTotal"), 2048 * 1024);
    EXPECT_EQ(number_in(numbers, "HugePages_Total"), 3);
    EXPECT_EQ(number_in(numbers, "pgfault"), 77);
    EXPECT_EQ(number_in(numbers, "Name"), std::nullopt);
    EXPECT_TRUE(parse_numbers("A: 18446744073709551615 kB\nB: 18446744073709551616\nC: -1\n").empty());
}

TEST(ProcFiles, StatHasProcessorsByNumber) {
    const auto stat = parse_system_stat(stat_text);
    ASSERT_TRUE(stat.total);
    EXPECT_EQ(*stat.total, (CpuTimes{30, 3, 12, 400, 5, 6, 7, 8}));
    ASSERT_EQ(stat.cpus.size(), 2u);
    EXPECT_EQ(stat.cpus[1].number, 7u);
    EXPECT_EQ(stat.cpus[1].times, (CpuTimes{20, 2, 8, 200, 0, 0, 0, 0}));
    EXPECT_EQ(stat.interrupts, 999u);
    EXPECT_EQ(stat.context_switches, 12345u);
    EXPECT_EQ(stat.boot_time, 1'700'000'000u);
    EXPECT_EQ(stat.running, 3u);
}

TEST(ProcFiles, ProcessNamesMayHoldAnything) {
    const auto stat = parse_process_stat(process_text);
    ASSERT_TRUE(stat);
    EXPECT_EQ(stat->name, "a) b\n(c)");
    EXPECT_EQ(stat->pid, 12u);
    EXPECT_EQ(stat->parent, 1u);
    EXPECT_EQ(stat->session, 13u);
    EXPECT_EQ(stat->minor_faults, 99u);
    EXPECT_EQ(stat->major_faults, 3u);
    EXPECT_EQ(stat->user_ticks, 700u);
    EXPECT_EQ(stat->system_ticks, 800u);
    EXPECT_EQ(stat->nice, -5);
    EXPECT_EQ(stat->threads, 2u);
    EXPECT_EQ(stat->start_ticks, 12345u);
    EXPECT_EQ(stat->virtual_bytes, 2298592u);
    EXPECT_EQ(stat->resident_pages, 383u);
    EXPECT_FALSE(parse_process_stat("12 )x( S 1\n"));
    EXPECT_FALSE(parse_process_stat("x (y) S 1 1\n"));
}

TEST(ProcFiles, CommandLinesHaveBlanksBetweenWords) {
    using namespace std::string_view_literals;
    EXPECT_EQ(parse_command_line("/bin/sh\0-c\0a b\0"sv), "/bin/sh -c a b");
    EXPECT_EQ(parse_command_line("nginx: master process\0\0\0\0"sv), "nginx: master process");
    EXPECT_EQ(parse_command_line(""), "");
}

TEST(ProcFiles, MountsLoseTheirEscapes) {
    const auto mounts = parse_mounts(mounts_text);
    ASSERT_EQ(mounts.size(), 2u);
    EXPECT_EQ(mounts[0].point, "/");
    EXPECT_EQ(mounts[0].major, 254u);
    EXPECT_EQ(mounts[0].source, "/dev/vda");
    EXPECT_FALSE(mounts[0].read_only);
    EXPECT_EQ(mounts[1].point, "/a b\\c");
    EXPECT_EQ(mounts[1].root, "/@home");
    EXPECT_EQ(mounts[1].type, "btrfs");
    EXPECT_TRUE(mounts[1].read_only);
    EXPECT_TRUE(parse_mounts("27 1 254:0 / / rw shared:1 ext4 /dev/vda rw\n").empty());
}

TEST(ProcFiles, SwapsDisksAndInterfaces) {
    const auto swaps = parse_swaps("Filename Type Size Used Priority\n/swap\\040file file 2097148 1024 -2\n");
    ASSERT_EQ(swaps.size(), 1u);
    EXPECT_EQ(swaps[0].file, "/swap file");
    EXPECT_EQ(swaps[0].size, 2097148u * 1024);
    EXPECT_EQ(swaps[0].used, 1024u * 1024);
    const auto disks = parse_disks(disks_text);
    ASSERT_EQ(disks.size(), 2u);
    EXPECT_EQ(disks[0].reads, 11u);
    EXPECT_EQ(disks[0].read_sectors, 22u);
    EXPECT_EQ(disks[0].write_ms, 66u);
    EXPECT_EQ(disks[0].in_flight, 7u);
    EXPECT_EQ(disks[0].busy_ms, 88u);
    EXPECT_EQ(disks[1].name, "sda1");
    const auto interfaces = parse_interface_counts(net_text);
    ASSERT_EQ(interfaces.size(), 2u);
    EXPECT_EQ(interfaces[0].received_multicast, 8u);
    EXPECT_EQ(interfaces[0].sent_drops, 12u);
    EXPECT_EQ(interfaces[1].name, "eth0:1");
    EXPECT_EQ(interfaces[1].sent_bytes, 300u);
}

TEST(ProcFiles, InterruptsOfEachProcessor) {
    const auto cpus = parse_interrupts(interrupts_text);
    ASSERT_EQ(cpus.size(), 2u);
    EXPECT_EQ(cpus[0].count, 15u);
    EXPECT_EQ(cpus[1].number, 2u);
    EXPECT_EQ(cpus[1].count, 26u);
}

TEST(ProcFiles, Networks) {
    const auto gateways = parse_gateways(route_text);
    ASSERT_EQ(gateways.size(), 2u);
    EXPECT_EQ(gateways[0].address, "192.168.0.1");
    EXPECT_EQ(gateways[0].interface, "eth0");
    EXPECT_EQ(gateways[1].address, "10.0.0.2");
    const auto numbers = parse_snmp(snmp_text);
    EXPECT_EQ(number_in(numbers, "Tcp.CurrEstab"), 5u);
    EXPECT_EQ(number_in(numbers, "Tcp.MaxConn"), std::nullopt);
    EXPECT_EQ(number_in(numbers, "Udp.NoPorts"), 9u);
    EXPECT_EQ(
        count_sockets("  sl local rem st\n   0: 0:1 0:0 0A 0\n   1: 0:1 0:2 01 0\n   2: 0:1 0:2 01 0\n", 1),
        2u);
}

TEST(ProcFiles, FilesOfEtc) {
    const auto values =
        parse_os_release("# x\nPRETTY_NAME=\"A \\\"B\\\" C\"\nID='a\\b'\nNAME=plain\nVERSION_ID=12");
    EXPECT_EQ(values.at("PRETTY_NAME"), "A \"B\" C");
    EXPECT_EQ(values.at("ID"), "a\\b");
    EXPECT_EQ(values.at("VERSION_ID"), "12");
    const auto resolver =
        parse_resolver("domain old\nnameserver 10.0.0.1 # x\n nameserver ::1\nsearch a.b c\n");
    EXPECT_EQ(resolver.servers, (std::vector<std::string>{"10.0.0.1", "::1"}));
    EXPECT_EQ(resolver.search, (std::vector<std::string>{"a.b", "c"}));
}

TEST(ProcFiles, Counts) {
    EXPECT_EQ(parse_thread_count("0.00 0.01 0.05 2/353 26701\n"), 353u);
    EXPECT_EQ(parse_thread_count("0.00 0.01 0.05 2 26701\n"), std::nullopt);
    EXPECT_EQ(parse_range_count("0-3,8\n"), 5u);
    EXPECT_EQ(parse_range_count("3-0\n"), std::nullopt);
    EXPECT_EQ(parse_range_count("\n"), std::nullopt);
}

// What was cut inside a line is not read: digits may be missing from its last number.
TEST(ProcFiles, EveryTruncationSaysLess) {
    for (std::size_t size = 0; size < stat_text.size(); ++size) {
        const auto stat = parse_system_stat(stat_text.substr(0, size));
        EXPECT_LE(stat.cpus.size(), 2u);
        EXPECT_FALSE(stat.running) << size;
        EXPECT_EQ(stat.boot_time.value_or(1'700'000'000u), 1'700'000'000u);
        EXPECT_EQ(stat.context_switches.value_or(12345u), 12345u);
    }
    for (std::size_t size = 0; size < mounts_text.size(); ++size)
        EXPECT_LE(parse_mounts(mounts_text.substr(0, size)).size(), 1u) << size;
    for (std::size_t size = 0; size < disks_text.size(); ++size)
        EXPECT_LE(parse_disks(disks_text.substr(0, size)).size(), 1u) << size;
    for (std::size_t size = 0; size < net_text.size(); ++size)
        EXPECT_LE(parse_interface_counts(net_text.substr(0, size)).size(), 1u) << size;
    for (std::size_t size = 0; size < process_text.size(); ++size)
        EXPECT_FALSE(parse_process_stat(process_text.substr(0, size))) << size;
    for (std::size_t size = 0; size < interrupts_text.size(); ++size)
        for (const auto& cpu : parse_interrupts(interrupts_text.substr(0, size))) EXPECT_LE(cpu.count, 26u);
    for (std::size_t size = 0; size < route_text.size(); ++size)
        for (const auto& gateway : parse_gateways(route_text.substr(0, size)))
            EXPECT_TRUE(gateway.address == "192.168.0.1" || gateway.address == "10.0.0.2");
    for (std::size_t size = 0; size < snmp_text.size(); ++size)
        EXPECT_EQ(number_in(parse_snmp(snmp_text.substr(0, size)), "Udp.NoPorts"), std::nullopt);
    constexpr std::string_view memory = "MemTotal:  2048 kB\n";
    for (std::size_t size = 0; size < memory.size(); ++size)
        EXPECT_TRUE(parse_numbers(memory.substr(0, size)).empty());
    constexpr std::string_view swaps = "Filename Type Size Used Priority\n/s file 2097148 1024 -2\n";
    for (std::size_t size = 0; size < swaps.size(); ++size)
        EXPECT_TRUE(parse_swaps(swaps.substr(0, size)).empty());
    constexpr std::string_view cpu = "processor : 12\nflags : lm\n";
    for (std::size_t size = 0; size < cpu.size(); ++size)
        EXPECT_LE(parse_cpu_info(cpu.substr(0, size)).size(), 1u);
    constexpr std::string_view load = "0.00 0.01 0.05 2/353 26701\n";
    for (std::size_t size = 0; size < load.size(); ++size)
        EXPECT_FALSE(parse_thread_count(load.substr(0, size)));
    constexpr std::string_view range = "0-3,8\n";
    for (std::size_t size = 0; size < range.size(); ++size)
        EXPECT_FALSE(parse_range_count(range.substr(0, size)));
    constexpr std::string_view release = "NAME=\"x y\"\nID=z\n";
    for (std::size_t size = 0; size < release.size(); ++size)
        EXPECT_LE(parse_os_release(release.substr(0, size)).size(), 2u);
    constexpr std::string_view resolv = "nameserver 10.0.0.1\nsearch a\n";
    for (std::size_t size = 0; size < resolv.size(); ++size)
        EXPECT_LE(parse_resolver(resolv.substr(0, size)).servers.size(), 1u);
}

}  // namespace
}  // namespace mullion::cim
