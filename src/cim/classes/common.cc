#include "cim/classes/common.h"

#include <fmt/core.h>

#include "cim/lines.h"

namespace mullion::cim {

std::optional<std::string> host_name(const Machine& machine) {
    const auto name = machine.read_line("/proc/sys/kernel/hostname");
    if (!name) return std::nullopt;
    return readable(*name);
}

Numbers numbers_of(const Machine& machine, std::string_view path) {
    const auto text = machine.read(path);
    return text ? parse_numbers(*text) : Numbers{};
}

SystemStat system_stat(const Machine& machine) {
    const auto text = machine.read("/proc/stat");
    return text ? parse_system_stat(*text) : SystemStat{};
}

std::optional<std::vector<std::uint64_t>> process_ids(const Machine& machine) {
    const auto names = machine.list("/proc");
    if (!names) return std::nullopt;
    std::vector<std::uint64_t> ids;
    for (const auto& name : *names)
        if (const auto id = number<std::uint64_t>(name)) ids.push_back(*id);
    return ids;
}

std::string process_name(const ProcessStat& stat, std::string_view command_line_bytes) {
    constexpr std::size_t kept = 15;
    if (stat.name.size() < kept) return stat.name;
    auto first = command_line_bytes.substr(0, command_line_bytes.find('\0'));
    first = first.substr(first.rfind('/') + 1);
    return first.starts_with(stat.name) ? std::string(first) : stat.name;
}

std::optional<UserSessions> user_sessions(const Machine& machine) {
    const auto names = machine.list("/run/systemd/sessions");
    if (!names) return std::nullopt;
    UserSessions sessions;
    for (const auto& name : *names) {
        const auto text = machine.read("/run/systemd/sessions/" + name);
        if (!text || text->find("CLASS=user\n") == std::string::npos) continue;
        ++sessions.total;
        if (text->find("STATE=active\n") != std::string::npos) ++sessions.active;
    }
    return sessions;
}

Moment moment_at(const Machine& machine, std::int64_t unix_microseconds) {
    return {unix_microseconds, machine.utc_offset(unix_microseconds)};
}

std::uint64_t in_100ns(const Machine& machine, std::uint64_t ticks) {
    const auto rate = machine.ticks_per_second;
    return ticks / rate * 10'000'000 + ticks % rate * 10'000'000 / rate;
}

std::optional<std::uint64_t> interface_speed(const Machine& machine, std::string_view name) {
    const auto megabits = machine.read_number(fmt::format("/sys/class/net/{}/speed", name));
    // It says -1, or nothing at all.
    constexpr std::uint64_t unknown_16 = 65'535, unknown_32 = 4'294'967'295;
    if (!megabits || *megabits == unknown_16 || *megabits >= unknown_32) return std::nullopt;
    return *megabits * 1'000'000;
}

void set_device(Instance& instance, const Machine& machine) {
    instance.set("CreationClassName", instance.shape().definition().name)
        .set("SystemCreationClassName", "Win32_ComputerSystem")
        .set("SystemName", host_name(machine));
}

}  // namespace mullion::cim
