// What several classes tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cim/instance.h"
#include "cim/machine.h"
#include "cim/proc_files.h"

namespace mullion::cim {

// The kernel's host name, with its domain where somebody put it there.
[[nodiscard]] std::optional<std::string> host_name(const Machine& machine);
// Numbers of such a file; none where there is no file.
[[nodiscard]] Numbers numbers_of(const Machine& machine, std::string_view path);
[[nodiscard]] SystemStat system_stat(const Machine& machine);
// The numbers of the processes that there are; nothing where /proc cannot be read.
[[nodiscard]] std::optional<std::vector<std::uint64_t>> process_ids(const Machine& machine);
// The kernel keeps 15 bytes of a name. Where the program's own first word goes on as those do, that is the
// name.
[[nodiscard]] std::string process_name(const ProcessStat& stat, std::string_view command_line_bytes);
// Log-ons of people; those of systemd's own manager for them are no sessions of theirs. Active: somebody sits
// in front of it, or it has no seat (ssh). Nothing where logind keeps none.
struct UserSessions {
    std::uint64_t total = 0, active = 0;
};
[[nodiscard]] std::optional<UserSessions> user_sessions(const Machine& machine);
// In the time zone that holds at that time.
[[nodiscard]] Moment moment_at(const Machine& machine, std::int64_t unix_microseconds);
[[nodiscard]] inline Moment now(const Machine& machine) {
    return moment_at(machine, machine.times().unix_microseconds);
}
[[nodiscard]] inline std::optional<std::uint64_t> kilobytes(std::optional<std::uint64_t> bytes) {
    if (!bytes) return std::nullopt;
    return *bytes / 1024;
}
// Both, or nothing.
[[nodiscard]] inline std::optional<std::uint64_t> sum(std::optional<std::uint64_t> a,
                                                      std::optional<std::uint64_t> b) {
    if (!a || !b) return std::nullopt;
    return *a + *b;
}
// Ticks of /proc in units of 100 ns.
[[nodiscard]] std::uint64_t in_100ns(const Machine& machine, std::uint64_t ticks);
// Bits a second of a network interface; nothing where the kernel does not know.
[[nodiscard]] std::optional<std::uint64_t> interface_speed(const Machine& machine, std::string_view name);
// What CIM_LogicalDevice has of every device: its class, its system, "OK".
void set_device(Instance& instance, const Machine& machine);

}  // namespace mullion::cim
