// The words of a query, one at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::wql {

struct Token {
    enum class Kind { name, number, string, mark, end, wrong };
    Kind kind = Kind::end;
    std::string_view text;  // Of a string, what stands between its quotes, escapes and all.
    std::size_t place = 0;
    std::size_t end = 0;
    const char* expected = "";  // Of a wrong one: what it could have been.
};

// That which begins at `place` of the query, or behind the blanks there.
[[nodiscard]] Token token_at(std::string_view query, std::size_t place);

[[nodiscard]] bool is_name_start(char c);
[[nodiscard]] bool is_name_part(char c);

// AND, OR, NULL …: they are no names of classes and properties. ("Querying with WQL")
[[nodiscard]] bool is_reserved(std::string_view name);

// A string without its escapes: \\, \" and \'. Of LIKE a backslash in front of something else is itself,
// since [MS-WMI] 2.2.1 has no escapes there, and Microsoft's own example for LIKE doubles it; elsewhere it is
// wrong, as it is for WMI, and `wrong_at` says where.
[[nodiscard]] std::optional<std::string> unescaped(std::string_view text, bool of_like,
                                                   std::size_t& wrong_at);
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace mullion::wql
