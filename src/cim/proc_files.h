// What files below /proc and /sys say, as values. Pure functions of their text (proc(5)): what is cut, odd or
// of another kernel gives fewer values, never wrong ones, and never more than the limits below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::cim {

inline constexpr std::size_t most_rows = 65'536;  // Of a table: processors, mounts, disks, interfaces.

// "Name: 12 kB" and "name 12" (meminfo, vmstat, the io and status of a process, snmp6): bytes where it says
// kB. Values that are no numbers are left out.
using Numbers = std::map<std::string, std::uint64_t, std::less<>>;
[[nodiscard]] Numbers parse_numbers(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> number_in(const Numbers& numbers, std::string_view name);

// /proc/net/snmp: a line of names, then one of values; "Tcp.CurrEstab". Only of those that are not negative.
[[nodiscard]] Numbers parse_snmp(std::string_view text);

// In ticks. Guests' time is in user and nice already.
struct CpuTimes {
    std::uint64_t user = 0, nice = 0, system = 0, idle = 0, io_wait = 0, irq = 0, soft_irq = 0, steal = 0;
    bool operator==(const CpuTimes&) const = default;
};
struct CpuLine {
    unsigned number = 0;
    CpuTimes times;
};
struct SystemStat {  // /proc/stat
    std::optional<CpuTimes> total;
    std::vector<CpuLine> cpus;
    std::optional<std::uint64_t> interrupts, context_switches, boot_time, running;
};
[[nodiscard]] SystemStat parse_system_stat(std::string_view text);

// /proc/interrupts: how many each processor of its first line took, in that order.
struct CpuInterrupts {
    unsigned number = 0;
    std::uint64_t count = 0;
};
[[nodiscard]] std::vector<CpuInterrupts> parse_interrupts(std::string_view text);

// /proc/cpuinfo: for each processor what it says, by name. The first of a name wins.
using CpuFacts = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] std::vector<CpuFacts> parse_cpu_info(std::string_view text);

// /proc/loadavg: how many threads there are.
[[nodiscard]] std::optional<std::uint64_t> parse_thread_count(std::string_view text);

// /proc/PID/stat. The name may hold anything, brackets and line ends too.
struct ProcessStat {
    std::uint64_t pid = 0, parent = 0, session = 0;
    std::string name;
    char state = '?';
    std::uint64_t minor_faults = 0, major_faults = 0;
    std::uint64_t user_ticks = 0, system_ticks = 0;
    std::int64_t priority = 0, nice = 0;
    std::uint64_t threads = 0, start_ticks = 0;  // Since boot.
    std::uint64_t virtual_bytes = 0, resident_pages = 0;
};
[[nodiscard]] std::optional<ProcessStat> parse_process_stat(std::string_view text);

// /proc/PID/cmdline: the words with blanks between them.
[[nodiscard]] std::string parse_command_line(std::string_view bytes);

struct Swap {
    std::string file;
    std::uint64_t size = 0, used = 0;  // Bytes.
};
[[nodiscard]] std::vector<Swap> parse_swaps(std::string_view text);

struct Mount {
    unsigned major = 0, minor = 0;
    std::string root, point, type, source;  // Without the octal escapes of the file.
    bool read_only = false;
};
[[nodiscard]] std::vector<Mount> parse_mounts(std::string_view text);  // /proc/self/mountinfo, in its order.

struct Disk {
    unsigned major = 0, minor = 0;
    std::string name;
    std::uint64_t reads = 0, read_sectors = 0, read_ms = 0, writes = 0, written_sectors = 0, write_ms = 0;
    std::uint64_t in_flight = 0, busy_ms = 0, weighted_ms = 0;
};
[[nodiscard]] std::vector<Disk> parse_disks(std::string_view text);  // /proc/diskstats

struct InterfaceCounts {
    std::string name;
    std::uint64_t received_bytes = 0, received_packets = 0, received_errors = 0, received_drops = 0,
                  received_frame = 0, received_multicast = 0;
    std::uint64_t sent_bytes = 0, sent_packets = 0, sent_errors = 0, sent_drops = 0;
};
[[nodiscard]] std::vector<InterfaceCounts> parse_interface_counts(std::string_view text);  // /proc/net/dev

// /proc/net/route: gateways of the default route ("10.0.0.1"), by interface, the lowest metric first.
struct Gateway {
    std::string interface, address;
    std::uint64_t metric = 0;
};
[[nodiscard]] std::vector<Gateway> parse_gateways(std::string_view text);

// /proc/net/tcp and tcp6: how many sockets are in that state (include/net/tcp_states.h; 1 is established).
[[nodiscard]] std::uint64_t count_sockets(std::string_view text, unsigned state);

// NAME=VALUE lines of os-release(5), quotes taken off.
[[nodiscard]] std::map<std::string, std::string, std::less<>> parse_os_release(std::string_view text);

// /etc/resolv.conf: resolv.conf(5).
struct Resolver {
    std::vector<std::string> servers, search;
};
[[nodiscard]] Resolver parse_resolver(std::string_view text);

// "0-3,8": how many are in it (/sys/devices/system/cpu/online).
[[nodiscard]] std::optional<std::uint64_t> parse_range_count(std::string_view text);

}  // namespace mullion::cim
