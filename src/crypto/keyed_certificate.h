// A certificate with its private key, as files hold them: PEM, the key perhaps encrypted, or PKCS#12 (.pfx).
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

struct KeyedCertificate {
    std::string chain_pem;  // The one that the key belongs to first, then who signed it, and so on.
    Secret key_pem;         // PKCS#8, not encrypted.
};

// What the files hold. `key` is empty when it is in the certificate's file; PKCS#12 is told by its content.
struct KeyedFiles {
    const Secret& certificate;
    const Secret& key;
    const Secret* password = nullptr;  // Null: none was given.
    std::string where;                 // For errors: the files' names.
};

// Errors: tls.files, tls.client_key (it fits no certificate of the file), tls.client_key_password
[[nodiscard]] Result<KeyedCertificate> read_keyed_certificate(const KeyedFiles& files);

}  // namespace mullion::crypto
