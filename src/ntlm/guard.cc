#include "ntlm/guard.h"

#include <algorithm>

namespace mullion::ntlm {
namespace {

// Neither Windows nor we have accounts with these in their names; the domain has a field of its own.
bool usable_name(std::string_view user) {
    return std::none_of(user.begin(), user.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f || c == ':' || c == '\\';
    });
}

bool usable_domain(std::string_view domain) {
    return std::none_of(domain.begin(), domain.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\\'; });
}

}  // namespace

Result<void> check_negotiate(std::string_view message) {
    const auto negotiate = parse_ntlm_negotiate(message);
    if (!negotiate) return Error(ErrorId::auth_protocol, "ntlm: the NEGOTIATE message is malformed");
    if ((negotiate->flags & kNtlmUnicode) == 0) {
        return Error(ErrorId::auth_protocol, "ntlm: the client does not speak Unicode");
    }
    return {};
}

Result<NtlmAuthenticate> check_authenticate(std::string_view message, const Negotiated& negotiated) {
    auto parsed = parse_ntlm_authenticate(message);
    if (!parsed) return Error(ErrorId::auth_protocol, "ntlm: the AUTHENTICATE message is malformed");
    if (parsed->user.empty()) return Error(ErrorId::auth_rejected, "ntlm: anonymous");
    if (!usable_name(parsed->user) || !usable_domain(parsed->domain)) {
        return Error(ErrorId::auth_rejected, "ntlm: the user's name has characters that no account has");
    }
    if (!parsed->is_ntlm_v2()) return Error(ErrorId::auth_rejected, "ntlm: not an NTLMv2 response");
    // Some clients exchange no key when there is nothing to sign or seal, others do.
    const std::uint32_t flags = negotiated.flags & parsed->flags;
    const bool protects = (flags & (kNtlmSign | kNtlmSeal)) != 0;
    const bool has_key = protects || !parsed->session_key.empty();
    if ((flags & kNtlmKeyExchange) != 0 && has_key && parsed->session_key.size() != 16) {
        return Error(ErrorId::auth_protocol, "ntlm: the session key is not 16 bytes");
    }
    // The client proves which target information it saw. With another timestamp than ours, or none, somebody
    // changed the challenge, after which it may have left out the MIC that would tell.
    if (parsed->target_info.timestamp != negotiated.timestamp) {
        return Error(ErrorId::auth_rejected, "ntlm: the client answers another challenge than ours");
    }
    return std::move(*parsed);
}

bool seals_well(std::uint32_t challenge_flags) {
    constexpr std::uint32_t needed = kNtlmSign | kNtlmSeal | kNtlmExtendedSessionSecurity | kNtlm128;
    return (challenge_flags & needed) == needed;
}

}  // namespace mullion::ntlm
