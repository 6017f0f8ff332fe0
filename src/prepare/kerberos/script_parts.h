// The part of the script that is the same for every machine: script/*.sh.
#pragma once

#include <string_view>

namespace mullion::prepare {

extern const std::string_view script_parts;

}  // namespace mullion::prepare
