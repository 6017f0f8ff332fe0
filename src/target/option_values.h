// Reading the values of options. Errors are usage.invalid and name what was expected, not the option.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "target/target.h"

namespace mullion::target {

// "20", "0.5"; from 1 ms to a million seconds.
[[nodiscard]] Result<Duration> parse_seconds(std::string_view text);
[[nodiscard]] Result<std::uint16_t> parse_port(std::string_view text);
// What YAML 1.1 and Ansible take: yes, no, true, false, on, off, 1, 0 in any case.
[[nodiscard]] Result<bool> parse_bool(std::string_view text);
// "/wsman": absolute, printable ASCII, no fragment.
[[nodiscard]] Result<std::string> parse_path(std::string_view text);
// Any text without control characters.
[[nodiscard]] Result<std::string> parse_text(std::string_view text);
[[nodiscard]] Result<Scheme> parse_scheme(std::string_view text);
[[nodiscard]] Result<MessageEncryption> parse_encryption(std::string_view text);
[[nodiscard]] Result<CertValidation> parse_cert_validation(std::string_view text);
[[nodiscard]] Result<std::string> parse_pin(std::string_view text);
// "http://proxy:3128", "none", "environment" ("legacy_requests" is Ansible's name of that).
[[nodiscard]] Result<std::string> parse_proxy(std::string_view text);
// A name or address alone; an IPv6 one also in brackets, which are not part of the result.
[[nodiscard]] Result<std::string> parse_host(std::string_view text);
[[nodiscard]] Result<KinitMode> parse_kinit_mode(std::string_view text);
// "kdc1", "kdc1:88", "[::1]" with commas between; with its port each, 88 where none is said.
[[nodiscard]] Result<std::vector<std::string>> parse_kdcs(std::string_view text);
[[nodiscard]] Result<CredsspMechanism> parse_credssp_mechanism(std::string_view text);
// 2 to 6: the versions of [MS-CSSP].
[[nodiscard]] Result<unsigned> parse_credssp_version(std::string_view text);
// Names of environment variables with commas between; empty is none.
[[nodiscard]] Result<std::vector<std::string>> parse_names(std::string_view text);
// "legacy_requests" (pywinrm's default) is none.
[[nodiscard]] Result<std::string> parse_ca_path(std::string_view text);
// Names with commas between, without repetition; Ansible's older name plaintext becomes basic; ssl is left
// to settle(), which knows whether there is a certificate. Errors:
// usage.unsupported for those that this version does not have.
[[nodiscard]] Result<std::vector<std::string>> parse_transports(std::string_view text);

}  // namespace mullion::target
