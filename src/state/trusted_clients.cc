#include "state/trusted_clients.h"

#include <utility>

#include <fmt/core.h>

#include "state/certificate_stores.h"

namespace mullion::state {

TrustedClients::TrustedClients(std::string folder, const Clock& clock)
    : folder_(std::move(folder)), clock_(clock), stamps_(store_folders(folder_)) {}

Result<void> TrustedClients::read() {
    // Before the files: what changes meanwhile is seen the next time.
    auto stamps = [this] {
        const std::lock_guard lock(mutex_);
        return stamps_;
    }();
    stamps.take(clock_.wall());
    MULLION_ASSIGN(auto trust, trust_in(folder_));
    auto next = std::make_shared<const crypto::ClientTrust>(std::move(trust));
    const std::lock_guard lock(mutex_);
    trust_ = std::move(next);
    stamps_ = std::move(stamps);
    return {};
}

std::shared_ptr<const crypto::ClientTrust> TrustedClients::current() const {
    const std::lock_guard lock(mutex_);
    return trust_;
}

std::vector<std::string> TrustedClients::trusted() const {
    const auto trust = current();
    return trust ? trust->trusted() : std::vector<std::string>();
}

Result<crypto::ProvenCertificate> TrustedClients::verify(std::string_view der) {
    bool stale = false;
    {
        const std::lock_guard lock(mutex_);
        stale = stamps_.changed();
    }
    if (stale) {
        if (auto again = read(); !again.ok())
            return Error(ErrorId::auth_rejected,
                         fmt::format("client certificate: who is trusted cannot be read: {}",
                                     again.error().message()));
    }
    const auto trust = current();
    if (!trust) return Error(ErrorId::auth_rejected, "client certificate: nobody is trusted");
    return trust->verify(der, clock_.wall());
}

}  // namespace mullion::state
