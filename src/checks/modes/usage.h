// Something of which a part is used: memory, page files, volumes. Three counters, one text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checks/counters/counter.h"
#include "core/result.h"

namespace mullion::checks {

struct Usage {
    std::int64_t total = 0, used = 0, free = 0;
    double used_percent = 0, free_percent = 0;
};

// Errors: wsman.malformed for numbers that no host has.
[[nodiscard]] Result<Usage> usage_of_free(std::uint64_t total, std::uint64_t free);
[[nodiscard]] Result<Usage> usage_of_used(std::uint64_t total, std::uint64_t used);

// LABEL, LABEL-free and LABEL-prct, with "X.usage.bytes", "X.free.bytes" and "X.usage.percentage".
[[nodiscard]] std::vector<Counter> usage_counters(std::string_view label, std::string_view metric);
// Of these three. `front` stands before "total: …".
[[nodiscard]] std::vector<Reading> usage_readings(const Usage& usage, std::string_view front);

}  // namespace mullion::checks
