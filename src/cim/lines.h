// Taking text of the kernel apart.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace mullion::cim {

// The front of `text` up to `end`, which is taken off with it; all of it where there is no such end.
[[nodiscard]] inline std::string_view take_until(std::string_view& text, char end) {
    const auto at = text.find(end);
    const auto front = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return front;
}

// The next line that is whole: what no line end follows was cut, and may have lost digits.
[[nodiscard]] inline std::optional<std::string_view> take_line(std::string_view& text) {
    if (text.find('\n') == std::string_view::npos) return std::nullopt;
    return take_until(text, '\n');
}

// The next word, behind blanks and tabs. Empty: there is none.
[[nodiscard]] inline std::string_view take_word(std::string_view& text) {
    const auto start = text.find_first_not_of(" \t\r");
    text.remove_prefix(start == std::string_view::npos ? text.size() : start);
    const auto word = text.substr(0, text.find_first_of(" \t\r"));
    text.remove_prefix(word.size());
    return word;
}

[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
    const auto start = text.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

// All of the word is that number, in range of its type.
template <std::integral T>
[[nodiscard]] std::optional<T> number(std::string_view word, int base = 10) {
    T value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return value;
}

// The next words as numbers, one into each; false where one is none.
template <std::integral... T>
[[nodiscard]] bool take_numbers(std::string_view& text, T&... into) {
    const auto one = [&](auto& target) {
        const auto read = number<std::remove_reference_t<decltype(target)>>(take_word(text));
        if (read) target = *read;
        return read.has_value();
    };
    return (one(into) && ...);
}

inline void skip_words(std::string_view& text, unsigned count) {
    for (; count > 0; --count) (void)take_word(text);
}

}  // namespace mullion::cim
