#include "credssp/messages.h"

#include <fmt/core.h>

#include "encoding/der.h"
#include "encoding/utf16.h"

namespace mullion::credssp {
namespace {

using encoding::ByteOrder;
using encoding::der_element;
using encoding::DerReader;

constexpr std::uint8_t sequence_tag = 0x30;
constexpr std::uint8_t integer_tag = 0x02;
constexpr std::uint8_t octets_tag = 0x04;

constexpr std::uint8_t field_tag(unsigned number) {
    return static_cast<std::uint8_t>(0xA0 | number);  // [number] EXPLICIT
}

enum CredentialType : std::uint32_t { password = 1, smart_card = 2, remote_guard = 6 };  // 2.2.1.2

// The one element of `tag` that is all of `bytes`.
std::optional<std::string_view> only(std::string_view bytes, std::uint8_t tag) {
    DerReader reader(bytes);
    const auto content = reader.expect(tag);
    if (!content || !reader.at_end()) return std::nullopt;
    return content;
}

// Four bytes at most, as two's complement: Windows writes an NTSTATUS, whose highest bit is set, as a
// negative number, others with a zero ahead.
std::optional<std::uint32_t> read_integer(std::string_view field) {
    auto bytes = only(field, integer_tag);
    if (!bytes || bytes->empty()) return std::nullopt;
    if (bytes->size() == 5 && bytes->front() == 0) bytes->remove_prefix(1);
    if (bytes->size() > 4) return std::nullopt;
    const bool negative = (static_cast<unsigned char>(bytes->front()) & 0x80) != 0;
    std::uint32_t value = negative ? 0xFFFFFFFFu : 0;
    for (const char byte : *bytes) value = (value << 8) | static_cast<unsigned char>(byte);
    return value;
}

std::string integer(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFF);
    // X.690 8.3.2: no byte ahead that says nothing.
    while (bytes.size() > 1 && bytes[0] == 0 && (static_cast<unsigned char>(bytes[1]) & 0x80) == 0)
        bytes.erase(0, 1);
    return der_element(integer_tag, bytes);
}

// NegoData ::= SEQUENCE OF SEQUENCE { negoToken [0] OCTET STRING }. Nobody sends more than one.
std::optional<std::string_view> read_nego_data(std::string_view field) {
    const auto list = only(field, sequence_tag);
    const auto item = list ? only(*list, sequence_tag) : std::nullopt;
    const auto token = item ? only(*item, field_tag(0)) : std::nullopt;
    return token ? only(*token, octets_tag) : std::nullopt;
}

std::string nego_data(std::string_view token) {
    const auto field = der_element(field_tag(0), der_element(octets_tag, token));
    return der_element(sequence_tag, der_element(sequence_tag, field));
}

bool read_field(unsigned number, std::string_view content, TsRequest& request) {
    switch (number) {
        case 0: {
            const auto version = read_integer(content);
            if (!version || *version > 0x7FFFFFFF) return false;
            request.version = *version;
            return true;
        }
        case 1:
            return (request.nego_token = read_nego_data(content)).has_value();
        case 2:
            return (request.auth_info = only(content, octets_tag)).has_value();
        case 3:
            return (request.pub_key_auth = only(content, octets_tag)).has_value();
        case 4:
            return (request.error_code = read_integer(content)).has_value();
        case 5:
            return (request.client_nonce = only(content, octets_tag)).has_value();
        default:
            return false;
    }
}

std::optional<std::string> text_field(DerReader& reader, unsigned number) {
    const auto field = reader.expect(field_tag(number));
    const auto bytes = field ? only(*field, octets_tag) : std::nullopt;
    return bytes ? encoding::utf16_to_utf8(*bytes, ByteOrder::little) : std::nullopt;
}

// Appends "[number] OCTET STRING" of the text in UTF-16LE. Grows nowhere: no copy of a password stays behind.
bool append_text(std::string& out, unsigned number, std::string_view text) {
    auto wide = encoding::utf8_to_utf16(text, ByteOrder::little);
    if (!wide) return false;
    auto octets = der_element(octets_tag, *wide);
    auto field = der_element(field_tag(number), octets);
    out.append(field);
    wipe(*wide);
    wipe(octets);
    wipe(field);
    return true;
}

Error malformed(std::string_view what) {
    return {ErrorId::auth_protocol, fmt::format("credssp: the delegated credentials {}", what)};
}

}  // namespace

