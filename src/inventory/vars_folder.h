// group_vars/ and host_vars/ of one folder.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "inventory/model.h"
#include "inventory/vault.h"

namespace mullion::inventory {

struct VarsFolder {
    std::unordered_map<GroupIndex, Variables> groups;
    std::unordered_map<HostIndex, Variables> hosts;
};

// Of the groups and hosts that the model has; files of others are not read. Errors: usage.file, inventory.…
[[nodiscard]] Result<VarsFolder> load_vars_folder(Model& model, const Vault& vault,
                                                  const std::string& folder);

}  // namespace mullion::inventory
