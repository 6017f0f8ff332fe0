// Linux users who come in by themselves, without an account of the service: PAM knew their password.
#pragma once

#include <string>
#include <string_view>

namespace mullion::service {

// As Samba calls them. No account of the service has a backslash in its name, so neither is ever the other.
inline constexpr std::string_view linux_domain = "Unix User\\";

[[nodiscard]] inline std::string linux_account(std::string_view unix_user) {
    return std::string(linux_domain).append(unix_user);
}
[[nodiscard]] inline bool is_linux_account(std::string_view account) {
    return account.starts_with(linux_domain);
}

}  // namespace mullion::service
