// Texts and values of attributes, from what stands in a document to what it means. XML 1.0 2.11, 3.3.3, 4.1.
#pragma once

#include <cstdint>
#include <string_view>

namespace mullion::xml {

enum class ValueKind : std::uint8_t { text, cdata, attribute };

// Where the first character stands that decoding changes; npos when there is none.
[[nodiscard]] std::size_t first_special(std::string_view raw, ValueKind kind);

// Line ends become line feeds and, in attributes, every white space a blank; what a reference stands for
// stays as it is. It only gets shorter: `out` has room for as much as `raw`, or is where `raw` stands. The
// references have been checked.
[[nodiscard]] std::string_view decode_value(std::string_view raw, ValueKind kind, char* out);

}  // namespace mullion::xml
