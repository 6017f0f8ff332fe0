#include "wsman/cim/value.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "core/utf8.h"
#include "wsman/values.h"
#include "xml/characters.h"

namespace mullion::wsman::cim {

namespace {

constexpr std::array<std::pair<Type, std::string_view>, 16> names{{
    {Type::boolean, "boolean"},
    {Type::uint8, "uint8"},
    {Type::sint8, "sint8"},
    {Type::uint16, "uint16"},
    {Type::sint16, "sint16"},
    {Type::uint32, "uint32"},
    {Type::sint32, "sint32"},
    {Type::uint64, "uint64"},
    {Type::sint64, "sint64"},
    {Type::real32, "real32"},
    {Type::real64, "real64"},
    {Type::char16, "char16"},
    {Type::string, "string"},
    {Type::datetime, "datetime"},
    {Type::reference, "reference"},
    {Type::instance, "instance"},
}};

std::string_view trim(std::string_view text) {
    while (!text.empty() && xml::is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && xml::is_space(text.back())) text.remove_suffix(1);
    return text;
}

// A plus sign is good XML Schema, and from_chars knows none.
std::string_view without_plus(std::string_view text) {
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    return text;
}

std::optional<Scalar> unsigned_of(std::string_view text, std::uint64_t most) {
    const auto value = parse_number<std::uint64_t>(without_plus(text));
    if (!value || *value > most) return std::nullopt;
    return Scalar(*value);
}

std::optional<Scalar> signed_of(std::string_view text, std::int64_t most) {
    const auto value = parse_number<std::int64_t>(without_plus(text));
    if (!value || *value > most || *value < -most - 1) return std::nullopt;
    return Scalar(*value);
}

// XML Schema part 2, 3.2.4: INF, -INF and NaN have these spellings and no others.
std::optional<Scalar> real_of(std::string_view text, double most) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (text == "INF") return Scalar(infinity);
    if (text == "-INF") return Scalar(-infinity);
    if (text == "NaN") return Scalar(std::numeric_limits<double>::quiet_NaN());
    text = without_plus(text);
    if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
    const auto value = parse_number<double>(text);
    if (!value || std::fabs(*value) > most) return std::nullopt;
    return Scalar(*value);
}

// Its code in decimal; hosts that follow DSP0230 8.2 to the letter send the character itself.
std::optional<Scalar> character_of(std::string_view text) {
    const auto number = parse_number<std::uint16_t>(trim(text));
    if (number) return Scalar(static_cast<char16_t>(*number));
    if (text.empty()) return std::nullopt;
    const auto first = decode_utf8(text);
    if (!first.valid || first.length != text.size() || first.code > 0xFFFF) return std::nullopt;
    return Scalar(static_cast<char16_t>(first.code));
}

std::optional<Scalar> datetime_of(std::string_view text) {
    if (const auto interval = parse_interval(text)) return Scalar(*interval);
    if (const auto moment = parse_moment(text)) return Scalar(*moment);
    return std::nullopt;
}

template <class Integer>
constexpr auto most = std::numeric_limits<Integer>::max();

struct Formatter {
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::uint64_t value) const { return std::to_string(value); }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const {
        if (std::isnan(value)) return "NaN";
        if (std::isinf(value)) return value < 0 ? "-INF" : "INF";
        return fmt::format("{}", value);  // The shortest that reads back the same.
    }
    std::string operator()(char16_t value) const { return std::to_string(static_cast<unsigned>(value)); }
    std::string operator()(std::string_view value) const { return std::string(value); }
    std::string operator()(const Moment& value) const { return format_xml(value); }
    std::string operator()(const Interval& value) const { return format_xml(value); }
};

}  // namespace

std::string_view type_name(Type type) {
    for (const auto& [known, name] : names)
        if (known == type) return name;
    return {};
}

std::optional<Type> parse_type(std::string_view name) {
    if (same_ignoring_case(name, "object")) return Type::instance;
    for (const auto& [type, known] : names)
        if (same_ignoring_case(name, known)) return type;
    return std::nullopt;
}

std::optional<Scalar> parse_scalar(Type type, std::string_view text) {
    if (type == Type::string) return Scalar(text);
    if (type == Type::char16) return character_of(text);
    text = trim(text);
    switch (type) {
        case Type::boolean:
            if (const auto value = parse_boolean(text)) return Scalar(*value);
            return std::nullopt;
        case Type::uint8:
            return unsigned_of(text, most<std::uint8_t>);
        case Type::uint16:
            return unsigned_of(text, most<std::uint16_t>);
        case Type::uint32:
            return unsigned_of(text, most<std::uint32_t>);
        case Type::uint64:
            return unsigned_of(text, most<std::uint64_t>);
        case Type::sint8:
            return signed_of(text, most<std::int8_t>);
        case Type::sint16:
            return signed_of(text, most<std::int16_t>);
        case Type::sint32:
            return signed_of(text, most<std::int32_t>);
        case Type::sint64:
            return signed_of(text, most<std::int64_t>);
        case Type::real32:
            return real_of(text, most<float>);
        case Type::real64:
            return real_of(text, most<double>);
        case Type::datetime:
            return datetime_of(text);
        default:
            return std::nullopt;
    }
}

std::string format_scalar(const Scalar& value) {
    return std::visit(Formatter(), value);
}

}  // namespace mullion::wsman::cim
