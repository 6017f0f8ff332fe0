#include "ntlm/messages.h"

#include <algorithm>

#include "encoding/utf16.h"
#include "ntlm/little_endian.h"

namespace mullion::ntlm {
namespace {

constexpr std::string_view kSignature{"NTLMSSP\0", 8};
constexpr std::size_t kMaxNameBytes = 512;
constexpr int kMaxPairs = 64;

// Fixed parts: CHALLENGE up to TargetInfoFields, AUTHENTICATE up to NegotiateFlags, then Version and MIC.
constexpr std::size_t kChallengeHeader = 48;
constexpr std::size_t kAuthenticateHeader = 64;
constexpr std::size_t kVersionSize = 8;
constexpr std::size_t kMicSize = 16;

// NTLMv2_RESPONSE (2.2.2.8): NTProofStr, then NTLMv2_CLIENT_CHALLENGE up to its AvPairs.
constexpr std::size_t kProofSize = 16;
constexpr std::size_t kClientChallengeHeader = 28;
constexpr std::size_t kNtlmV1Response = 24;

// Len, MaxLen, BufferOffset at `at`. An empty field may point anywhere; another lies behind `header`.
std::optional<std::string_view> payload(std::string_view message, std::size_t at, std::size_t header) {
    const std::size_t length = u16(message, at);
    const std::size_t offset = u32(message, at + 4);
    if (length == 0) return std::string_view();
    if (offset < header || offset > message.size() || length > message.size() - offset) return std::nullopt;
    return message.substr(offset, length);
}

std::optional<std::string> name(std::string_view message, std::size_t at) {
    const auto bytes = payload(message, at, kAuthenticateHeader);
    if (!bytes || bytes->size() > kMaxNameBytes) return std::nullopt;
    return encoding::utf16_to_utf8(*bytes, encoding::ByteOrder::little);
}

bool is(std::string_view message, NtlmType type, std::size_t header) {
    return message.size() >= header && ntlm_type(message) == type;
}

// The first byte that any payload uses.
std::size_t payload_begin(std::string_view message) {
    std::size_t begin = message.size();
    for (std::size_t at = 12; at <= 52; at += 8) {
        if (u16(message, at) != 0) begin = std::min<std::size_t>(begin, u32(message, at + 4));
    }
    return begin;
}

}  // namespace

std::optional<NtlmType> ntlm_type(std::string_view message) {
    if (message.size() < 12 || message.substr(0, kSignature.size()) != kSignature) return std::nullopt;
    const std::uint32_t type = u32(message, 8);
    if (type < 1 || type > 3) return std::nullopt;
    return static_cast<NtlmType>(type);
}

std::optional<NtlmNegotiate> parse_ntlm_negotiate(std::string_view message) {
    if (!is(message, NtlmType::negotiate, 16)) return std::nullopt;
    return NtlmNegotiate{u32(message, 12)};
}

std::optional<AvPair> AvPairReader::next() {
    if (ended_ || rest_.size() < 4) return std::nullopt;
    const AvPair pair{static_cast<AvId>(u16(rest_, 0)), rest_.substr(4, u16(rest_, 2))};
    if (pair.id == AvId::end) {
        ended_ = true;
        return std::nullopt;
    }
    if (pair.value.size() != u16(rest_, 2)) return std::nullopt;
    rest_.remove_prefix(4 + pair.value.size());
    return pair;
}

std::optional<NtlmTargetInfo> parse_ntlm_target_info(std::string_view pairs) {
    NtlmTargetInfo info;
    bool flags_seen = false;
    AvPairReader reader(pairs);
    int count = 0;
    while (const auto pair = reader.next()) {
        if (++count == kMaxPairs) return std::nullopt;
        const std::string_view value = pair->value;
        if (pair->id == AvId::flags) {
            if (value.size() != 4 || flags_seen) return std::nullopt;
            flags_seen = true;
            info.flags = u32(value, 0);
        } else if (pair->id == AvId::timestamp) {
            if (value.size() != 8 || info.timestamp) return std::nullopt;
            info.timestamp = u64(value, 0);
        } else if (pair->id == AvId::channel_bindings) {
            if (value.size() != 16 || !info.channel_binding.empty()) return std::nullopt;
            info.channel_binding = value;
        }
    }
    if (!reader.ended()) return std::nullopt;
    return info;
}

std::optional<NtlmChallenge> parse_ntlm_challenge(std::string_view message) {
    if (!is(message, NtlmType::challenge, kChallengeHeader)) return std::nullopt;
    if (!payload(message, 12, kChallengeHeader)) return std::nullopt;  // TargetName
    const auto pairs = payload(message, 40, kChallengeHeader);
    if (!pairs) return std::nullopt;
    NtlmChallenge challenge;
    challenge.flags = u32(message, 20);
    challenge.server_challenge = message.substr(24, 8);
    if (!pairs->empty()) {
        const auto info = parse_ntlm_target_info(*pairs);
        if (!info) return std::nullopt;
        challenge.has_target_info = true;
        challenge.target_info = *info;
        challenge.target_info_pairs = *pairs;
    }
    return challenge;
}

bool NtlmAuthenticate::is_ntlm_v2() const {
    return nt_response.size() != kNtlmV1Response && nt_response.size() > kProofSize + kClientChallengeHeader;
}

std::optional<NtlmAuthenticate> parse_ntlm_authenticate(std::string_view message) {
    if (!is(message, NtlmType::authenticate, kAuthenticateHeader)) return std::nullopt;
    const auto lm_response = payload(message, 12, kAuthenticateHeader);
    const auto nt_response = payload(message, 20, kAuthenticateHeader);
    const auto session_key = payload(message, 52, kAuthenticateHeader);
    const auto domain = name(message, 28);
    const auto user = name(message, 36);
    const auto workstation = name(message, 44);
    if (!lm_response || !nt_response || !session_key || !domain || !user || !workstation) return std::nullopt;

    NtlmAuthenticate result;
    result.flags = u32(message, 60);
    result.user = *user;
    result.domain = *domain;
    result.session_key = *session_key;
    result.nt_response = *nt_response;
    if (!result.is_ntlm_v2()) return result;

    const auto info = parse_ntlm_target_info(nt_response->substr(kProofSize + kClientChallengeHeader));
    if (!info) return std::nullopt;
    result.target_info = *info;
    if ((info->flags & kAvFlagMic) != 0) {
        const std::size_t at = kAuthenticateHeader + ((result.flags & kNtlmVersion) != 0 ? kVersionSize : 0);
        if (at + kMicSize > payload_begin(message)) return std::nullopt;
        result.mic_at = at;
    }
    return result;
}

}  // namespace mullion::ntlm
