// Certificates, revocation lists and keys from PEM.
#pragma once

#include <string>
#include <vector>

#include "core/secret.h"
#include "net/tls.h"
#include "net/tls_handle.h"
#include "os/input_file.h"

namespace mullion::net {

// Errors: tls.files, net.descriptors, run.interrupted. A file or a folder of files; at least one certificate
// in all. These block: for threads that may.
[[nodiscard]] Result<std::vector<CertificateHandle>> read_certificates(const std::string& path,
                                                                       os::Patience patience = {});
[[nodiscard]] Result<std::vector<CrlHandle>> read_revocation_lists(const std::string& path,
                                                                   os::Patience patience = {});
// At least one. `where` is for the error, also that of one which cannot be read.
[[nodiscard]] Result<std::vector<CertificateHandle>> parse_certificates(std::string_view pem,
                                                                        const std::string& where);

// Puts a chain and its key into the context. `where` is for the error. Errors: tls.files
[[nodiscard]] Result<void> use_identity(SSL_CTX& context, std::string_view chain_pem, const Secret& key_pem,
                                        const std::string& where);
// A client's own, of files that verification names; it must be valid now. Errors: tls.files, tls.client_key,
// tls.client_key_password, tls.client_expired
[[nodiscard]] Result<void> use_client_identity(SSL_CTX& context, const TlsVerification& verification,
                                               os::Patience patience = {});

}  // namespace mullion::net
