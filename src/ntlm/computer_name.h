// What this machine is called where NTLM wants a NetBIOS name.
#pragma once

#include <string>
#include <string_view>

namespace mullion::ntlm {

// At most 15 letters, digits or dashes of a host's first label, in upper case; empty when there are none.
[[nodiscard]] std::string netbios_name(std::string_view host);

// This machine's, asked for once.
[[nodiscard]] const std::string& own_netbios_name();

// What a service on `host` calls its machine: where nothing of `host` is left, by this machine's name, and
// "MULLION" where that has nothing either.
[[nodiscard]] std::string service_netbios_name(std::string_view host);

}  // namespace mullion::ntlm
