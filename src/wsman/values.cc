#include "wsman/values.h"

#include <algorithm>

#include "encoding/base64.h"
#include "encoding/utf16.h"
#include "wsman/fault.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t longest_action = 200;  // That is shown.

char lower_letter(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string unexpected(const Message& message, std::string_view local) {
    std::string found = message.body ? std::string(message.body.local()) : "nothing";
    return "the body is " + found + ", not " + std::string(local);
}

Result<void> check_fault(const Message& message) {
    if (!is_fault(message)) return {};
    MULLION_ASSIGN(const Fault fault, read_fault(message));
    return to_error(fault);
}

}  // namespace

bool same_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower_letter(x) == lower_letter(y); });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower_letter);
    return out;
}

std::optional<bool> parse_boolean(std::string_view text) {
    if (text == "1" || same_ignoring_case(text, "true")) return true;
    if (text == "0" || same_ignoring_case(text, "false")) return false;
    return std::nullopt;
}

Error malformed(std::string what) {
    return Error(ErrorId::wsman_malformed, std::move(what));
}

Error bad_request(std::string what) {
    return bad_request(code::schema_validation, std::move(what));
}

Error bad_request(std::uint32_t code, std::string what) {
    Error error(ErrorId::wsman_malformed, std::move(what));
    error.wsman_code = code;
    return error;
}

std::optional<std::string> base64_of(const xml::Element& element) {
    if (const auto text = element.text_view()) return encoding::base64_decode(*text);
    return encoding::base64_decode(element.text());
}

Result<xml::Element> request_body(const Message& message, std::string_view space, std::string_view local) {
    if (!message.body.is(space, local)) return bad_request(unexpected(message, local));
    return message.body;
}

Result<void> check_response(const Message& message, std::string_view request_action) {
    MULLION_TRY(check_fault(message));
    const auto& header = message.header;
    const auto wanted = std::string(request_action).append(action::response_suffix);
    if (header.action != wanted)
        return malformed("the answer to " + std::string(request_action) + " is " +
                         encoding::shortened(header.action, longest_action));
    const auto again = "{" + std::string(ns::addressing) + "}Action";
    if (std::find(header.repeated.begin(), header.repeated.end(), again) != header.repeated.end())
        return malformed("the answer to " + std::string(request_action) + " has two actions");
    return {};
}

Result<xml::Element> response_body(const Message& message, std::string_view request_action,
                                   std::string_view space, std::string_view local) {
    MULLION_TRY(check_response(message, request_action));
    return headless_body(message, space, local);
}

Result<xml::Element> headless_body(const Message& message, std::string_view space, std::string_view local) {
    MULLION_TRY(check_fault(message));
    if (!message.body.is(space, local)) return malformed(unexpected(message, local));
    return message.body;
}

Result<std::optional<bool>> boolean_option(const Header& header, std::string_view name) {
    const auto text = header.option(name);
    if (!text) return std::optional<bool>();
    const auto value = parse_boolean(*text);
    if (!value)
        return bad_request(code::invalid_option_value, std::string(name) + " is neither TRUE nor FALSE");
    return std::optional<bool>(*value);
}

}  // namespace mullion::wsman
