// Whether an audit log is what was written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "secrets/audit/audit.h"

namespace mullion::secrets {

struct AuditVerdict {
    std::uint64_t entries = 0;
    std::string head;              // The last line's hash.
    std::uint64_t unfinished = 0;  // Places where a crash cut a line short, and the next writer said so.
    std::uint64_t cut_off = 0;     // Bytes at the end that nobody has accounted for yet.
    std::uint64_t after_head = 0;  // Entries after the head that was asked for.
};

// Each line as it stands, without its line feed, once it is known to follow the one before it.
using EachAuditLine = std::function<void(std::string_view line)>;

// Every line from the first. With a head, the log must have that line: without it nobody notices that the
// last ones were taken away. So it is with the end that a store knows, which is also what tells a last line
// that a crash cut short from one that somebody did: the store knows of none before it is whole. Errors:
// audit.failed (cannot be read), audit.broken (with the number of the first wrong entry), usage.invalid (the
// head is none)
[[nodiscard]] Result<AuditVerdict> verify_audit(const std::string& path, std::string_view head = {},
                                                const EachAuditLine& each = {},
                                                const std::optional<AuditEnd>& known = {});

}  // namespace mullion::secrets
