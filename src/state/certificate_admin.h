// What `mullion cert` does to a state directory beside its stores (certificate_import.h). A running service
// sees mappings at its next reload (SIGHUP).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "state/certificate_stores.h"
#include "state/settings.h"

namespace mullion::state {

// Each certificate of a file into DIR/trust, which is Root and TrustedPeople at once. Their thumbprints.
// Errors: tls.files, usage.file, state.…
[[nodiscard]] Result<std::vector<std::string>> trust_certificates(const std::string& state,
                                                                  const std::string& file);

// One more of winrm.yaml's CertMapping; the rest of the file stays as it is written. The account must exist,
// and the issuer be trusted. Errors: config.invalid, account.missing, tls.files, state.…
[[nodiscard]] Result<void> add_mapping(const std::string& state, const CertificateMapping& mapping);

struct KnownCertificates {
    std::vector<StoredCertificate> certificates;
    Config config;  // Of winrm.yaml and policy: who names them.
};
[[nodiscard]] Result<KnownCertificates> list_certificates(const std::string& state);

}  // namespace mullion::state
