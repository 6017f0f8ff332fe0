#include "cim/classes/common.h"

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

Moment moment_at(const Machine& machine, std::int64_t unix_microseconds) {
    return {unix_microseconds, machine.utc_offset(unix_microseconds)};
}

std::uint64_t in_100ns(const Machine& machine, std::uint64_t ticks) {
    const auto rate = machine.ticks_per_second;
    return ticks / rate * 10'000'000 + ticks % rate * 10'000'000 / rate;
}

void set_device(Instance& instance, const Machine& machine) {
    instance.set("CreationClassName", instance.shape().definition().name)
        .set("SystemCreationClassName", "Win32_ComputerSystem")
        .set("SystemName", host_name(machine));
}

}  // namespace mullion::cim
