// Groups and hosts as a tree, in the form of `ansible-inventory --graph`.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "inventory/model.h"

namespace mullion::cli {

// Errors: usage.pattern (there is no such group), usage.invalid (the tree has too many lines: groups that
// several others share are shown below each)
[[nodiscard]] Result<std::string> graph_text(const inventory::Model& model, std::string_view group);

}  // namespace mullion::cli
