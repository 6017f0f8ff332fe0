// The outer shape of Kerberos' tokens: what a stranger's bytes must have before the library looks at them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mullion::kerberos {

// RFC 4121 4.1: two bytes in front of what is inside.
enum class TokenKind : std::uint16_t { request = 0x0100, reply = 0x0200, error = 0x0300 };

struct KerberosToken {
    TokenKind kind = TokenKind::request;
    std::string_view message;  // AP-REQ, AP-REP, KRB-ERROR
};
// A token of RFC 2743 3.1 with Kerberos' OID, and nothing after it. A view into the input.
[[nodiscard]] std::optional<KerberosToken> parse_token(std::string_view token);

// The end of the sealed authenticator in an AP-REQ (RFC 4120 5.5.1): no one can make another message with the
// same, nor change it in one that is accepted. Nothing for what is not an AP-REQ in DER.
using AuthenticatorTag = std::string_view;
inline constexpr std::size_t authenticator_tag_size = 16;
[[nodiscard]] std::optional<AuthenticatorTag> parse_authenticator_tag(std::string_view request);

}  // namespace mullion::kerberos
