// Recordings in the form of pypsrp's tests: `messages:` is a list of mappings with `request` and `response`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::recordings {

struct Pair {
    std::string request;
    std::string response;
};

[[nodiscard]] Result<std::vector<Pair>> load_recording(const std::string& path);

enum class Class { command_shell, shell_enumeration, fault, config, psrp, other };
inline constexpr std::size_t class_count = 6;
[[nodiscard]] std::string_view to_string(Class kind);
// By the answer when it is a fault, else by the resource of the request.
[[nodiscard]] Class classify(const Pair& pair);
// Those that have to hold today; the others are counted and wait.
[[nodiscard]] bool must_hold(Class kind);

}  // namespace mullion::recordings
