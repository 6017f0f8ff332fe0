#include "inventory/secret_names.h"

#include <algorithm>
#include <string>

namespace mullion::inventory {

bool names_a_secret(std::string_view name) {
    if (name == "mullion_credential") return false;  // It names one, and has none in it.
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    for (const std::string_view part : {"pass", "pwd", "secret", "token", "credential", "private"})
        if (lower.find(part) != std::string::npos) return true;
    return lower.ends_with("key") || lower.ends_with("keys");
}

bool holds_a_secret(std::string_view text) {
    if (text.find("PRIVATE KEY-----") != std::string_view::npos) return true;
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) return false;
    const auto authority = text.substr(scheme + 3, text.find('/', scheme + 3) - scheme - 3);
    const auto at = authority.rfind('@');
    return at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos;
}

}  // namespace mullion::inventory
