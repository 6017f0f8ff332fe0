// A provider's values as the wire's, and back.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cim/class_def.h"
#include "wsman/cim/class_uri.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/instance_writer.h"

namespace mullion::cimhost {

// `form`: how a reference names its class.
void write_value(wsman::cim::InstanceWriter& out, std::string_view name, const cim::Value& value,
                 const wsman::cim::ClassUri& form);
[[nodiscard]] std::vector<wsman::cim::Value> wire_values(const cim::Value& value,
                                                         const wsman::cim::ClassUri& form);
[[nodiscard]] wsman::cim::Reference wire_reference(const cim::Reference& reference,
                                                   const wsman::cim::ClassUri& form);

// What a caller's reference names. Nothing where that is no object of this namespace.
[[nodiscard]] std::optional<cim::Reference> reference_of(const wsman::cim::Reference& target,
                                                         std::string_view cim_namespace);

// What a caller sent for a property or parameter of that type. Nothing where it is none of it.
[[nodiscard]] std::optional<cim::Value> value_of(const std::vector<wsman::cim::Value>& sent, cim::Type type,
                                                 bool array);

}  // namespace mullion::cimhost
