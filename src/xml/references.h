// Character and entity references. XML 1.0 4.1, 4.6.
#pragma once

#include <string_view>

namespace mullion::xml {

// What stands between '&' and ';' ("lt", "#65", "#x41"); 0 when it stands for no character of XML.
[[nodiscard]] char32_t referenced_character(std::string_view body);

}  // namespace mullion::xml
