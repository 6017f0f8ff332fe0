// Which account a client's name for itself may mean. The service has local accounts only, so a domain in
// front or a realm behind says nothing that could be checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"

namespace mullion::auth {

// The names to look up, in order: the whole, then without "DOMAIN\" in front or "@realm" behind.
// Empty for a name that no account can have: empty, over 256 bytes, with control characters or ':'.
[[nodiscard]] std::vector<std::string> account_names(std::string_view claimed);

// The first of them that exists. Errors are those of `accounts`.
[[nodiscard]] Result<std::optional<AccountRecord>> find_account(std::string_view claimed,
                                                                AccountLookup& accounts);

}  // namespace mullion::auth
