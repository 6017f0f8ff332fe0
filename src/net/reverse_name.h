// What DNS, or /etc/hosts, calls an address.
#pragma once

#include <string>

#include "core/result.h"

namespace mullion::net {

// Empty: it has no name. Blocks, for ten seconds and more when a name server does not answer. Errors:
// net.name (no address, or nobody to ask)
[[nodiscard]] Result<std::string> reverse_name(const std::string& address);

}  // namespace mullion::net
