// Which certificates DIR/certs has, for those that are to be named by thumbprint or found by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "crypto/x509.h"

namespace mullion::state {

// Those with a key that can be read, by thumbprint.
[[nodiscard]] std::vector<crypto::CertificateInfo> present_certificates(const std::string& folder);
// "there is A (web01), B (web02)", or that there is none; for people.
[[nodiscard]] std::string who_is_present(const std::vector<crypto::CertificateInfo>& present);

// Whether it is this name's: its common name or one of its alternative ones; "*" stands for a first label.
[[nodiscard]] bool names_host(const crypto::CertificateInfo& certificate, std::string_view host);
// That of the host name which lasts longest, and lasts now; null for none.
[[nodiscard]] const crypto::CertificateInfo* certificate_of(
    const std::vector<crypto::CertificateInfo>& present, std::string_view host, WallTime now);

}  // namespace mullion::state
