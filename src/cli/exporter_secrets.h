// What the exporter has of a secret store: credentials and passwords of auths, and lists of hosts.
#pragma once

#include <memory>

#include "core/clock.h"
#include "core/log.h"
#include "core/result.h"
#include "exporter/config.h"

namespace mullion::cli {

// So often at most an auth looks whether its secret is another one than before. One that could not be opened
// and has not changed since is tried again after that time, then after twice as long, and so on up to a few
// minutes: each try is an entry in the audit log.
inline constexpr Duration between_looks = std::chrono::seconds(10);
inline constexpr Duration longest_between_tries = std::chrono::minutes(5);

// What can be wrong with references without opening anything. Errors: config.invalid
[[nodiscard]] Result<void> check_stored_auths(const exporter::Config& config);

// Gives the discovery what reads the connectors of its inventory; the store is opened when the first is read.
// Errors: config.invalid (a scope)
[[nodiscard]] Result<void> connect_discovery(exporter::Config& config, Logger& log);

// Does so, too, and gives each auth of the configuration that refers to a store what opens it; all of them
// are looked up at once. What cannot be opened is told by `log`, and by the auth's scrapes; the others go on.
// A configuration without any opens no store. Errors: config.invalid (a reference that is none, a scope)
[[nodiscard]] Result<void> open_stored_auths(exporter::Config& config, Logger& log,
                                             const Clock& clock = system_clock());

}  // namespace mullion::cli
