// Who may come in by a certificate: what the stores below DIR/trust say, now.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/log.h"
#include "crypto/client_trust.h"
#include "state/folder_stamps.h"

namespace mullion::state {

// What is trusted now. From any thread. Whoever imports or deletes a certificate is believed at once: the
// folders' times are looked at for each certificate, and what changed is read again then.
class TrustedClients {
public:
    TrustedClients(std::string folder, const Clock& clock);
    // On a failure what was trusted stays trusted, until it is read again. Errors: those of trust_in()
    [[nodiscard]] Result<void> read();
    // Errors: those of crypto::ClientTrust::verify; where what has changed cannot be read, auth.rejected with
    // the reason: somebody may have been taken out.
    [[nodiscard]] Result<crypto::ProvenCertificate> verify(std::string_view der);
    // Thumbprints.
    [[nodiscard]] std::vector<std::string> trusted() const;

private:
    [[nodiscard]] std::shared_ptr<const crypto::ClientTrust> current() const;
    std::string folder_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    FolderStamps stamps_;
    std::shared_ptr<const crypto::ClientTrust> trust_;  // Null before the first read().
};

}  // namespace mullion::state
