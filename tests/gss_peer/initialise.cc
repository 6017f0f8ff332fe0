#include <unistd.h>

#include <array>
#include <cctype>
#include <clocale>
#include <cstdlib>
#include <string>

#include "gss_peer/gss_peer.h"

namespace mullion::gss_peer {
namespace {

// A NetBIOS name: at most 15 letters, digits or dashes of the host's own.
std::string netbios_name() {
    std::array<char, 256> host{};
    std::string name;
    if (gethostname(host.data(), host.size() - 1) == 0) {
        for (const char* c = host.data(); *c != '\0' && *c != '.' && name.size() < 15; ++c) {
            const auto byte = static_cast<unsigned char>(*c);
            if (std::isalnum(byte) != 0 || byte == '-') name += static_cast<char>(std::toupper(byte));
        }
    }
    return name.empty() ? "MULLION" : name;
}

}  // namespace

void initialise() {
    // The plugin compares users by the locale's characters: without UTF-8 a "GÜNTER" is not "günter".
    std::setlocale(LC_CTYPE, "C.UTF-8");
    // With both names set it does not ask winbind for them, through a buffer that threads share. The domain
    // must be this word: with another the plugin counts itself as a domain's server and then takes NTLMv1.
    setenv("NETBIOS_COMPUTER_NAME", netbios_name().c_str(), 1);
    setenv("NETBIOS_DOMAIN_NAME", "WORKSTATION", 1);
    // NTLMv2 only, both ends, whatever the environment says ([MS-NLMP] 3.1.1.1 and 3.2.1.1).
    setenv("LM_COMPAT_LEVEL", "5", 1);
}

}  // namespace mullion::gss_peer
