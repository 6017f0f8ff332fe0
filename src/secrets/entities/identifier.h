// Names and identifiers by Harness's rules.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::secrets {

// ^[a-zA-Z_][0-9a-zA-Z_$-]{0,127}$, case-sensitive, and none of the expression language's keywords. Errors:
// secrets.invalid, in Harness's words
[[nodiscard]] Result<void> check_identifier(std::string_view id);
// ^[a-zA-Z_0-9-.][-0-9a-zA-Z_\s.]{0,127}$. Errors: secrets.invalid
[[nodiscard]] Result<void> check_name(std::string_view name);

// The identifier that a name gives when none was chosen: what an identifier may not have becomes `_`. Errors:
// secrets.invalid (nothing usable is left, or it is a keyword)
[[nodiscard]] Result<std::string> identifier_of(std::string_view name);

}  // namespace mullion::secrets
