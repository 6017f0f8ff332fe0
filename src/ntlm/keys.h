// NTLMv2's keys, [MS-NLMP] 3.3.2 and 3.4.5. All are 16 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace mullion::ntlm {

// Who made a message; each has keys of its own.
enum class End { client, server };

// NTOWFv2: HMAC-MD5 by the NT hash of upper-case user and domain. Both are UTF-8, at most 256 UTF-16
// units. What upper case is: encoding/letter_case.h.
[[nodiscard]] Secret response_key(const Secret& nt_hash, std::string_view user, std::string_view domain);

// NTProofStr: HMAC-MD5 by the response key of the server's challenge (8 bytes) and the client's blob.
[[nodiscard]] std::string proof(const Secret& response_key, std::string_view server_challenge,
                                std::string_view blob);

// SessionBaseKey, which is KeyExchangeKey in NTLMv2 (3.4.5.1).
[[nodiscard]] Secret session_base_key(const Secret& response_key, std::string_view proof);

// EncryptedRandomSessionKey, both ways: RC4 by the key exchange key.
[[nodiscard]] std::string exchange_key(const Secret& key_exchange_key, std::string_view session_key);

// SIGNKEY and SEALKEY (3.4.5.2, 3.4.5.3) with extended session security; the latter is weakened to 56 or 40
// bits when the flags lack the stronger ones.
[[nodiscard]] Secret sign_key(const Secret& exported_session_key, End maker);
[[nodiscard]] Secret seal_key(const Secret& exported_session_key, std::uint32_t flags, End maker);

// The MIC of an AUTHENTICATE message: HMAC-MD5 of all three, the last one with sixteen zeros where the MIC is
// (3.1.5.1.2).
[[nodiscard]] std::string message_integrity(const Secret& exported_session_key, std::string_view negotiate,
                                            std::string_view challenge, std::string_view authenticate);

// MsvAvChannelBindings: MD5 of a gss_channel_bindings_struct with this application data and no addresses.
[[nodiscard]] std::string binding_hash(std::string_view application_data);

}  // namespace mullion::ntlm
