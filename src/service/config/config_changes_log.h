// What a change of the configuration was, in words.
#pragma once

#include <string>
#include <vector>

#include "state/config_tree.h"

namespace mullion::service {

// One line for each value, listener, mapping, descriptor and rule of groups that is different:
// "Service/Auth/Basic: false, now true".
[[nodiscard]] std::vector<std::string> changes_in_words(const state::ConfigTree& before,
                                                        const state::ConfigTree& after);

}  // namespace mullion::service
