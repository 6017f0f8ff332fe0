// A value as other languages write it inside their texts: every spelling that is in use, each once.
#pragma once

#include <string_view>
#include <vector>

#include "core/secret.h"

namespace mullion::secrets {

// RFC 3986 2.1 and application/x-www-form-urlencoded: hex in upper and lower case, a blank as %20 and +, and
// the sets of characters that are left alone by RFC 3986, encodeURIComponent, Python's quote and .NET's
// UrlEncode.
[[nodiscard]] std::vector<Secret> url_escaped(std::string_view value);

// RFC 8259 7, without the quotes: "/" as it is and escaped; what is not ASCII as it is and as \u; "<", ">",
// "&" and
// "'" as they are and as \u (PowerShell's ConvertTo-Json); hex in both cases. Nothing for what is no UTF-8.
[[nodiscard]] std::vector<Secret> json_escaped(std::string_view value);

// As shells and tables put a text between their quotes: ' or " twice (PowerShell, SQL, CSV of RFC 4180 2.7),
// a backtick before what PowerShell would read between ", a backslash before either quote, '\'' of a POSIX
// shell, and cmd's ^.
[[nodiscard]] std::vector<Secret> quoted(std::string_view value);

// XML 1.0 2.4, with the quotes as they are and as references (HTML's numbers as well): CLIXML, faults.
[[nodiscard]] std::vector<Secret> xml_escaped(std::string_view value);

}  // namespace mullion::secrets
