// Which characters XML 1.0 allows where (productions 2, 4, 4a). Text here is valid UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace mullion::xml {

// A name without a colon, such as the local part of a qualified name.
[[nodiscard]] bool is_ncname(std::string_view text);
// "local" or "prefix:local".
[[nodiscard]] bool is_qname(std::string_view text);

[[nodiscard]] bool is_space(char c);
[[nodiscard]] bool is_blank(std::string_view text);  // Nothing but white space.

[[nodiscard]] bool is_xml_character(char32_t code);

// How many bytes from the front make a run of name characters, colons included.
[[nodiscard]] std::size_t name_run(std::string_view text);
// Whether such a run is "local" or "prefix:local".
[[nodiscard]] bool is_qname_run(std::string_view run);

// The first byte that is malformed UTF-8 or begins a character that XML forbids; npos when all is well.
[[nodiscard]] std::size_t find_forbidden(std::string_view bytes);

}  // namespace mullion::xml
