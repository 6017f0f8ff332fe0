// What a credential of the secret store decides about a host, in the place of options and variables.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "target/option_table.h"

namespace mullion::target {

// The credential that the host is logged on to with; then no row is looked at that is_of_credential() names.
[[nodiscard]] const HostVariable& credential_variable();

// User, transport, scheme, certificate check, realm, KDCs and where tickets come from. Not the port, which a
// host may have of its own.
[[nodiscard]] bool is_of_credential(const OptionRow& row);

// Beside a credential none of these may be given as a flag, but for the transport. Errors: usage.invalid
[[nodiscard]] Result<void> check_beside_credential(const std::string& credential, const GivenOptions& given,
                                                   bool password_given);

// As KerberosOptions::cache: tickets are kept in none, and each log-on gets one of its own. Only with a
// password or a keytab; no option says so.
inline constexpr std::string_view no_ticket_cache = "NONE:";

}  // namespace mullion::target
