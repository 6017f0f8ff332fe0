// A message read into its meaning and written from that again.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::recordings {

[[nodiscard]] Result<std::string> rewrite_request(std::string_view request);
[[nodiscard]] Result<std::string> rewrite_response(std::string_view response);

}  // namespace mullion::recordings
