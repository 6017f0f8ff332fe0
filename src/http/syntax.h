// The words that HTTP fields are made of (RFC 9110 5.6), read front to back out of one field's value.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::http {

namespace detail {
inline constexpr std::array<bool, 256> token_characters = [] {
    std::array<bool, 256> table{};
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
    for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
    for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
    return table;
}();
}  // namespace detail

// These two are asked for every byte of every header.
[[nodiscard]] inline bool is_token_character(char c) {
    return detail::token_characters[static_cast<unsigned char>(c)];
}
// What no field value may hold; TAB is no control here.
[[nodiscard]] inline bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}
[[nodiscard]] bool has_control(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);  // Blanks and TABs off both ends.
[[nodiscard]] std::string lower(std::string_view text);      // ASCII only.
// What a request's target names, without its query: of "/a?b" and of "http://host/a?b" it is "/a" (RFC 9112
// 3.2.1, 3.2.2).
[[nodiscard]] std::string_view path_of(std::string_view target);

// Takes words off the front of a value. What is not there is not taken.
class FieldReader {
public:
    explicit FieldReader(std::string_view value) : rest_(value) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }

    bool skip_blanks();  // True when there were any.
    bool skip(char c);
    std::string_view token();                    // Empty when there is none.
    std::string_view token68();                  // With its '='; empty when there is none.
    std::optional<std::string> quoted_string();  // Without quotes and backslashes.
    std::string_view until(char stop);           // What stands before it, or all.

private:
    std::string_view take(std::size_t length);
    std::string_view rest_;
};

}  // namespace mullion::http
