// The words that HTTP fields are made of (RFC 9110 5.6), read front to back out of one field's value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::http {

[[nodiscard]] bool is_token_character(char c);
[[nodiscard]] bool is_control(char c);  // What no field value may hold; TAB is no control here.
[[nodiscard]] std::string_view trim(std::string_view text);  // Blanks and TABs off both ends.
[[nodiscard]] std::string lower(std::string_view text);      // ASCII only.

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
