// The resources of CIM, and by which other URI the same is known. [MS-WSMV] 2.2.4.33, DSP0227 6
#pragma once

#include <string>
#include <string_view>

#include "wsman/envelope.h"

namespace mullion::service {

namespace cim_resource {
// What serves them: its name is Windows'.
inline constexpr std::string_view plugin = "WMI Provider";

inline constexpr std::string_view wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi";
inline constexpr std::string_view schema = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema";
inline constexpr std::string_view vendor_schema = "http://schemas.microsoft.com/wbem/wscim/1/cim-schema";
inline constexpr std::string_view all_classes = "http://schemas.dmtf.org/wbem/wscim/1/*";
inline constexpr std::string_view metadata = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*";
}  // namespace cim_resource

[[nodiscard]] bool is_cim_resource(std::string_view uri);
// Whether there is such an action on it: of transfers and enumerations those that CIM has, and any of a
// class's own, which is a method (or none: who answers says so).
[[nodiscard]] bool has_cim_action(std::string_view uri, std::string_view action);
[[nodiscard]] bool is_method(std::string_view action);

// One namespace has many names: schemas of DMTF with a selector, all classes, metadata, backslashes, none at
// all. This is the one that descriptors are made for: "…/wmi/root/cimv2/Win32_Service".
[[nodiscard]] std::string wmi_name(const wsman::Header& header);

}  // namespace mullion::service
