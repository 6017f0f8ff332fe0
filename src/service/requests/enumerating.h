// Enumerate, Pull and Release as messages: once, for every resource that has them. [MS-WSMV] 3.1.4.8
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "service/requests/operations.h"
#include "service/requests/resource_handler.h"

namespace mullion::service {

// `call` lives until the answer is given.
[[nodiscard]] ResourceHandler::Answer answer_enumerate(Operations& operations, const Call& call,
                                                       wsman::Enumerate what,
                                                       std::unique_ptr<ItemSource> source);
// `items` are the XML of each.
[[nodiscard]] ResourceHandler::Answer answer_enumerate(Operations& operations, const Call& call,
                                                       wsman::Enumerate what, std::deque<std::string> items);
[[nodiscard]] ResourceHandler::Answer answer_pull(Operations& operations, const Call& call);
[[nodiscard]] Outcome<std::string> answer_release(Operations& operations, const Call& call);

}  // namespace mullion::service
