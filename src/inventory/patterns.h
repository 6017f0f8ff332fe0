// Which hosts a pattern means: "all", "web*:!web03", "windows:&prod", "~web\d+", "db[0]", "a,b".
#pragma once

#include <string_view>
#include <vector>

#include "inventory/model.h"

namespace mullion::inventory {

// In Ansible's order, each host once. Stricter than Ansible in one thing: a part that matches nothing is an
// error and no warning, since a name misspelt is a host left out, or one not left out. Errors:
// usage.pattern (names the part, and what it may have meant)
[[nodiscard]] Result<std::vector<HostIndex>> select_hosts(const Model& model, std::string_view pattern);

// Of the group and all below it: its own first, then level by level.
[[nodiscard]] std::vector<HostIndex> hosts_of(const Model& model, GroupIndex group);

}  // namespace mullion::inventory
