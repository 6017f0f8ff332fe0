#include "auth/account_name.h"

#include <algorithm>

namespace mullion::auth {
namespace {

constexpr std::size_t kMaxName = 256;

bool forbidden(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || c == ':';
}

}  // namespace

std::vector<std::string> account_names(std::string_view claimed) {
    std::vector<std::string> names;
    if (claimed.empty() || claimed.size() > kMaxName ||
        std::any_of(claimed.begin(), claimed.end(), forbidden)) {
        return names;
    }
    names.emplace_back(claimed);
    std::string_view bare = claimed;
    if (const auto backslash = bare.find('\\'); backslash != std::string_view::npos) {
        bare.remove_prefix(backslash + 1);
    } else if (const auto at = bare.rfind('@'); at != std::string_view::npos) {
        bare = bare.substr(0, at);
    }
    if (!bare.empty() && bare != claimed) names.emplace_back(bare);
    return names;
}

Result<std::optional<AccountRecord>> find_account(std::string_view claimed, AccountLookup& accounts) {
    for (const std::string& name : account_names(claimed)) {
        MULLION_ASSIGN(std::optional<AccountRecord> record, accounts.find(name));
        if (record) return record;
    }
    return std::optional<AccountRecord>();
}

}  // namespace mullion::auth
