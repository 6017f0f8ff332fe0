// What the service says of itself. [MS-WSMV] 3.1.4.1, DSP0226 11
#pragma once

#include <string>

#include "service/settings.h"
#include "wsman/identify.h"

namespace mullion::service {

// To whom nobody knows: neither version nor ways to log on.
[[nodiscard]] wsman::Identity identity_for_strangers();
[[nodiscard]] wsman::Identity identity_for_users(const Settings& settings, bool tls,
                                                 const std::string& system_release);
// uname's release: "6.1.0-18-amd64".
[[nodiscard]] std::string system_release();

}  // namespace mullion::service
