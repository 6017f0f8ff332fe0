// The certificate of CredSSP's inner TLS: Service/CertificateThumbprint, or one that this process makes for
// itself, as Windows does at each start. Clients do not check it, they bind to its key.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/log.h"
#include "core/result.h"
#include "crypto/tls_memory.h"
#include "state/settings.h"

namespace mullion::service {

class CredsspCertificate {
public:
    struct Made {
        std::string thumbprint;  // Empty: our own.
        std::shared_ptr<const crypto::TlsMemoryContext> tls;
    };
    // What these settings need: that which is there, where it will do. Null where CredSSP is off. Errors:
    // tls.files, usage.file
    [[nodiscard]] Result<Made> prepare(const state::Settings& settings, const std::string& folder) const;
    void set(Made made, Logger& log);
    // Null before that. From any thread.
    [[nodiscard]] std::shared_ptr<const crypto::TlsMemoryContext> get() const;

private:
    mutable std::mutex mutex_;
    Made made_;
};

}  // namespace mullion::service
