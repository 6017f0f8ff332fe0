// `winrm help [TOPIC]` and `winrs -?`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::winrm {

// Of `winrm help TOPIC`: an operation, or uris, aliases, config, certmapping, remoting, auth, input,
// switches, proxy, filters; "help" is the first page. Nothing for any other.
[[nodiscard]] std::optional<std::string> help_text(std::string_view topic);
[[nodiscard]] const std::vector<std::string_view>& help_topics();

[[nodiscard]] std::string_view winrs_help_text();

}  // namespace mullion::winrm
