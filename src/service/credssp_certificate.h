// The certificate of CredSSP's inner TLS: Service/CertificateThumbprint, or one that this process makes for
// itself, as Windows does at each start. Clients do not check it, they bind to its key.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/log.h"
#include "core/result.h"
#include "crypto/tls_memory.h"
#include "service/settings.h"

namespace mullion::service {

class CredsspCertificate {
public:
    // Where settings enable CredSSP and there is none yet. Errors: tls.files, usage.file
    [[nodiscard]] Result<void> prepare(const Settings& settings, const std::string& folder, Logger& log);
    // Null before that. From any thread.
    [[nodiscard]] std::shared_ptr<const crypto::TlsMemoryContext> get() const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const crypto::TlsMemoryContext> tls_;
};

}  // namespace mullion::service
