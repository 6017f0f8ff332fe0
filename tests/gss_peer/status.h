// What GSSAPI says of a failure.
#pragma once

#include <gssapi/gssapi.h>

#include <string>

namespace mullion::gss_peer {

// "MAJOR TEXT; MORE (MINOR TEXT)": every message of both codes, at most eight each. `mechanism` tells whose
// minor code it is.
[[nodiscard]] std::string status_text(OM_uint32 major, OM_uint32 minor, gss_OID mechanism);

}  // namespace mullion::gss_peer
