// Which HTTP proxy leads to a target.
#pragma once

#include <optional>

#include "target/host_name.h"
#include "target/target.h"

namespace mullion::target {

// Reads a variable of the environment; null where it is not set.
using ReadVariable = const char* (*)(const char* name);

// Of a settled target. With "environment": https_proxy or http_proxy by its scheme, then all_proxy, in both
// cases of letters, unless no_proxy names the host ("*", "web01", ".corp.example", with commas). The port is
// always set. Errors: usage.invalid (a variable that is not an http:// URL)
[[nodiscard]] Result<std::optional<HostPort>> proxy_of(const Target& target, ReadVariable read);

}  // namespace mullion::target
