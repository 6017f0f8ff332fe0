#include "kerberos/kdc_answer.h"

#include <algorithm>
#include <ctime>

#include "encoding/der.h"

namespace mullion::kerberos {
namespace {

using encoding::DerReader;
using Time = std::chrono::sys_seconds;

// RFC 4120 5.10, and the types that Kerberos uses.
constexpr std::uint8_t as_rep = 0x6b, krb_error = 0x7e, sequence = 0x30;
constexpr std::uint8_t integer = 0x02, general_string = 0x1b, generalized_time = 0x18;
constexpr std::uint8_t field = 0xa0;  // [0]
constexpr std::size_t longest_realm = 255;

// "20261121193653Z": no fraction, no zone but that one (RFC 4120 5.2.3).
std::optional<Time> read_time(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 15 || text.back() != 'Z' || !std::all_of(text.begin(), text.end() - 1, is_digit))
        return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        for (const char c : text.substr(at, size)) value = value * 10 + (c - '0');
        return value;
    };
    std::tm parts{};
    parts.tm_year = number(0, 4) - 1900;
    parts.tm_mon = number(4, 2) - 1;
    parts.tm_mday = number(6, 2);
    parts.tm_hour = number(8, 2);
    parts.tm_min = number(10, 2);
    parts.tm_sec = number(12, 2);
    const bool possible = parts.tm_year >= 70 && parts.tm_mon >= 0 && parts.tm_mon < 12 &&
                          parts.tm_mday >= 1 && parts.tm_mday <= 31 && parts.tm_hour < 24 &&
                          parts.tm_min < 60 && parts.tm_sec <= 60;
    if (!possible) return std::nullopt;
    return Time(std::chrono::seconds(::timegm(&parts)));
}

std::optional<std::int32_t> read_number(std::string_view bytes) {
    if (bytes.empty() || bytes.size() > 4) return std::nullopt;
    std::uint32_t value = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0 ? ~0U : 0U;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int32_t>(value);
}

// What of a field is wanted; false when it is not what it must be.
bool take(KdcAnswer& answer, unsigned number, std::string_view content) {
    DerReader inside(content);
    if (answer.refusal && number == 4) {
        const auto text = inside.expect(generalized_time);
        answer.time = text ? read_time(*text) : std::nullopt;
        return answer.time.has_value();
    }
    if (answer.refusal && number == 6) {
        const auto bytes = inside.expect(integer);
        const auto error = bytes ? read_number(*bytes) : std::nullopt;
        answer.error = error.value_or(0);
        return error.has_value();
    }
    if (number == (answer.refusal ? 7U : 3U)) {
        const auto text = inside.expect(general_string);
        if (!text || text->size() > longest_realm) return false;
        answer.client_realm = *text;
    }
    return true;
}

}  // namespace

std::optional<KdcAnswer> read_kdc_answer(std::string_view message) {
    DerReader outside(message);
    const auto whole = outside.next();
    if (!whole || (whole->tag != as_rep && whole->tag != krb_error)) return std::nullopt;
    DerReader wrapped(whole->content);
    const auto content = wrapped.expect(sequence);
    if (!content) return std::nullopt;
    KdcAnswer answer;
    answer.refusal = whole->tag == krb_error;
    DerReader fields(*content);
    while (!fields.at_end()) {
        const auto one = fields.next();
        if (!one) return std::nullopt;
        if ((one->tag & 0xe0U) != field) return std::nullopt;
        if (!take(answer, one->tag & 0x1fU, one->content)) return std::nullopt;
    }
    // Both are required.
    if (answer.refusal ? !answer.time.has_value() : answer.client_realm.empty()) return std::nullopt;
    return answer;
}

}  // namespace mullion::kerberos
