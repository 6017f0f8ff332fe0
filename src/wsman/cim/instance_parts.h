// What readers of instances share. Internal to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wsman/cim/instance_reader.h"
#include "xml/document.h"

namespace mullion::wsman::cim {

// DSP0230 8.4: the five elements of cim:cimDateTime.
[[nodiscard]] std::optional<Form> time_form(std::string_view space, std::string_view local);
[[nodiscard]] bool is_nil(const std::optional<std::string_view>& value);  // Of xsi:nil.
// "Win32_Service_Type" of "p:Win32_Service_Type".
[[nodiscard]] std::string_view without_prefix(std::string_view type);

// Form and text of a property's element; `scratch` is where text goes that stands in several pieces.
void read_property(const xml::Element& element, PropertyView& property, std::string& scratch);

}  // namespace mullion::wsman::cim
