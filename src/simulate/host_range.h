// Many hosts of one entry: names with a range, addresses counted up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::simulate {

// "web[01:50]" gives web01 … web50, "web01" itself. Nothing when the brackets are no range of up to
// `most` numbers.
[[nodiscard]] std::optional<std::vector<std::string>> expand_names(std::string_view text, std::size_t most);
// The address `steps` after this one: 127.1.0.254 is followed by 127.1.0.255 and 127.1.1.0. Nothing when that
// is none, or `address` is not one as the system writes it.
[[nodiscard]] std::optional<std::string> address_after(const std::string& address, std::size_t steps);

}  // namespace mullion::simulate
