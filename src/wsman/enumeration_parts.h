// What enumerations of any resource share. Internal to the room.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

// A batch as it stands in its message, nothing copied but the context.
struct BatchView {
    std::string context;  // Empty at the end of some.
    xml::Element first;   // Of the items; empty when there are none.
    bool end = false;
};
// Of the answer to Enumerate or Pull. Errors: the fault's, wsman.malformed.
[[nodiscard]] Result<BatchView> view_batch(const Message& message, std::string_view request_action);

}  // namespace mullion::wsman
