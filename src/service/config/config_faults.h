// What the files of winrm/config share: errors as faults, and names. Internal to the room.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "wsman/config.h"

namespace mullion::service {

namespace enumeration_mode {  // DSP0226 8.5, 8.6
inline constexpr std::string_view epr = "EnumerateEPR";
inline constexpr std::string_view object_and_epr = "EnumerateObjectAndEPR";
}  // namespace enumeration_mode

[[nodiscard]] inline Error refused(std::uint32_t code, std::string what) {
    Error error{ErrorId::config_invalid, std::move(what)};
    error.wsman_code = code;
    return error;
}

// A file that somebody broke by hand, a port that is taken, a disk that is full: what an operator needs to
// know is in the text.
[[nodiscard]] wsman::Fault fault_of(Error error);

}  // namespace mullion::service
