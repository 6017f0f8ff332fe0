#include "spnego/messages.h"

#include <cstdint>

#include "encoding/der.h"
#include "encoding/hex.h"

namespace mullion::spnego {
namespace {

using encoding::der_element;
using encoding::DerReader;

constexpr std::uint8_t kApplication = 0x60;
constexpr std::uint8_t kOid = 0x06;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kOctets = 0x04;
constexpr std::uint8_t kBits = 0x03;
constexpr std::uint8_t kEnumerated = 0x0a;
constexpr std::string_view kSpnegoOid = "\x2b\x06\x01\x05\x05\x02";
constexpr std::size_t kMaxMechanisms = 16;

constexpr std::uint8_t field(int number) {
    return static_cast<std::uint8_t>(0xa0 + number);
}

// The one element that fills `bytes`.
std::optional<std::string_view> only(std::string_view bytes, std::uint8_t tag) {
    DerReader reader(bytes);
    const auto content = reader.expect(tag);
    if (!content || !reader.at_end()) return std::nullopt;
    return content;
}

bool read_mechanisms(std::string_view bytes, std::vector<std::string_view>& mechanisms) {
    const auto list = only(bytes, kSequence);
    if (!list) return false;
    for (DerReader reader(*list); !reader.at_end();) {
        const auto oid = reader.expect(kOid);
        if (!oid || oid->empty() || mechanisms.size() == kMaxMechanisms) return false;
        mechanisms.push_back(*oid);
    }
    return !mechanisms.empty();
}

bool read_mic(std::string_view content, std::optional<std::string_view>& mic) {
    if (mic) return false;
    mic = only(content, kOctets);
    return mic.has_value();
}

bool read_init_field(int number, std::string_view content, SpnegoInit& init) {
    switch (number) {
        case 0:
            init.mechanism_list = content;
            return read_mechanisms(content, init.mechanisms);
        case 1:
            return only(content, kBits).has_value();  // reqFlags: nothing reads them (RFC 4178 4.2.1).
        case 2: {
            const auto token = only(content, kOctets);
            if (token) init.mech_token = *token;
            return token.has_value();
        }
        case 3:
            if (only(content, kSequence)) return true;  // NegTokenInit2's negHints: "please ignore".
            [[fallthrough]];                            // NegTokenInit's checksum stands here.
        case 4:
            return read_mic(content, init.mic);
        default:
            return false;
    }
}

bool read_response_field(int number, std::string_view content, SpnegoResponse& response) {
    switch (number) {
        case 0: {
            const auto state = only(content, kEnumerated);
            if (!state || state->size() != 1 || static_cast<unsigned char>(state->front()) > 3) return false;
            response.state = static_cast<SpnegoState>(state->front());
            return true;
        }
        case 1: {
            const auto oid = only(content, kOid);
            if (oid) response.mechanism = *oid;
            return oid && !oid->empty();
        }
        case 2: {
            const auto token = only(content, kOctets);
            if (token) response.response_token = *token;
            return token.has_value();
        }
        case 3:
            return read_mic(content, response.mic);
        default:
            return false;
    }
}

// The numbered fields of a sequence, each at most once and in order.
template <class Value>
std::optional<Value> read_fields(std::string_view bytes, bool (*read)(int, std::string_view, Value&)) {
    const auto sequence = only(bytes, kSequence);
    if (!sequence) return std::nullopt;
    Value value;
    int previous = -1;
    for (DerReader reader(*sequence); !reader.at_end();) {
        const auto element = reader.next();
        if (!element) return std::nullopt;
        const int number = element->tag - field(0);
        if (number <= previous || !read(number, element->content, value)) return std::nullopt;
        previous = number;
    }
    return value;
}

}  // namespace

std::optional<std::string_view> parse_initial_oid(std::string_view token) {
    const auto content = only(token, kApplication);
    return content ? DerReader(*content).expect(kOid) : std::nullopt;
}

std::optional<SpnegoInit> parse_spnego_init(std::string_view token) {
    const auto whole = only(token, kApplication);
    if (!whole) return std::nullopt;
    DerReader reader(*whole);
    const auto oid = reader.expect(kOid);
    if (!oid || *oid != kSpnegoOid) return std::nullopt;
    const auto choice = reader.expect(field(0));
    if (!choice || !reader.at_end()) return std::nullopt;
    auto init = read_fields<SpnegoInit>(*choice, read_init_field);
    if (init && init->mechanisms.empty()) return std::nullopt;
    return init;
}

std::optional<SpnegoResponse> parse_spnego_response(std::string_view token) {
    const auto choice = only(token, field(1));
    if (!choice) return std::nullopt;
    return read_fields<SpnegoResponse>(*choice, read_response_field);
}

std::string write_mechanism_list(std::span<const std::string_view> oids) {
    std::string list;
    for (const std::string_view oid : oids) list += der_element(kOid, oid);
    return der_element(kSequence, list);
}

std::string write_spnego_init(std::string_view list, std::string_view mech_token) {
    std::string fields = der_element(field(0), list);
    if (!mech_token.empty()) fields += der_element(field(2), der_element(kOctets, mech_token));
    return der_element(kApplication,
                       der_element(kOid, kSpnegoOid) + der_element(field(0), der_element(kSequence, fields)));
}

std::string write_spnego_response(const SpnegoResponse& response) {
    std::string fields;
    if (response.state) {
        const char state = static_cast<char>(*response.state);
        fields += der_element(field(0), der_element(kEnumerated, std::string_view(&state, 1)));
    }
    if (!response.mechanism.empty()) {
        fields += der_element(field(1), der_element(kOid, response.mechanism));
    }
    if (!response.response_token.empty()) {
        fields += der_element(field(2), der_element(kOctets, response.response_token));
    }
    if (response.mic) fields += der_element(field(3), der_element(kOctets, *response.mic));
    return der_element(field(1), der_element(kSequence, fields));
}

std::string oid_text(std::string_view oid) {
    std::string text;
    std::uint64_t arc = 0;
    for (const char c : oid) {
        const auto byte = static_cast<unsigned char>(c);
        if (arc > (UINT64_MAX >> 8)) return encoding::to_hex(oid);
        arc = arc << 7 | (byte & 0x7f);
        if ((byte & 0x80) != 0) continue;
        // X.690 8.19.4: the first two arcs are one number.
        if (text.empty()) {
            const std::uint64_t root = arc < 80 ? arc / 40 : 2;
            text = std::to_string(root);
            arc -= root * 40;
        }
        text += "." + std::to_string(arc);
        arc = 0;
    }
    const bool whole = !oid.empty() && (static_cast<unsigned char>(oid.back()) & 0x80) == 0;
    return whole ? text : encoding::to_hex(oid);
}

}  // namespace mullion::spnego
