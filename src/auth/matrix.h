// What each way to log on can do: the table that people choose by.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "auth/mechanism.h"

namespace mullion::auth {

struct Abilities {
    Transport transport;
    bool local_accounts;    // Accounts of the host itself.
    bool domain_accounts;   // Accounts of its domain.
    bool delegation;        // The host can go further in the account's name.
    bool http_encryption;   // Messages are sealed where there is no TLS.
    std::string_view when;  // To choose it.
};
// Of each way but negotiate, which is kerberos or ntlm.
[[nodiscard]] std::span<const Abilities> matrix();

// `mullion help auth`.
[[nodiscard]] std::string matrix_text();

}  // namespace mullion::auth
