#include "ntlm/guard.h"

#include <algorithm>

namespace mullion::ntlm {
namespace {

// The name becomes part of a row of the account file, and of the library's DOMAIN\user.
bool usable_name(std::string_view user) {
    if (user.front() == '#') return false;  // A comment there.
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

Result<Negotiated> check_own_challenge(std::string_view message) {
    const auto challenge = parse_ntlm_challenge(message);
    if (!challenge) return Error(ErrorId::auth_protocol, "ntlm: our own challenge is malformed");
    const bool protects = (challenge->flags & (kNtlmSign | kNtlmSeal)) != 0;
    if (protects && !challenge->target_info.timestamp) {
        return Error(ErrorId::auth_protocol, "ntlm: the client did not ask for target information");
    }
    return Negotiated{challenge->flags, challenge->target_info.timestamp};
}

Result<NtlmAuthenticate> check_authenticate(std::string_view message, const Negotiated& negotiated) {
    auto parsed = parse_ntlm_authenticate(message);
    if (!parsed) return Error(ErrorId::auth_protocol, "ntlm: the AUTHENTICATE message is malformed");
    if (parsed->user.empty()) return Error(ErrorId::auth_rejected, "ntlm: anonymous");
    if (!usable_name(parsed->user) || !usable_domain(parsed->domain)) {
        return Error(ErrorId::auth_rejected, "ntlm: the user's name has characters that no account has");
    }
    // gss-ntlmssp 1.2.0 takes NTLMv1 when the environment makes it a domain's server, at every
    // LM_COMPAT_LEVEL.
    if (!parsed->is_ntlm_v2()) return Error(ErrorId::auth_rejected, "ntlm: not an NTLMv2 response");
    // It also copies 16 bytes of a session key without asking how long that is.
    if ((negotiated.flags & kNtlmKeyExchange) != 0 && parsed->session_key.size() != 16) {
        return Error(ErrorId::auth_protocol, "ntlm: the session key is not 16 bytes");
    }
    // The client proves which target information it saw. With another timestamp than ours, or none, somebody
    // changed the challenge, after which it may have left out the MIC that would tell.
    if (negotiated.timestamp && parsed->target_info.timestamp != negotiated.timestamp) {
        return Error(ErrorId::auth_rejected, "ntlm: the client answers another challenge than ours");
    }
    return std::move(*parsed);
}

bool seals_well(std::uint32_t challenge_flags) {
    constexpr std::uint32_t needed = kNtlmSign | kNtlmSeal | kNtlmExtendedSessionSecurity | kNtlm128;
    return (challenge_flags & needed) == needed;
}

}  // namespace mullion::ntlm
