// What a command is about: "winrm/config/Listener?Address=*+Transport=HTTPS".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::winrm {

struct Selector {
    std::string name;
    std::string value;
};

struct Resource {
    std::string given;  // As typed, without selectors: its last word names the root of an input document.
    std::string uri;    // With the alias expanded.
    std::vector<Selector> selectors;
};

// "alias/path?NAME=VALUE+NAME=VALUE". Aliases whatever their case: winrm and wsman, wmi, wmicimv2, cimv2,
// shell, and config, which is ours. A value in double quotes may hold '+'. Errors: usage.invalid
[[nodiscard]] Result<Resource> parse_resource(std::string_view text);

// Every alias and what it stands for, for `winrm help aliases`.
struct Alias {
    std::string_view name;
    std::string_view uri;
};
[[nodiscard]] const std::vector<Alias>& aliases();

// The name of the root element of an input document: the last word of `given`, "Listener". Empty where there
// is none
// ("wmicimv2/*").
[[nodiscard]] std::string_view last_word(std::string_view given);

}  // namespace mullion::winrm
