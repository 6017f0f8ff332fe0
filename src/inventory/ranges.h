// "web[01:50:2].corp", "db-[a:f]": one line of an inventory that is many hosts.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::inventory {

// Calls `each` for every name, in order; several ranges in one name multiply. A bracketed IPv6 address is no
// range. At most 1,000,000 names. Errors: inventory.invalid (without file and line: the reader knows them)
[[nodiscard]] Result<void> expand_range(std::string_view text,
                                        const std::function<void(std::string_view)>& each);

}  // namespace mullion::inventory
