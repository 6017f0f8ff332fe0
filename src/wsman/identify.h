// wsmid:Identify: who answers there. DSP0226 11, [MS-WSMV] 3.1.4.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

struct Identity {
    std::string protocol_version;
    std::string product_vendor;
    std::string product_version;  // "OS: 6.3.9600 SP: 0.0 Stack: 3.0"
    std::vector<std::string> security_profiles;
};

[[nodiscard]] std::string write_identify();
[[nodiscard]] bool is_identify(const Message&);
[[nodiscard]] std::string write_identify_response(const Identity&);
// Takes OMI's answer in the SOAP namespace as well.
[[nodiscard]] Result<Identity> read_identify_response(const Message&);

}  // namespace mullion::wsman
