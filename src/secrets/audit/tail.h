// Where the next line of an audit log goes on from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "secrets/audit/line.h"

namespace mullion::secrets {

struct AuditTail {
    std::uint64_t end = 0;  // Of the last whole line; what comes after it, up to `size`, was cut short.
    std::uint64_t size = 0;
    std::uint64_t number = 0;  // The last line's; 0: there is none.
    std::string hash{no_audit_hash};
};

// What a crash may leave behind the last whole line: no batch is longer.
inline constexpr std::uint64_t longest_unfinished = 64 * 1024 * 1024;

// Of a file of `size` bytes. Reads backwards, as far as it must. Errors: audit.failed, audit.broken (nothing
// in it is a line)
[[nodiscard]] Result<AuditTail> tail_of(int file, std::uint64_t size, const std::string& path);

// Whether the line of that number and hash ends there. Errors: audit.failed, audit.broken (it does not)
[[nodiscard]] Result<void> check_line(int file, const AuditEnd& line, const std::string& path);
[[nodiscard]] Error no_line(const AuditEnd& line, const std::string& path);

// `bytes` whole, from that place. Errors: audit.failed
[[nodiscard]] Result<void> read_at(int file, std::uint64_t place, std::string& bytes,
                                   const std::string& path);

}  // namespace mullion::secrets
