#include "service/warnings.h"

#include <algorithm>

namespace mullion::service {

std::vector<std::string> unsafe_settings(const Config& config, bool keytab) {
    const Settings& settings = config.settings;
    const auto listeners = effective_listeners(config);
    const bool http = std::any_of(listeners.begin(), listeners.end(), [](auto& one) { return !one.https; });
    std::vector<std::string> out;
    if (settings.allow_unencrypted)
        out.emplace_back("Service/AllowUnencrypted is true: commands and output travel in clear over HTTP");
    if (settings.allow_unencrypted && settings.basic && http)
        out.emplace_back("Service/Auth/Basic with AllowUnencrypted: passwords travel in clear over HTTP");
    else if (settings.basic)
        out.emplace_back("Service/Auth/Basic is true: clients hand over the password itself, inside TLS");
    if (settings.hardening == auth::CbtHardening::none)
        out.emplace_back("Service/Auth/CbtHardeningLevel is None: logons can be relayed through a TLS proxy");
    const bool kerberos = settings.kerberos && keytab;
    if (!settings.basic && !settings.negotiate && !settings.certificate && !settings.credssp && !kerberos)
        out.emplace_back("no way to log on is enabled (Service/Auth)");
    if (settings.max_connections > 10'000)
        out.emplace_back(
            "Service/MaxConnections is over 10000: a connection takes some 20 KiB and a descriptor");
    return out;
}

}  // namespace mullion::service
