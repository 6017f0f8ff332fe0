// What a credential says of how a host is reached.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "secrets/use/use.h"
#include "target/target.h"

namespace mullion::secrets {

// User, transport, scheme, certificate check and Kerberos; the port where the credential has one
// of its own, as it otherwise follows the scheme. `keytab` is the name under which Kerberos finds the keys of
// a file secret ("MEMORY:…"). Then its parameters: one that has the name of a connection variable, as
// ansible_winrm_operation_timeout_sec, sets that. Errors: secrets.invalid (the parameter is named)
[[nodiscard]] Result<void> set_target(const UsableCredential& credential, const std::string& keytab,
                                      target::Target& to);

// Of its parameters those that set nothing: they are of Harness's own PowerShell, which is not run here.
[[nodiscard]] std::vector<std::string> unknown_parameters(const UsableCredential& credential);

// A port that was said for the host, where it is the other scheme's by default; else empty.
[[nodiscard]] std::string port_note(const target::Target& settled);

}  // namespace mullion::secrets
