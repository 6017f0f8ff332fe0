// Certificates of clients, self-signed, so that the host
// trusts this one certificate and no authority.
#pragma once

#include <chrono>
#include <string>

#include "core/result.h"
#include "crypto/x509.h"

namespace mullion::crypto {

// CN=user; clientAuth; `upn` as the user principal name in subjectAltName. Errors: tls.files
[[nodiscard]] Result<SelfSigned> make_client_certificate(const std::string& user, const std::string& upn,
                                                         KeyKind kind, std::chrono::hours valid_for);

}  // namespace mullion::crypto
