// What `winrm enumerate` asks a service for.
#pragma once

#include <string>

#include "core/result.h"
#include "winrm/command_line.h"
#include "wsman/enumeration.h"

namespace mullion::winrm {

// Of an enumerate's request. Errors: usage.invalid for an association filter that cannot be read.
[[nodiscard]] Result<wsman::Enumerate> enumeration_of(const Request& request);

// The content of w:Filter of the association dialect (DSP0227 7): what belongs to an object, or with
// `associations` what joins it to that. `filter` is {Object=CLASS?KEY=VALUE[;ResultClassName=…][;Role=…]
// [;ResultRole=…][;AssociationClassName=…][;ResultPropertyName=…]}, whatever the case of the names; an object
// that is a class alone is of the namespace that `resource_uri` names.
[[nodiscard]] Result<std::string> parse_association_filter(std::string_view filter,
                                                           std::string_view resource_uri, bool associations);

}  // namespace mullion::winrm
