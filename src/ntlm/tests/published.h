// The example of NTLMv2, [MS-NLMP] 4.2.1 and 4.2.4.
#pragma once

#include <string>

#include "encoding/hex.h"

namespace mullion::ntlm::published {

inline std::string bytes(std::string_view hex) {
    return encoding::from_hex(hex).value();
}

inline const std::string server_challenge = bytes("0123456789abcdef");
inline const std::string client_challenge = bytes("aaaaaaaaaaaaaaaa");
inline const std::string session_key = bytes("55555555555555555555555555555555");  // RandomSessionKey
inline constexpr std::uint32_t flags = 0xe28a8233;
// Domain, Server and the end.
inline const std::string pairs =
    bytes("02000c0044006f006d00610069006e0001000c00530065007200760065007200") + std::string(4, '\0');
inline const std::string temp =
    bytes("01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000") + pairs + std::string(4, '\0');

// 4.2.4.3.
inline const std::string challenge = bytes(
    "4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef0000000000000000240024004400000006007017"
    "0000000f"
    "53006500720076006500720002000c0044006f006d00610069006e0001000c00530065007200760065007200"
    "00000000");
inline const std::string authenticate = bytes(
    "4e544c4d5353500003000000180018006c00000054005400840000000c000c00480000000800080054000000100010005c000000"
    "10001000d8000000358288e20501280a0000000f44006f006d00610069006e0055007300650072004300"
    "4f004d005000550054004500520086c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa68cd0ab8"
    "51e51c96aabc927bebef6a1c01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c00"
    "44006f006d00610069006e0001000c005300650072007600650072000000000000000000c5dad2544fc97990"
    "94ce1ce90bc9d03e");

}  // namespace mullion::ntlm::published
