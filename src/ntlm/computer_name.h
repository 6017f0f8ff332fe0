// What this machine is called where NTLM wants a NetBIOS name.
#pragma once

#include <string>
#include <string_view>

namespace mullion::ntlm {

// At most 15 letters, digits or dashes of a host's first label, in upper case; empty when there are none.
[[nodiscard]] std::string netbios_name(std::string_view host);

// This machine's, asked for once.
[[nodiscard]] const std::string& own_netbios_name();

}  // namespace mullion::ntlm
