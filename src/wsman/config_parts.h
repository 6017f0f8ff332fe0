// What the files of configuration share. Internal to the room.
#pragma once

#include <string_view>

#include "wsman/config.h"
#include "wsman/values.h"

namespace mullion::wsman {

inline constexpr std::string_view xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

// "", "*", or ranges "from-to" parted by commas. [MS-WSMV] 2.2.4.22, 2.2.4.23
[[nodiscard]] bool is_ip_filter(std::string_view text, bool version_6);
[[nodiscard]] bool is_ip_address(std::string_view text, bool version_6);

// Whether an element can be the representation of this resource: `winrm create` takes name and namespace from
// the URI as the user typed it, and the root's namespace serves for the whole tree.
[[nodiscard]] bool represents(const xml::Element& element, const ConfigResource& resource);

[[nodiscard]] bool is_nil(const xml::Element& element);

// The selectors of a resource, named and ordered as in the table. The fault is that of a request.
[[nodiscard]] Result<std::vector<Selector>> ordered_keys(const ConfigResource& resource,
                                                         const std::vector<Selector>& selectors);

}  // namespace mullion::wsman
