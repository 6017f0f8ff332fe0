// Who names a certificate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "state/certificate_stores.h"
#include "state/settings.h"

namespace mullion::state {

struct CertificateUse {
    std::string what;     // "listener https://*:5986", "Service/CertificateThumbprint", "CertMapping of …".
    bool of_key = false;  // It shows the certificate (My); else it believes it.
};
[[nodiscard]] std::vector<CertificateUse> uses_of(const Config& config, std::string_view thumbprint);

}  // namespace mullion::state
