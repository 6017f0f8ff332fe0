#include "service/access/credssp_certificate.h"

#include <fmt/core.h>

#include "crypto/x509.h"
#include "state/certificates.h"

namespace mullion::service {
namespace {

constexpr std::chrono::hours valid_for{24 * 365};

using Tls = std::shared_ptr<const crypto::TlsMemoryContext>;

Result<Tls> from_thumbprint(const std::string& folder, const std::string& thumbprint) {
    const auto named = [&](Error error) {
        error.detail = fmt::format("Service/CertificateThumbprint {}: {}", thumbprint, error.detail);
        return error;
    };
    auto loaded = state::load_certificate(folder, thumbprint);
    if (!loaded.ok()) return named(std::move(loaded).error());
    auto tls = crypto::TlsMemoryContext::server(loaded->chain_pem, loaded->key_pem);
    if (!tls.ok()) return named(std::move(tls).error());
    return tls;
}

// RSA: some clients (pyspnego among them) compare no other key.
Result<Tls> self_made() {
    MULLION_ASSIGN(const auto made,
                   crypto::make_self_signed({state::own_names().front()}, valid_for, crypto::KeyKind::rsa));
    return crypto::TlsMemoryContext::server(made.certificate_pem, made.key_pem);
}

}  // namespace

Result<CredsspCertificate::Made> CredsspCertificate::prepare(const state::Settings& settings,
                                                             const std::string& folder) const {
    const auto& thumbprint = settings.credssp_thumbprint;
    {
        const std::lock_guard lock(mutex_);
        const bool does = made_.tls && made_.thumbprint == thumbprint;
        if (does) return made_;
    }
    if (!settings.credssp && thumbprint.empty()) return Made{};
    auto tls = thumbprint.empty() ? self_made() : from_thumbprint(folder, thumbprint);
    if (!tls.ok()) return std::move(tls).error();
    return Made{thumbprint, std::move(*tls)};
}

void CredsspCertificate::set(Made made, Logger& log) {
    const std::lock_guard lock(mutex_);
    if (!made.tls || made.tls == made_.tls) return;
    log.info("CredSSP's inner TLS has the certificate {}",
             made.thumbprint.empty() ? "that was just made" : made.thumbprint);
    made_ = std::move(made);
}

Tls CredsspCertificate::get() const {
    const std::lock_guard lock(mutex_);
    return made_.tls;
}

}  // namespace mullion::service
