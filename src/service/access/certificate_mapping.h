// Which account a client's certificate means: winrm.yaml's CertMapping, decided for each request by what it
// asks for. Windows keeps the account's password with a mapping, to log on with; Linux needs none.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"
#include "crypto/client_trust.h"
#include "net/task.h"
#include "net/worker_pool.h"
#include "state/settings.h"

namespace mullion::service {

// The one mapping that is meant: of the enabled ones of that issuer whose URI and Subject match, that with
// the longest Subject, then the longest URI. Null where none or several are left.
[[nodiscard]] const state::CertificateMapping* choose_mapping(
    std::span<const state::CertificateMapping> mappings, const crypto::ProvenCertificate& certificate,
    std::string_view resource_uri);

// `pattern` has at most one '*', at an end. Letters in either case.
[[nodiscard]] bool matches_subject(std::string_view pattern, std::string_view upn);
[[nodiscard]] bool matches_uri(std::string_view pattern, std::string_view uri);

// From any thread.
class CertificateAccounts {
public:
    // Both must outlive it.
    CertificateAccounts(auth::AccountLookup& accounts, net::WorkerPool& workers)
        : accounts_(accounts), workers_(workers) {}

    void set(std::vector<state::CertificateMapping> mappings);
    // Errors: auth.rejected, with the reason for the log (no mapping, or its account is gone)
    [[nodiscard]] net::Task<Result<auth::Identity>> identify(crypto::ProvenCertificate certificate,
                                                             std::string resource_uri);

private:
    using Mappings = std::vector<state::CertificateMapping>;
    [[nodiscard]] std::shared_ptr<const Mappings> mappings() const;

    auth::AccountLookup& accounts_;
    net::WorkerPool& workers_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Mappings> mappings_ = std::make_shared<const Mappings>();
};

}  // namespace mullion::service
