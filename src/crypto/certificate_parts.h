// What all certificates that are made here have in common. For this room only.
#pragma once

#include <openssl/x509.h>

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.h"
#include "crypto/x509.h"

namespace mullion::crypto {

// Who signs: the certificate itself, or an authority's.
struct Signer {
    X509* certificate;
    EVP_PKEY* key;
};

[[nodiscard]] Error cannot_make(std::string_view step);
// `value` is in the syntax of OpenSSL's configuration: nothing of others' goes in there.
[[nodiscard]] bool add_extension(X509* certificate, const Signer& signer, int nid, const std::string& value);
[[nodiscard]] bool set_serial(X509* certificate);
[[nodiscard]] bool set_times(X509* certificate, std::chrono::hours valid_for);
[[nodiscard]] Result<SelfSigned> in_pem(X509* certificate, EVP_PKEY* key);

}  // namespace mullion::crypto
