// One line of the audit log: {"hash":"64 digits","entry":{…}}. The hash is of the line before's and of the
// entry's bytes as they stand, so nobody has to agree on how JSON is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "secrets/audit/audit.h"

namespace mullion::secrets {

inline constexpr std::size_t longest_audit_line = 16 * 1024;
// What stands before the first line.
inline constexpr std::string_view no_audit_hash =
    "0000000000000000000000000000000000000000000000000000000000000000";

struct AuditLine {
    std::string_view hash;   // 64 lower-case digits.
    std::string_view entry;  // An object, as text.
};

// What is not the beginning of a line that a crash cut short: how many bytes, and their SHA-256. Written by
// who comes next, before anything else, so that they are accounted for.
struct Unfinished {
    std::uint64_t size = 0;
    std::string sha256;
    bool operator==(const Unfinished&) const = default;
};

// What the chain needs of an entry.
struct EntryFacts {
    std::uint64_t number = 0;
    std::optional<Unfinished> unfinished;
};

[[nodiscard]] std::string audit_hash(std::string_view previous, std::string_view entry);
// With its line feed.
[[nodiscard]] std::string audit_line(std::string_view previous, std::string_view entry);

[[nodiscard]] std::string entry_text(std::uint64_t number, WallTime when, const Principal& who,
                                     const Purpose& purpose, const AuditEntry& entry);
// The entry, with so many of its hosts each time as go into a line.
[[nodiscard]] std::vector<AuditEntry> in_lines(const AuditEntry& entry);
[[nodiscard]] std::string unfinished_text(std::uint64_t number, WallTime when, const Unfinished& what);

// Without its line feed. Nothing: it has another form. The hash is not checked.
[[nodiscard]] std::optional<AuditLine> parse_audit_line(std::string_view line);
// Nothing: no entry of ours.
[[nodiscard]] std::optional<EntryFacts> parse_entry(std::string_view entry);

[[nodiscard]] bool is_audit_hash(std::string_view text);

}  // namespace mullion::secrets
