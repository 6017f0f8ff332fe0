// The values of the last look at a host, for what can only be said of two looks: rates, shares of time.
// checks/state_file keeps them between two runs; within one run (--sample-interval) they are in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::checks {

// Keys are "<instance>_<property>". Numbers are kept as text, so that 64 bits are.
struct Sample {
    std::int64_t at = 0;  // Seconds since 1970, by the clock of this machine.
    // The host's boot as FILETIME, where the mode asked: another one means that counters began again.
    std::optional<std::uint64_t> boot = {};
    std::map<std::string, std::string, std::less<>> values = {};

    [[nodiscard]] const std::string* find(std::string_view key) const {
        const auto found = values.find(key);
        return found == values.end() ? nullptr : &found->second;
    }
    bool operator==(const Sample&) const = default;
};

struct Samples {
    std::optional<Sample> before;  // Nothing: this is the first look.
    Sample now;                    // Filled by the mode.
};

}  // namespace mullion::checks
