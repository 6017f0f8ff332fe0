// The client's name as an operator writes it. Private to this room.
#pragma once

#include <string>

#include "kerberos/configuration.h"
#include "kerberos/context.h"

namespace mullion::kerberos {

// "alice", "alice@REALM", "HTTP/web01@REALM"; the configuration's realm wins over the name's own. Errors:
// kerberos.no_kdc (no realm), kerberos.rejected (not a name)
[[nodiscard]] Result<Principal> client_principal(const Context& context, const Configuration& configuration,
                                                 const std::string& client);

}  // namespace mullion::kerberos
