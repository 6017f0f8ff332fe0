// From what became of a host to the process's exit status (design 3).
#pragma once

#include <optional>

#include "core/error.h"

namespace mullion::cli {

[[nodiscard]] int exit_status_of(Status status, const std::optional<Error>& error);

}  // namespace mullion::cli
