#include "checks/modes/usage.h"

#include <fmt/format.h>

#include "checks/bytes.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

constexpr std::uint64_t most = std::uint64_t{1} << 62;

Result<Usage> checked(std::uint64_t total, std::uint64_t part) {
    if (total > most || part > most) return malformed(fmt::format("{} of {} bytes is no size", part, total));
    Usage usage;
    usage.total = static_cast<std::int64_t>(total);
    return usage;
}

double percent(std::int64_t part, std::int64_t total) {
    if (total == 0) return 0;
    return static_cast<double>(part) * 100 / static_cast<double>(total);
}

}  // namespace

Result<Usage> usage_of_free(std::uint64_t total, std::uint64_t free) {
    MULLION_ASSIGN(auto usage, checked(total, free));
    usage.free = static_cast<std::int64_t>(free);
    usage.used = usage.total - usage.free;
    usage.free_percent = percent(usage.free, usage.total);
    usage.used_percent = 100 - usage.free_percent;
    return usage;
}

Result<Usage> usage_of_used(std::uint64_t total, std::uint64_t used) {
    MULLION_ASSIGN(auto usage, checked(total, used));
    usage.used = static_cast<std::int64_t>(used);
    usage.free = usage.total - usage.used;
    usage.used_percent = percent(usage.used, usage.total);
    usage.free_percent = 100 - usage.used_percent;
    return usage;
}

std::vector<Counter> usage_counters(std::string_view label, std::string_view metric) {
    const std::string name(label), dotted(metric);
    return {{.label = name, .metric = dotted + ".usage.bytes"},
            {.label = name + "-free", .metric = dotted + ".free.bytes", .shown = false},
            {.label = name + "-prct", .metric = dotted + ".usage.percentage", .shown = false}};
}

std::vector<Reading> usage_readings(const Usage& usage, std::string_view front) {
    const auto text = fmt::format("{}total: {} used: {} ({}%) free: {} ({}%)", front,
                                  format_bytes(static_cast<double>(usage.total)),
                                  format_bytes(static_cast<double>(usage.used)), fixed(usage.used_percent),
                                  format_bytes(static_cast<double>(usage.free)), fixed(usage.free_percent));
    const auto bytes = [&](std::int64_t number) {
        Reading reading;
        reading.number = static_cast<double>(number);
        reading.text = text;
        reading.metrics = {{.value = std::to_string(number),
                            .unit = "B",
                            .min = "0",
                            .max = std::to_string(usage.total),
                            .whole = true}};
        return reading;
    };
    Reading percent;
    percent.number = usage.used_percent;
    percent.text = text;
    percent.metrics = {{.value = fixed(usage.used_percent), .unit = "%", .min = "0", .max = "100"}};
    return {bytes(usage.used), bytes(usage.free), std::move(percent)};
}

}  // namespace mullion::checks
