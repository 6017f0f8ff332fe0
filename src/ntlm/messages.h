// Reading NTLM's three messages ([MS-NLMP] 2.2.1). Bounded: every offset and length is checked against the
// message. Views are into the input. messages_write.h makes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::ntlm {

enum class NtlmType { negotiate = 1, challenge = 2, authenticate = 3 };

// NegotiateFlags, [MS-NLMP] 2.2.2.5.
enum NtlmFlag : std::uint32_t {
    kNtlmUnicode = 0x00000001,
    kNtlmRequestTarget = 0x00000004,
    kNtlmSign = 0x00000010,
    kNtlmSeal = 0x00000020,
    kNtlmNtlm = 0x00000200,
    kNtlmAlwaysSign = 0x00008000,
    kNtlmTargetTypeDomain = 0x00010000,
    kNtlmTargetTypeServer = 0x00020000,
    kNtlmExtendedSessionSecurity = 0x00080000,
    kNtlmTargetInfo = 0x00800000,
    kNtlmVersion = 0x02000000,
    kNtlm128 = 0x20000000,
    kNtlmKeyExchange = 0x40000000,
    kNtlm56 = 0x80000000,
};

// Nothing when the bytes do not begin as an NTLM message.
[[nodiscard]] std::optional<NtlmType> ntlm_type(std::string_view message);

struct NtlmNegotiate {
    std::uint32_t flags = 0;
};
[[nodiscard]] std::optional<NtlmNegotiate> parse_ntlm_negotiate(std::string_view message);

// AvId, 2.2.2.1.
enum class AvId : std::uint16_t {
    end = 0,
    netbios_computer = 1,
    netbios_domain = 2,
    dns_computer = 3,
    dns_domain = 4,
    dns_forest = 5,
    flags = 6,
    timestamp = 7,
    single_host = 8,
    target_name = 9,
    channel_bindings = 10,
};
inline constexpr std::uint32_t kAvFlagMic = 0x2;  // Of MsvAvFlags: the AUTHENTICATE message has a MIC.

// One pair after the other of a list of AV_PAIR. Bounded by the list; it ends at the end's pair or where the
// list is cut.
struct AvPair {
    AvId id = AvId::end;
    std::string_view value;
};
class AvPairReader {
public:
    explicit AvPairReader(std::string_view pairs) : rest_(pairs) {}
    [[nodiscard]] std::optional<AvPair> next();
    [[nodiscard]] bool ended() const { return ended_; }  // At the end's pair, as it must.

private:
    std::string_view rest_;
    bool ended_ = false;
};

// The pairs that matter to us of a list of AV_PAIR, [MS-NLMP] 2.2.2.1.
struct NtlmTargetInfo {
    std::uint32_t flags = 0;                 // MsvAvFlags
    std::optional<std::uint64_t> timestamp;  // MsvAvTimestamp
    std::string_view channel_binding;        // MsvAvChannelBindings: 16 bytes, or empty.
};
// Nothing when a pair is cut, the end is missing, a pair we read has a wrong size or comes twice, or there
// are more than 64.
[[nodiscard]] std::optional<NtlmTargetInfo> parse_ntlm_target_info(std::string_view pairs);

struct NtlmChallenge {
    std::uint32_t flags = 0;
    std::string_view server_challenge;  // 8 bytes.
    bool has_target_info = false;
    NtlmTargetInfo target_info;
    std::string_view target_info_pairs;  // All of them, with the end.
};
[[nodiscard]] std::optional<NtlmChallenge> parse_ntlm_challenge(std::string_view message);

struct NtlmAuthenticate {
    std::uint32_t flags = 0;
    std::string user;  // UTF-8; at most 256 UTF-16 units, as the domain.
    std::string domain;
    std::string_view session_key;  // EncryptedRandomSessionKey, of any size.
    std::string_view nt_response;
    NtlmTargetInfo target_info;  // Of an NTLMv2 response; the client's own claims, covered by its proof.
    std::optional<std::size_t> mic_at;  // Where the MIC is, when MsvAvFlags promises one.

    // A response of 24 bytes is NTLMv1, with or without extended session security (3.3.1).
    [[nodiscard]] bool is_ntlm_v2() const;
    // The two parts of an NTLMv2 response, 2.2.2.8.
    [[nodiscard]] std::string_view proof() const { return nt_response.substr(0, 16); }
    [[nodiscard]] std::string_view blob() const { return nt_response.substr(16); }
};
// Nothing also when an NTLMv2 response is cut short, or a promised MIC is missing.
[[nodiscard]] std::optional<NtlmAuthenticate> parse_ntlm_authenticate(std::string_view message);

}  // namespace mullion::ntlm
