// DIR/trust: *.pem are the certificates that may have signed clients', *.crl the revocation lists of those.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/log.h"
#include "crypto/client_trust.h"

namespace mullion::service {

// Errors: tls.files, usage.file. A folder that is missing trusts nobody.
[[nodiscard]] Result<crypto::ClientTrust> trust_in(const std::string& folder);

// What is trusted now. From any thread.
class TrustedClients {
public:
    TrustedClients(std::string folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}
    // On a failure what was trusted stays trusted. Errors: those of trust_in()
    [[nodiscard]] Result<void> read();
    // Errors: those of crypto::ClientTrust::verify
    [[nodiscard]] Result<crypto::ProvenCertificate> verify(std::string_view der) const;
    // Thumbprints.
    [[nodiscard]] std::vector<std::string> trusted() const;

private:
    [[nodiscard]] std::shared_ptr<const crypto::ClientTrust> current() const;
    std::string folder_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::shared_ptr<const crypto::ClientTrust> trust_;  // Null before the first read().
};

}  // namespace mullion::service
