// Who names a certificate in the service that runs: also what it was told on its command line, which no file
// says.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "state/certificate_uses.h"

namespace mullion::cli {

// Nobody where none runs. Asked by its local socket. Errors: those of asking
[[nodiscard]] Result<std::vector<state::CertificateUse>> running_uses(const std::string& state,
                                                                      const std::string& thumbprint);

}  // namespace mullion::cli
