// Making NTLM's three messages ([MS-NLMP] 2.2.1) and what lies in them. Names are UTF-8 and go out as
// UTF-16LE.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "ntlm/messages.h"

namespace mullion::ntlm {

// Without names of domain and workstation, and with our version.
[[nodiscard]] std::string write_negotiate(std::uint32_t flags);

struct ChallengeFields {
    std::uint32_t flags = 0;
    std::string_view server_challenge;   // 8 bytes.
    std::string_view target_name;        // Left out when it is empty, as the next one.
    std::string_view target_info_pairs;  // With their end; at most 48 KiB.
};
[[nodiscard]] std::string write_challenge(const ChallengeFields& fields);

struct AuthenticateFields {
    std::uint32_t flags = 0;  // kNtlmVersion is added.
    std::string_view user;
    std::string_view domain;
    std::string_view workstation;
    std::string_view lm_response;
    std::string_view nt_response;
    std::string_view session_key;  // EncryptedRandomSessionKey; empty without key exchange.
};
// With sixteen zeros at kMicAt.
inline constexpr std::size_t kMicAt = 72;
[[nodiscard]] std::string write_authenticate(const AuthenticateFields& fields);

// AV_PAIR, 2.2.2.1. The end is a pair without value.
void append_pair(std::string& pairs, AvId id, std::string_view value);
// What a name, a number or a time is in such a pair.
[[nodiscard]] std::string utf16(std::string_view utf8);
[[nodiscard]] std::string le32(std::uint32_t number);
[[nodiscard]] std::string le64(std::uint64_t number);
// FILETIME: 100 ns since 1601 ([MS-DTYP] 2.3.3).
[[nodiscard]] std::uint64_t file_time(WallTime time);

// NTLMv2_CLIENT_CHALLENGE (2.2.2.7) and the four bytes behind it, which 3.3.2 calls temp.
[[nodiscard]] std::string client_blob(std::uint64_t timestamp, std::string_view client_challenge,
                                      std::string_view pairs);

}  // namespace mullion::ntlm
