// Words of FLEET.yml that are not plain text: times, sizes, codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/clock.h"

namespace mullion::simulate {

// What never comes: "delay: never".
inline constexpr Duration never = Duration::max();

// "50ms", "1.5s", "2m", "1h"; a number alone is seconds; "never". At most a day, otherwise.
[[nodiscard]] std::optional<Duration> parse_delay(std::string_view text);
// "100", "64KiB", "100MB": at most a tebibyte.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);
// "0x803381A6", "2150859174", "-1": 32 bits.
[[nodiscard]] std::optional<std::uint32_t> parse_code(std::string_view text);

}  // namespace mullion::simulate
