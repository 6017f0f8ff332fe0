// Certificates, revocation lists and keys from PEM.
#pragma once

#include <string>
#include <vector>

#include "core/secret.h"
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
// The same from files.
[[nodiscard]] Result<void> use_identity_files(SSL_CTX& context, const std::string& certificate,
                                              const std::string& key, os::Patience patience = {});

}  // namespace mullion::net
