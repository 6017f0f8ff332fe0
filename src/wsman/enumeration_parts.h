// What enumerations of any resource share. Internal to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

// A batch as it stands in its message, nothing copied but the context.
struct BatchView {
    std::string context;  // Empty at the end of some.
    xml::Element first;   // Of the items; empty when there are none.
    bool end = false;
    std::optional<Duration> expires = {};
};
// Of the answer to Enumerate or Pull. Errors: the fault's, wsman.malformed.
[[nodiscard]] Result<xml::Element> batch_body(const Message& message, std::string_view request_action);
[[nodiscard]] Result<BatchView> view_batch(const Message& message, std::string_view request_action);

// Rows that nobody would see are worse than an answer that is refused.
[[nodiscard]] Error two_lists_of_items();

}  // namespace mullion::wsman
