// Certificates as files of others hold them: PEM, DER (.cer) or PKCS#12 (.pfx), without caring for keys.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

struct BundledCertificate {
    std::string pem;  // Of this one alone.
    std::string der;
};

// In the order of the file, 1 to 100. `password` is null where none was given; only PKCS#12 may need it.
// `where` is the file's name, for errors. Errors: tls.files, tls.client_key_password
[[nodiscard]] Result<std::vector<BundledCertificate>> read_certificates(const Secret& bytes,
                                                                        const Secret* password,
                                                                        const std::string& where);

}  // namespace mullion::crypto
