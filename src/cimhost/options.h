// Options of a request, as Microsoft's clients send them.
#pragma once

#include <optional>
#include <string_view>

#include "cimhost/failure.h"
#include "wsman/envelope.h"

namespace mullion::cimhost {

// xs:boolean; `into` stays as it is where the option was not sent.
[[nodiscard]] std::optional<cim::Failure> read_option(const wsman::Header& header, std::string_view name,
                                                      bool& into);

// msftwinrm:UsePreciseArrays: null and empty arrays are told apart.
inline constexpr std::string_view precise_arrays_option = "msftwinrm:UsePreciseArrays";

}  // namespace mullion::cimhost
