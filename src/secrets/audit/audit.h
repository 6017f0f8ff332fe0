// Who used, changed or was refused which secret, for what: written before it happens.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "secrets/entities/principal.h"
#include "secrets/entities/scope.h"

namespace mullion::secrets {

struct AuditEntry {
    enum class Kind { used, changed, refused, tampered } kind = Kind::used;
    Identity what;
    std::uint32_t version = 0;  // 0: no version of a value.
    std::string detail = {};    // The error id of a refusal, the fields that changed; never a value.
    std::vector<std::string> hosts = {};  // For whom, where that is not the purpose's host. In as many lines
                                          // as they take.
};

// Where a log ends: its last line.
struct AuditEnd {
    std::uint64_t number = 0;  // 0: there is none.
    std::uint64_t bytes = 0;   // Of the log, to the end of that line.
    std::string hash;          // As head() gives it.
    bool operator==(const AuditEnd&) const = default;
};

class Audit {
public:
    virtual ~Audit() = default;
    // On disk when it returns; one commit for all of them. Nothing is handed out where this fails. Errors:
    // audit.failed
    [[nodiscard]] virtual Result<void> write(const Principal& who, const Purpose& purpose,
                                             std::span<const AuditEntry> entries) = 0;
    // The hash of the last line, in hex: what `mullion audit verify --head` takes.
    [[nodiscard]] virtual std::string head() const = 0;
    [[nodiscard]] virtual AuditEnd end() const = 0;
    // Whether it still has that line where it was: somebody may have put another log in its place. Errors:
    // audit.failed, audit.broken (it does not)
    [[nodiscard]] virtual Result<void> check_has(const AuditEnd& end) = 0;
};

}  // namespace mullion::secrets
