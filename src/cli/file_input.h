// Standard input of a command from a file or from our own standard input.
#pragma once

#include <memory>
#include <string>

#include "client/client.h"
#include "core/result.h"

namespace mullion::cli {

// "-" is our standard input. Errors: usage.file
[[nodiscard]] Result<std::unique_ptr<client::InputSource>> open_input(const std::string& file);

}  // namespace mullion::cli
