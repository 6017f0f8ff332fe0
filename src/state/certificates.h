// The certificates of HTTPS listeners: DIR/certs/THUMBPRINT.pem (certificate and key, 0600), and beside it
// THUMBPRINT.crt (the certificate alone, for clients' --ca-file).
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/log.h"
#include "core/result.h"
#include "core/secret.h"

namespace mullion::state {

struct ServerCertificate {
    std::string thumbprint;
    std::string chain_pem;
    Secret key_pem;
    std::string public_file;  // The .crt.
};

// The one of that thumbprint. Errors: tls.files, usage.file
[[nodiscard]] Result<ServerCertificate> load_certificate(const std::string& folder,
                                                         const std::string& thumbprint);

// Puts one into the folder: the chain and the key, and the chain alone for others to read. Errors:
// state.directory
[[nodiscard]] Result<void> store_certificate(const std::string& folder, const std::string& thumbprint,
                                             const std::string& chain_pem, const Secret& key_pem);

// Our own: the one made before while it lasts another month and names this machine, else a new one.
[[nodiscard]] Result<ServerCertificate> own_certificate(const std::string& folder, const Clock& clock,
                                                        Logger& log);

// The names that a certificate of this machine carries: its host name, localhost, and its addresses.
[[nodiscard]] std::vector<std::string> own_names();

}  // namespace mullion::state
