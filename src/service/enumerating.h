// Enumerate, Pull and Release as messages: once, for every resource that has them. [MS-WSMV] 3.1.4.8
#pragma once

#include <deque>
#include <string>

#include "service/operations.h"
#include "service/resource_handler.h"

namespace mullion::service {

// `items` are the XML of each.
[[nodiscard]] Outcome<std::string> answer_enumerate(Operations& operations, const Call& call,
                                                    const wsman::Enumerate& what,
                                                    std::deque<std::string> items);
[[nodiscard]] Outcome<std::string> answer_pull(Operations& operations, const Call& call);
[[nodiscard]] Outcome<std::string> answer_release(Operations& operations, const Call& call);

}  // namespace mullion::service
