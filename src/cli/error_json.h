// A failure for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/error.h"

namespace mullion::cli {

// {"id","message","advice":[…]}, and "wsman_code", "http_status", "offered" where known.
[[nodiscard]] nlohmann::ordered_json error_json(const Error& error);

}  // namespace mullion::cli
