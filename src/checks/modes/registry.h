// The host's registry by the methods of StdRegProv: without a shell, and with an account that need not be an
// administrator (Execute Methods on root/default, and read access to the key).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/ask.h"
#include "core/result.h"

namespace mullion::checks {

namespace registry {

// Of HKEY_LOCAL_MACHINE.
[[nodiscard]] Call enum_key(std::string_view key);
[[nodiscard]] Call get_string(std::string_view key, std::string_view value);
[[nodiscard]] Call get_strings(std::string_view key, std::string_view value);
[[nodiscard]] Call get_binary(std::string_view key, std::string_view value);

// What came back. StdRegProv's methods end with a code of Windows (WinError.h).
struct Said {
    bool there = false;                   // False: no such key, or no such value.
    std::vector<std::string> texts = {};  // Names of keys, the text or texts, or the bytes as numbers.
};
// Errors: that of the answer; wsman.access_denied where the account may not read the key; wsman.malformed.
[[nodiscard]] Result<Said> read_said(const Answer& answer, const Call& call);
// Bytes of get_binary(). Errors: wsman.malformed.
[[nodiscard]] Result<std::string> bytes_of(const Said& said);

}  // namespace registry

}  // namespace mullion::checks
