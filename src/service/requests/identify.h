// What the service says of itself. [MS-WSMV] 3.1.4.1, DSP0226 11
#pragma once

#include <string>

#include "state/settings.h"
#include "wsman/identify.h"

namespace mullion::service {

// Whose service it is, and what it runs on.
struct Product {
    std::string release;  // "6.1.0-18-amd64", "10.0.20348"
    std::string vendor = "Mullion";
    std::string stack = "3.0";  // The level of the protocol: 3.0 is Windows Server 2012's and later.
};

// To whom nobody knows: neither version nor ways to log on.
[[nodiscard]] wsman::Identity identity_for_strangers(const Product& product);
[[nodiscard]] wsman::Identity identity_for_users(const state::Settings& settings, bool tls,
                                                 const Product& product);
// uname's release: "6.1.0-18-amd64".
[[nodiscard]] std::string system_release();

}  // namespace mullion::service
