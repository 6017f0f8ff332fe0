// Whether network adapters are connected: Win32_NetworkAdapter.NetConnectionStatus.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/ask.h"
#include "checks/counters/counters.h"
#include "checks/options.h"
#include "checks/report.h"
#include "checks/rows.h"

namespace mullion::checks {

// In Centreon's words (one of which lacks a letter). Empty: a number that has none.
[[nodiscard]] std::string_view connection_status(std::uint64_t number);

// An adapter's name as Windows' performance counters have it, which have no brackets, slashes and '#' in
// names: "Intel(R) 82574L #2" is "Intel[R] 82574L _2" there.
[[nodiscard]] std::string counter_name(std::string name);

class LinkStatus {
public:
    [[nodiscard]] static std::vector<OptionSpec> options();
    [[nodiscard]] static bool is_asked_for(const Words& words);
    // Whether nothing else is wanted: no other --add-, and none of the thresholds among `options`.
    [[nodiscard]] static bool is_alone(const Words& words, std::span<const OptionSpec> options);
    // Errors: usage.invalid. `alone`: nothing else is said of adapters.
    [[nodiscard]] static Result<LinkStatus> of(const Words& words, bool alone);

    [[nodiscard]] static Ask question();
    // Of the adapters that are taken by the name that counters have; whether there was one. Adapters without
    // a status are no connections, and are passed over.
    [[nodiscard]] Result<bool> judge(const Rows& rows,
                                     const std::function<Result<bool>(const std::string&)>& takes,
                                     Report& report) const;

private:
    explicit LinkStatus(Counters counters) : counters_(std::move(counters)) {}
    Counters counters_;
};

}  // namespace mullion::checks
