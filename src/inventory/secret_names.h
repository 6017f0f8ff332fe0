// What is a secret as a rule, by its name or its form.
#pragma once

#include <string_view>

namespace mullion::inventory {

// True for the name of a variable that holds a secret as a rule: it has pass, pwd, secret, token, credential
// or private in it, or ends in key.
[[nodiscard]] bool names_a_secret(std::string_view name);

// A PEM key, or "https://user:password@host".
[[nodiscard]] bool holds_a_secret(std::string_view text);

}  // namespace mullion::inventory