std::optional<TsRequest> parse_ts_request(std::string_view message) {
    if (message.size() > max_message) return std::nullopt;
    const auto fields = only(message, sequence_tag);
    if (!fields) return std::nullopt;
    TsRequest request;
    DerReader reader(*fields);
    for (int last = -1; !reader.at_end();) {
        const auto field = reader.next();
        if (!field || (field->tag & 0xE0) != 0xA0) return std::nullopt;
        const int number = field->tag & 0x1F;
        // In their order, the version first; each once.
        if (number <= last || (last < 0 && number != 0)) return std::nullopt;
        if (!read_field(static_cast<unsigned>(number), field->content, request)) return std::nullopt;
        last = number;
    }
    if (fields->empty()) return std::nullopt;
    return request;
}

std::string write_ts_request(const TsRequest& request) {
    std::string fields = der_element(field_tag(0), integer(request.version));
    if (request.nego_token) fields += der_element(field_tag(1), nego_data(*request.nego_token));
    if (request.auth_info) fields += der_element(field_tag(2), der_element(octets_tag, *request.auth_info));
    if (request.pub_key_auth)
        fields += der_element(field_tag(3), der_element(octets_tag, *request.pub_key_auth));
    if (request.error_code) fields += der_element(field_tag(4), integer(*request.error_code));
    if (request.client_nonce)
        fields += der_element(field_tag(5), der_element(octets_tag, *request.client_nonce));
    return der_element(sequence_tag, fields);
}

Result<std::string> write_ts_credentials(const auth::Delegated& credentials) {
    const auto clear = credentials.password.expose();
    std::string creds;
    creds.reserve(2 * (credentials.domain.size() + credentials.user.size() + clear.size()) + 64);
    const bool written = append_text(creds, 0, credentials.domain) &&
                         append_text(creds, 1, credentials.user) && append_text(creds, 2, clear);
    auto inner = der_element(sequence_tag, creds);
    auto octets = der_element(octets_tag, inner);
    auto field = der_element(field_tag(1), octets);
    std::string both = der_element(field_tag(0), integer(CredentialType::password));
    both.reserve(both.size() + field.size());
    both.append(field);
    auto message = der_element(sequence_tag, both);
    for (auto* part : {&creds, &inner, &octets, &field, &both}) wipe(*part);
    if (!written) return Error(ErrorId::auth_credentials, "user name or password is not valid UTF-8");
    return message;
}

Result<auth::Delegated> parse_ts_credentials(std::string_view message) {
    const auto both = message.size() > max_message ? std::nullopt : only(message, sequence_tag);
    if (!both) return malformed("are not TSCredentials");
    DerReader reader(*both);
    const auto type_field = reader.expect(field_tag(0));
    const auto type = type_field ? read_integer(*type_field) : std::nullopt;
    const auto field = reader.expect(field_tag(1));
    const auto octets = field && reader.at_end() ? only(*field, octets_tag) : std::nullopt;
    if (!type || !octets) return malformed("are not TSCredentials");
    if (*type == CredentialType::smart_card) return malformed("are a smart card's, which is of no use here");
    if (*type == CredentialType::remote_guard)
        return malformed("are Remote Credential Guard's, which is of no use here");
    const auto creds = *type == CredentialType::password ? only(*octets, sequence_tag) : std::nullopt;
    if (!creds) return malformed("are not TSPasswordCreds");
    DerReader inner(*creds);
    auto domain = text_field(inner, 0);
    auto user = text_field(inner, 1);
    auto password = text_field(inner, 2);
    const bool whole = domain && user && password && inner.at_end();
    auth::Delegated out;
    if (whole) out = {std::move(*domain), std::move(*user), Secret(*password)};
    if (password) wipe(*password);
    if (!whole) return malformed("are not TSPasswordCreds");
    return out;
}

}  // namespace mullion::credssp
