// How both ends prove that they mean the same TLS conversation: by its server's public key, sealed with the
// key that the log-on made. [MS-CSSP] 3.1.5
#pragma once

#include <string>
#include <string_view>

#include "auth/mechanism.h"
#include "core/result.h"

namespace mullion::credssp {

enum class Prover { client, server };

// What is sealed as pubKeyAuth. From version 5 a hash with the client's nonce; before that the key itself,
// which the server gives back with one added to its first byte (CVE-2018-0886: a man in the middle can make
// use of that).
[[nodiscard]] std::string key_proof(Prover prover, unsigned version, std::string_view nonce,
                                    std::string_view public_key);

// A message in one piece, as SSPI and GSS_Wrap write it, sealed by the log-on's mechanism.
[[nodiscard]] Result<std::string> wrap(auth::Sealing& sealing, std::string_view clear);
[[nodiscard]] Result<std::string> unwrap(auth::Sealing& sealing, std::string_view token);

}  // namespace mullion::credssp
