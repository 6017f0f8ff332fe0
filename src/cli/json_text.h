// Texts as JSON has them, written as they are: for rows of which there are many. What is small goes through
// nlohmann's.
#pragma once

#include <string>
#include <string_view>

namespace mullion::cli {

// In quotes, with what escaped_json() escapes; what is no UTF-8 becomes U+FFFD.
void append_json_text(std::string& out, std::string_view text);

}  // namespace mullion::cli
