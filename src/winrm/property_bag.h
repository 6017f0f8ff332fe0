// Properties in braces: {Hostname="web01";CertificateThumbprint="…";Proxy=$null}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::winrm {

// Of @{…}: a value may be a password (of a certificate mapping, of a plugin's RunAs user), so every one is a
// Secret.
struct Property {
    std::string name;
    std::optional<Secret> value;  // Nothing: $null.
};

// Of -options and of a selector filter.
struct PlainProperty {
    std::string name;
    std::optional<std::string> value;  // Nothing: $null.
};

// `{KEY="VALUE"[;KEY="VALUE"]…}`, without the '@'; KEY is letters, digits, '_' and ':'; `\"` is `"`; $null
// whatever its case. Also KEY=VALUE without quotes, which winrm refuses: a POSIX shell takes quotes away, and
// what is left cannot mean anything else. KEY= alone stays wrong, since it may have been "" or $null. Errors:
// usage.invalid in winrm's words; a KEY that comes twice is named, a value never is.
[[nodiscard]] Result<std::vector<Property>> parse_property_bag(std::string_view text);
[[nodiscard]] Result<std::vector<PlainProperty>> parse_plain_bag(std::string_view text);

}  // namespace mullion::winrm
