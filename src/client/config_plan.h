// What must be sent so that a host is set as wished. Pure: made of what was read, tested alone.
#pragma once

#include <memory>
#include <vector>

#include "client/config.h"
#include "client/config_path.h"
#include "core/secret.h"

namespace mullion::client {

struct ConfigPlanOptions {
    // May leave the host without a listener, and cut the way by which it was reached.
    bool force = false;
    std::shared_ptr<const Secret> password;  // Of the account of mappings that are made or changed.
};

// Whether it can be asked of any host: a value, of its type, that may be written. Spells the value as the
// service does. Errors: usage.invalid
[[nodiscard]] Result<void> check_assignment(ConfigAssignment& assignment);

// What must be read for paths that are looked at, or changed; each resource once.
[[nodiscard]] std::vector<const wsman::ConfigResource*> resources_to_read(
    const std::vector<ConfigPath>& paths);
[[nodiscard]] std::vector<const wsman::ConfigResource*> resources_to_change(
    const std::vector<ConfigPath>& paths);

// Only what differs. A listener or mapping that is named by all its keys and is not there is created; an
// assignment to one without a value wants no more than that. What may cut the way to the host comes last and
// is warned of. Errors: usage.invalid (nothing has those keys; the way is certain to be cut),
// config.last_listener
[[nodiscard]] Result<ConfigPlan> plan_set(const std::vector<ConfigAssignment>& wanted, const ConfigRead& now,
                                          const ConfigPlanOptions& options = {});
// Errors: usage.invalid (it cannot be removed, or is not there), config.last_listener
[[nodiscard]] Result<ConfigPlan> plan_remove(const std::vector<ConfigPath>& paths, const ConfigRead& now,
                                             const ConfigPlanOptions& options = {});

}  // namespace mullion::client
