// What the processes of one shell, or of one question about CIM, may use of the machine's memory.
#pragma once

#include <cstdint>

#include "state/settings.h"

namespace mullion::service {

// In MB; 0: no limit. Windows' largest number means none as well.
[[nodiscard]] inline std::uint32_t memory_limit(const state::Settings& settings) {
    constexpr std::uint32_t unlimited = 2'147'483'647;
    return settings.max_memory_per_shell_mb == unlimited ? 0 : settings.max_memory_per_shell_mb;
}

}  // namespace mullion::service
