// What a change does to the way by which the host was reached: whoever sent it may not get in again. Pure.
#pragma once

#include <string>
#include <vector>

#include "client/config.h"

namespace mullion::client {

struct ConfigCut {
    // The same options do not get in again. Otherwise they may not: it depends on what is not known here.
    bool certain = false;
    std::string what;  // "Service/Auth/Basic is how …"
};

// `before` is the document that is changed; null for one that is new, which cuts nothing.
[[nodiscard]] std::vector<ConfigCut> cuts_of(const ConfigChange& change, const wsman::ConfigDocument* before,
                                             const ConfigRead& now);

}  // namespace mullion::client
