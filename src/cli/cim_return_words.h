// What the number that a method returned means, in Windows' words.
#pragma once

#include <optional>
#include <string_view>

#include "client/cim.h"

namespace mullion::cli {

// Nothing for methods whose numbers we do not know.
[[nodiscard]] std::optional<std::string_view> cim_return_words(const client::CimInvoke& asked,
                                                               const wsman::cim::MethodResult& result);

}  // namespace mullion::cli
