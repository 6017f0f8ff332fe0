// What follows from the fields of a WinRM credential.
#pragma once

#include <cstdint>
#include <string>

#include "secrets/entities/entity.h"

namespace mullion::secrets {

// The explicit port, or the scheme's: 5986 with SSL, 5985 without.
[[nodiscard]] std::uint16_t port_of(const WinRmCredential& credential);
// An explicit one that is what the other scheme has by default: it stays, and is worth a warning.
[[nodiscard]] bool has_other_schemes_port(const WinRmCredential& credential);

// "svc@CORP.EXAMPLE", also where the principal names its realm already.
[[nodiscard]] std::string principal_of(const KerberosLogOn& log_on);

}  // namespace mullion::secrets
