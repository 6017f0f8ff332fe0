// Small values inside messages, and the errors that readers give. Internal to the room.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

[[nodiscard]] bool same_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] std::string lower(std::string_view text);  // ASCII letters.

// "true", "TRUE", "1" and their opposites: xs:boolean, and the spellings that clients use.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

// Decimal digits and nothing else.
template <class Integer>
[[nodiscard]] std::optional<Integer> parse_number(std::string_view text) {
    Integer value{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Of an answer: wsman.malformed.
[[nodiscard]] Error malformed(std::string what);
// Of a request: wsman.malformed with the fault to answer with.
[[nodiscard]] Error bad_request(std::string what);
[[nodiscard]] Error bad_request(std::uint32_t code, std::string what);

// The bytes of an element that holds base64; nothing when it does not. Output comes by the megabyte, so the
// text is not copied first.
[[nodiscard]] std::optional<std::string> base64_of(const xml::Element&);

// The body of a request when it is this element.
[[nodiscard]] Result<xml::Element> request_body(const Message&, std::string_view space,
                                                std::string_view local);
// That a message is the answer to a request of that action: a fault gives the fault's error, and any other
// action than the answer's own, or two, is none. DSP0226 5.1.3
[[nodiscard]] Result<void> check_response(const Message&, std::string_view request_action);
// The body of such an answer when it is this element.
[[nodiscard]] Result<xml::Element> response_body(const Message&, std::string_view request_action,
                                                 std::string_view space, std::string_view local);
// The same of Identify, whose messages have no headers. DSP0226 11
[[nodiscard]] Result<xml::Element> headless_body(const Message&, std::string_view space,
                                                 std::string_view local);

// A boolean option of a request; nothing when it is not there.
[[nodiscard]] Result<std::optional<bool>> boolean_option(const Header&, std::string_view name);

}  // namespace mullion::wsman
