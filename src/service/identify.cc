#include "service/identify.h"

#include <sys/utsname.h>

#include "wsman/uris.h"

namespace mullion::service {
namespace {

// "Stack" is the level of the protocol: 3.0 is what Windows Server 2012 and later speak.
constexpr const char* stack = " SP: 0.0 Stack: 3.0";

std::string profile(bool tls, const char* scheme) {
    return std::string("http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/") +
           (tls ? "https/" : "http/") + scheme;
}

}  // namespace

wsman::Identity identity_for_strangers() {
    wsman::Identity identity;
    identity.protocol_version = wsman::ns::wsman;
    identity.product_vendor = "Mullion";
    identity.product_version = std::string("OS: 0.0.0") + stack;
    return identity;
}

wsman::Identity identity_for_users(const Settings& settings, bool tls, const std::string& system_release) {
    wsman::Identity identity = identity_for_strangers();
    identity.product_version = "OS: " + system_release + stack;
    if (settings.basic && (tls || settings.allow_unencrypted))
        identity.security_profiles.push_back(profile(tls, "basic"));
    if (settings.negotiate) identity.security_profiles.push_back(profile(tls, "spnego-kerberos"));
    return identity;
}

std::string system_release() {
    utsname names{};
    return uname(&names) == 0 ? names.release : "0.0.0";
}

}  // namespace mullion::service
