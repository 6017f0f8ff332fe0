// Moments as AWS writes them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace mullion::aws {

// "20150830T123600Z", as X-Amz-Date has it.
[[nodiscard]] std::string basic_moment(WallTime at);
// "2026-11-22T21:30:00Z", as people and logs have it.
[[nodiscard]] std::string plain_moment(WallTime at);
// "2026-11-22T21:30:00Z", with or without a fraction of the second, which is dropped; nothing else.
[[nodiscard]] std::optional<WallTime> parse_moment(std::string_view text);

}  // namespace mullion::aws
