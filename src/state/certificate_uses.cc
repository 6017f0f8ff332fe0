#include "state/certificate_uses.h"

#include <fmt/core.h>

namespace mullion::state {

std::vector<CertificateUse> uses_of(const Config& config, std::string_view thumbprint) {
    std::vector<CertificateUse> uses;
    for (const auto& one : config.listeners)
        if (one.https && one.thumbprint == thumbprint)
            uses.push_back(
                {fmt::format("the listener https://{}:{}{}", one.address,
                             effective_port(one, config.settings), one.enabled ? "" : " (not enabled)"),
                 true});
    if (config.settings.credssp_thumbprint == thumbprint)
        uses.push_back({"Service/CertificateThumbprint", true});
    for (const auto& one : config.mappings)
        if (one.issuer == thumbprint)
            uses.push_back({fmt::format("the mapping of {} to {}", one.subject, one.user), false});
    return uses;
}

}  // namespace mullion::state
