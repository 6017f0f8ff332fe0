// The multipart/encrypted body of a sealed WinRM message. [MS-WSMV] 2.2.9.1
//
// Content-Type: multipart/encrypted;protocol="P";boundary="Encrypted Boundary"
// Written with the TAB before part headers, which pywinrm and pypsrp look for; read with and without it, and
// with "-- Encrypted Boundary".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "http/message.h"

namespace mullion::http {

// Protocols of the session that seals.
inline constexpr std::string_view spnego_encrypted = "application/HTTP-SPNEGO-session-encrypted";
inline constexpr std::string_view kerberos_encrypted = "application/HTTP-Kerberos-session-encrypted";
inline constexpr std::string_view credssp_encrypted = "application/HTTP-CredSSP-session-encrypted";

// Signature and ciphertext stay where they are: in what was read, or in what is about to be written.
struct EncryptedBody {
    std::string protocol;             // One of the above, as sent.
    std::string original_type;        // "application/soap+xml;charset=UTF-8"
    std::size_t original_length = 0;  // Length= of OriginalContent: plaintext plus padding.
    std::string_view signature;       // What the 4-byte little-endian length counts.
    std::string_view sealed;          // The rest; right behind the signature in what was read.
};

// More than one chunk is multipart/x-multi-encrypted, what CredSSP makes of more than 16 KiB.
[[nodiscard]] std::string encrypted_content_type(std::string_view protocol, std::size_t chunks = 1);
[[nodiscard]] std::string write_encrypted(std::span<const EncryptedBody> chunks);  // At least one.

// At least one chunk. Errors: http.malformed. `limit` bounds the sum of Length; the body may be as long as
// largest_encrypted() says. Whether what was unsealed has the Length is for the caller to check.
[[nodiscard]] Result<std::vector<EncryptedBody>> read_encrypted(std::string_view content_type,
                                                                std::string_view body, std::size_t limit);
[[nodiscard]] std::size_t largest_encrypted(std::size_t limit);
// True for a Content-Type of multipart/encrypted or multipart/x-multi-encrypted.
[[nodiscard]] bool is_encrypted(std::string_view content_type);
[[nodiscard]] bool is_encrypted(const MediaType& media);

}  // namespace mullion::http
