// The documents that winrm makes of @{…}. They may hold passwords: who sends one wipes it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "winrm/command_line.h"

namespace mullion::winrm {

// Of create: the root is the resource's last word. Of invoke: ACTION_INPUT. Its namespace is the resource's
// URI. Errors: usage.invalid for a property whose name cannot be an element's.
[[nodiscard]] Result<std::string> new_document(const Request& request);

// Of set: the whole document that a Get gave, with the text of each property's element replaced; its name is
// compared letter by letter, as winrm does. ListeningOn goes: a service refuses a listener's Put that holds
// it. Errors: usage.invalid in winrm's words; wsman.malformed for a document that cannot be read.
[[nodiscard]] Result<std::string> changed_document(std::string_view current,
                                                   std::span<const Property> changes);

// A w:SelectorSet, the filter of the selector dialect.
[[nodiscard]] std::string selector_filter(std::span<const PlainProperty> selectors);

}  // namespace mullion::winrm
