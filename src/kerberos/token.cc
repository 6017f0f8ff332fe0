#include "kerberos/token.h"

#include "encoding/der.h"
#include "kerberos/initiator.h"

namespace mullion::kerberos {
namespace {

using encoding::DerReader;

constexpr std::uint8_t tag_sequence = 0x30;
constexpr std::uint8_t tag_octets = 0x04;
constexpr std::uint8_t tag_oid = 0x06;

constexpr std::uint8_t application(unsigned number) {
    return static_cast<std::uint8_t>(0x60 | number);
}
constexpr std::uint8_t context(unsigned number) {
    return static_cast<std::uint8_t>(0xa0 | number);
}

// The content of the only element that `bytes` are.
std::optional<std::string_view> only(std::string_view bytes, std::uint8_t tag) {
    DerReader reader(bytes);
    const auto content = reader.expect(tag);
    return content && reader.at_end() ? content : std::nullopt;
}

}  // namespace

std::optional<KerberosToken> parse_token(std::string_view token) {
    const auto inside = only(token, application(0));
    if (!inside) return std::nullopt;
    DerReader reader(*inside);
    const auto mechanism = reader.expect(tag_oid);
    if (!mechanism || *mechanism != oid) return std::nullopt;
    // What follows the OID is no element, so it is what the OID's own two bytes of header leave.
    const std::string_view rest = inside->substr(2 + mechanism->size());
    if (rest.size() < 2) return std::nullopt;
    const auto byte = [&](std::size_t at) {
        return static_cast<unsigned>(static_cast<std::uint8_t>(rest[at]));
    };
    const unsigned kind = byte(0) << 8U | byte(1);
    if (kind != 0x0100 && kind != 0x0200 && kind != 0x0300) return std::nullopt;
    return KerberosToken{static_cast<TokenKind>(kind), rest.substr(2)};
}

std::optional<AuthenticatorTag> parse_authenticator_tag(std::string_view request) {
    const auto outer = only(request, application(14));
    const auto fields = outer ? only(*outer, tag_sequence) : std::nullopt;
    if (!fields) return std::nullopt;
    DerReader reader(*fields);
    // pvno, msg-type, ap-options and ticket come first; the authenticator is the last.
    for (unsigned field = 0; field < 4; ++field) {
        if (!reader.expect(context(field))) return std::nullopt;
    }
    const auto authenticator = reader.expect(context(4));
    if (!authenticator || !reader.at_end()) return std::nullopt;
    const auto encrypted = only(*authenticator, tag_sequence);
    if (!encrypted) return std::nullopt;
    // EncryptedData: etype, perhaps kvno, cipher.
    DerReader parts(*encrypted);
    if (!parts.expect(context(0))) return std::nullopt;
    auto part = parts.next();
    if (part && part->tag == context(1)) part = parts.next();
    if (!part || part->tag != context(2) || !parts.at_end()) return std::nullopt;
    const auto cipher = only(part->content, tag_octets);
    if (!cipher || cipher->size() < authenticator_tag_size) return std::nullopt;
    return cipher->substr(cipher->size() - authenticator_tag_size);
}

}  // namespace mullion::kerberos
