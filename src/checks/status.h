// The four states of a check, their words and exit codes. Monitoring Plugins' guidelines, "Plugin Return
// Codes".
#pragma once

#include <cstdint>
#include <string_view>

namespace mullion::checks {

// In Centreon's order of severity, where UNKNOWN is worse than WARNING.
enum class Status : std::uint8_t { ok, warning, unknown, critical };

[[nodiscard]] std::string_view status_word(Status status);  // "OK", "WARNING", "UNKNOWN", "CRITICAL".
[[nodiscard]] int exit_code(Status status);                 // 0, 1, 3, 2.
[[nodiscard]] constexpr Status worse(Status a, Status b) {
    return a < b ? b : a;
}

}  // namespace mullion::checks
