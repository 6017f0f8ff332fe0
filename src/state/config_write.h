// Pieces of winrm.yaml as they are written. Internal to the room.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "state/config_layer.h"

namespace mullion::state {

// A value that YAML reads as this text, whatever stands in it. `bare`: numbers and booleans need no quotes.
[[nodiscard]] std::string quoted(std::string_view text, bool bare = false);

using Pairs = std::vector<std::pair<std::string, std::string>>;  // Key, and value as quoted() made it.
[[nodiscard]] Pairs item_pairs(const ListenerSettings& listener);
[[nodiscard]] Pairs item_pairs(const CertificateMapping& mapping);
[[nodiscard]] Pairs item_pairs(const SecurityEntry& entry);
// "  - Address: "*"\n    Transport: HTTP\n"
[[nodiscard]] std::string item_text(const Pairs& pairs, const std::string& indent);

// What stands behind the colon of a setting.
[[nodiscard]] std::string value_scalar(std::string_view path, std::string_view text);

}  // namespace mullion::state
