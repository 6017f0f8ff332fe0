// What `mullion cert` does to a state directory. A running service sees it at its next reload (SIGHUP).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "crypto/x509.h"
#include "service/settings.h"

namespace mullion::service {

// Each certificate of a PEM file into DIR/trust. Their thumbprints. Errors: tls.files, usage.file, state.…
[[nodiscard]] Result<std::vector<std::string>> trust_certificates(const std::string& state,
                                                                  const std::string& file);

// One more of winrm.yaml's CertMapping; the rest of the file stays as it is written. The account must exist,
// and the issuer be trusted. Errors: config.invalid, account.missing, tls.files, state.…
[[nodiscard]] Result<void> add_mapping(const std::string& state, const CertificateMapping& mapping);

// The text of winrm.yaml with that mapping in it. Errors: config.invalid (where the list is written in one
// line, or the file is not valid)
[[nodiscard]] Result<std::string> with_mapping(std::string_view yaml, const CertificateMapping& mapping);

struct KnownCertificates {
    std::vector<crypto::CertificateInfo> own;      // DIR/certs
    std::vector<crypto::CertificateInfo> trusted;  // DIR/trust
    std::vector<CertificateMapping> mappings;
};
[[nodiscard]] Result<KnownCertificates> list_certificates(const std::string& state);

}  // namespace mullion::service
