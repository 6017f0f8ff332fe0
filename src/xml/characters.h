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

// The run of name characters, colons included, that `text` begins with.
struct NameRun {
    std::size_t length = 0;
    std::size_t local = 0;  // Where the part behind the colon begins; 0 when there is none.
    bool valid = false;     // Whether it is "local" or "prefix:local".
};
[[nodiscard]] NameRun name_run(std::string_view text);

// How many bytes from the front mean themselves wherever they stand in a document: printable ASCII without
// `"`, `&`, `<` and `>`. Nearly every value is nothing else.
[[nodiscard]] std::size_t plain_run(std::string_view bytes);
[[nodiscard]] inline bool is_plain(std::string_view bytes) {
    return plain_run(bytes) == bytes.size();
}

// The first byte that is malformed UTF-8 or begins a character that XML forbids; npos when all is well.
[[nodiscard]] std::size_t find_forbidden(std::string_view bytes);

}  // namespace mullion::xml
