#include "wsman/values.h"

#include <algorithm>

#include "encoding/base64.h"
#include "wsman/fault.h"

namespace mullion::wsman {

namespace {

char lower_letter(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string unexpected(const Message& message, std::string_view local) {
    std::string found = message.body ? std::string(message.body.local()) : "nothing";
    return "the body is " + found + ", not " + std::string(local);
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

Result<xml::Element> response_body(const Message& message, std::string_view space, std::string_view local) {
    if (is_fault(message)) {
        MULLION_ASSIGN(const Fault fault, read_fault(message));
        return to_error(fault);
    }
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
