#include <array>
#include <utility>

#include "auth/mechanism.h"

namespace mullion::auth {
namespace {

struct Name {
    std::string_view text;
    Transport transport;
};

// The first name of a transport is the one we print. "plaintext" and "ssl" are Ansible's older names; "ssl"
// meant Basic over HTTPS, or a certificate when one was given, which only the option reader can know.
constexpr std::array kNames = {
    Name{"basic", Transport::basic},         Name{"certificate", Transport::certificate},
    Name{"ntlm", Transport::ntlm},           Name{"kerberos", Transport::kerberos},
    Name{"negotiate", Transport::negotiate}, Name{"credssp", Transport::credssp},
    Name{"plaintext", Transport::basic},     Name{"ssl", Transport::basic},
};

}  // namespace

std::string_view to_string(Transport transport) {
    if (transport == Transport::local) return "local";  // Not one that parse_transport() knows.
    for (const Name& name : kNames) {
        if (name.transport == transport) return name.text;
    }
    return "unknown";
}

std::optional<Transport> parse_transport(std::string_view text) {
    for (const Name& name : kNames) {
        if (name.text == text) return name.transport;
    }
    return std::nullopt;
}

}  // namespace mullion::auth
