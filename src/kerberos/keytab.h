// What a keytab holds, and what this machine's krb5.conf says of clocks. Private to this room.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace mullion::kerberos {

struct KeytabContents {
    std::vector<std::string> principals;  // "HTTP/web01@EXAMPLE.TEST", each once.
    std::vector<std::string> realms;      // Each once.
};
// Reads the file. Errors: kerberos.keytab, kerberos.library
[[nodiscard]] Result<KeytabContents> read_keytab(const std::string& file);

// HTTP/…, host/… and WSMAN/…: what clients of WinRM ask tickets for.
[[nodiscard]] bool is_our_service(std::string_view principal);

// [libdefaults] clockskew, else 5 minutes.
[[nodiscard]] Duration clock_skew();

// A GSSAPI token with KRB-ERROR (RFC 4120 7.5.9), from `server` to a client whose request the library
// answered with `code`; empty for a code that the client can do nothing about.
[[nodiscard]] std::string error_token(std::int32_t code, const std::string& server);

}  // namespace mullion::kerberos
