#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::inventory {

// "2024-05-01", "2024-5-1 9:30:00.5 +2" as ISO 8601: "2024-05-01T09:30:00.500000+02:00". Nothing for what is
// no timestamp, or no day of the calendar.
[[nodiscard]] std::optional<std::string> yaml_time(std::string_view text);

}  // namespace mullion::inventory
