// What operators give for scripts, checked before it comes near one. Errors: usage.invalid, with what was
// given and what is meant. `option` is what is named in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::prepare {

// 40 hexadecimal digits, blanks and colons between them; gives them alone, in capitals.
[[nodiscard]] Result<std::string> check_thumbprint(std::string_view option, std::string_view text);
// "any", "LocalSubnet", addresses and CIDRs with commas between; as Windows' firewall takes them.
[[nodiscard]] Result<std::string> check_sources(std::string_view option, std::string_view text);
[[nodiscard]] Result<std::uint16_t> check_port(std::string_view option, std::string_view text);
// "domain,private,public" or "any": the bits of NET_FW_PROFILE_TYPE2.
[[nodiscard]] Result<std::int64_t> check_profiles(std::string_view option, std::string_view text);
// An account's name as Windows allows it (at most 20 characters); with `domain` also DOMAIN\name.
[[nodiscard]] Result<std::string> check_account(std::string_view option, std::string_view text, bool domain);
// Letters, digits, blanks and a few signs: the names of templates, policies and rules.
[[nodiscard]] Result<std::string> check_name(std::string_view option, std::string_view text);
// A domain's DNS name, two labels at least.
[[nodiscard]] Result<std::string> check_domain(std::string_view option, std::string_view text);

// A setting of WinRM's: the path below WSMan:\localhost and the value, of those that a script may set.
struct ConfigSetting {
    std::string path;   // "Service\Auth\CbtHardeningLevel"
    std::string value;  // "Strict"
};
// "Winrs/MaxMemoryPerShellMB=1024": paths as everywhere, by '/' or '\', with or without WSMan:\localhost.
[[nodiscard]] Result<ConfigSetting> check_setting(std::string_view option, std::string_view text);
// Those that there are, for help and documents: "Service\Auth\CbtHardeningLevel None|Relaxed|Strict".
[[nodiscard]] std::vector<std::string> known_settings();

}  // namespace mullion::prepare
