// The bytes of a keytab file, as MIT krb5 and Windows' ktpass write them (version 0x0502, big-endian).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::kerberos {

inline constexpr std::size_t largest_keytab = std::size_t{1024} * 1024;
inline constexpr std::size_t most_keytab_entries = 4096;

struct KeytabEntry {
    std::string realm;
    std::vector<std::string> components;  // "HTTP", "web01.example.test"
    std::uint32_t name_type = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t version = 0;
    std::uint16_t encryption = 0;
    Secret key;
};

// Entries that were deleted (holes) are passed over. At least one is there. Errors: kerberos.keytab
[[nodiscard]] Result<std::vector<KeytabEntry>> parse_keytab(const Secret& bytes);

}  // namespace mullion::kerberos
