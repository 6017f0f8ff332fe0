// The kinds of requests, each in a file of its own. Internal to the room.
#pragma once

#include "cimhost/questions.h"

namespace mullion::cimhost {

// All give the last frame.
[[nodiscard]] cim::FromHost enumerate(const World& world, const wsman::Message& message, Frames& frames);
[[nodiscard]] cim::FromHost get(const World& world, const wsman::Message& message);
[[nodiscard]] cim::FromHost put(const World& world, const wsman::Message& message);
[[nodiscard]] cim::FromHost create(const World& world, const wsman::Message& message);
[[nodiscard]] cim::FromHost remove(const World& world, const wsman::Message& message);
[[nodiscard]] cim::FromHost invoke(const World& world, const wsman::Message& message);

// Class metadata (DSP0201), whose resource URI is another than those of classes.
[[nodiscard]] bool is_metadata_uri(std::string_view uri);
[[nodiscard]] cim::FromHost get_class(const World& world, const wsman::Message& message);
[[nodiscard]] cim::FromHost enumerate_classes(const World& world, const wsman::Message& message,
                                              Frames& frames);

}  // namespace mullion::cimhost
