// Escaping of text and attribute values, shared by Writer and Element::to_xml().
#pragma once

#include <string>
#include <string_view>

namespace mullion::xml {

// Appends `value` so that a reader gets it back character by character; forbidden ones and malformed UTF-8
// become '?', byte by byte for the latter.
void append_text(std::string& out, std::string_view value);
void append_attribute(std::string& out, std::string_view value);  // For double quotes.

}  // namespace mullion::xml
