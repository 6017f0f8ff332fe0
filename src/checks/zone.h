// Time zones of the tz database, for texts. RFC 8536.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::checks {

class Zone {
public:
    // A compiled file. Nothing where it is none: of version 2 or later, at most 64 KiB.
    [[nodiscard]] static std::optional<Zone> parse(std::string_view file);
    // "Europe/Paris", ":Europe/Paris", "UTC", from /usr/share/zoneinfo. Errors: usage.invalid.
    [[nodiscard]] static Result<Zone> named(std::string_view name);

    // Seconds east of Greenwich. Behind the last change that the file lists, that of the last one.
    [[nodiscard]] std::int32_t offset_at(std::int64_t unix_seconds) const;

private:
    struct Change {
        std::int64_t at;
        std::int32_t offset;
    };
    std::int32_t first_ = 0;
    std::vector<Change> changes_;
};

}  // namespace mullion::checks
