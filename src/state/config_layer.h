// What one source says of the configuration: a file, the command line, or policy.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "state/settings.h"

namespace mullion::state {

struct ConfigLayer {
    std::map<std::string, std::string, std::less<>> values;  // By path, both as the service spells them.
    // Nothing: it does not speak of them. Empty: there is to be none.
    std::optional<std::vector<ListenerSettings>> listeners;
    std::vector<CertificateMapping> mappings;
    std::vector<SecurityEntry> security;
    std::vector<GroupRule> groups;
    std::optional<bool> use_login_shell;

    bool operator==(const ConfigLayer&) const = default;
};

// --set PATH=VALUE. Errors: config.invalid
[[nodiscard]] Result<void> set_text(ConfigLayer& layer, std::string_view path_and_value);
// --listen URL. Errors: config.invalid
[[nodiscard]] Result<void> listen_text(ConfigLayer& layer, std::string_view url);

// Address and Transport are the key of a listener, as on Windows; Issuer, Subject and URI that of a mapping.
// Letters in either case, and an address of IPv6 in any of its spellings. All that asks whether two are the
// same asks here.
[[nodiscard]] bool same_key(const ListenerSettings& a, const ListenerSettings& b);
[[nodiscard]] bool same_key(const CertificateMapping& a, const CertificateMapping& b);
[[nodiscard]] bool same_key(const SecurityEntry& a, const SecurityEntry& b);  // By Uri.

}  // namespace mullion::state
