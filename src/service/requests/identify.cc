#include "service/requests/identify.h"

#include <sys/utsname.h>

#include "wsman/uris.h"

namespace mullion::service {
namespace {

std::string version(const std::string& release, const Product& product) {
    return "OS: " + release + " SP: 0.0 Stack: " + product.stack;
}

std::string profile(bool tls, const char* scheme) {
    return std::string("http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/") +
           (tls ? "https/" : "http/") + scheme;
}

}  // namespace

wsman::Identity identity_for_strangers(const Product& product) {
    wsman::Identity identity;
    identity.protocol_version = wsman::ns::wsman;
    identity.product_vendor = product.vendor;
    identity.product_version = version("0.0.0", product);
    return identity;
}

wsman::Identity identity_for_users(const state::Settings& settings, bool tls, const Product& product) {
    wsman::Identity identity = identity_for_strangers(product);
    identity.product_version = version(product.release, product);
    if (settings.basic && (tls || settings.allow_unencrypted))
        identity.security_profiles.push_back(profile(tls, "basic"));
    if (settings.negotiate) identity.security_profiles.push_back(profile(tls, "spnego-kerberos"));
    if (settings.certificate && tls) identity.security_profiles.push_back(profile(tls, "mutual"));
    return identity;
}

std::string system_release() {
    utsname names{};
    return uname(&names) == 0 ? names.release : "0.0.0";
}

}  // namespace mullion::service
