// What an operator may write where `mullion prepare kerberos` wants a realm, a host and so on. Each says what
// is wrong.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::prepare {

// A realm in capitals, as Active Directory and nearly everybody else has them. Errors: usage.invalid
[[nodiscard]] Result<void> check_realm(std::string_view text);
// A DNS name (RFC 1123 2.1) of at most 253 characters; `option` is named in the error. Errors: usage.invalid
[[nodiscard]] Result<void> check_host_name(std::string_view text, std::string_view option);
// IPv4 or IPv6, as numbers. Errors: usage.invalid
[[nodiscard]] Result<void> check_address(std::string_view text, std::string_view option);
// HOST, ADDRESS or [IPV6], each perhaps with :PORT. Errors: usage.invalid
[[nodiscard]] Result<void> check_host_and_port(std::string_view text, std::string_view option);
// An absolute path without "..". Errors: usage.invalid
[[nodiscard]] Result<void> check_path(std::string_view text, std::string_view option);
// An account of this machine. Errors: usage.invalid
[[nodiscard]] Result<void> check_user(std::string_view text, std::string_view option);
// NAME, NAME/INSTANCE, HOST$ or one of them @REALM, to the whole principal. Errors: usage.invalid
[[nodiscard]] Result<std::string> whole_principal(std::string_view text, std::string_view realm);

[[nodiscard]] std::string in_small_letters(std::string_view text);

}  // namespace mullion::prepare
