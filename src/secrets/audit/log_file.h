// The audit log as one file of lines that only grows (design 4).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "secrets/audit/audit.h"

namespace mullion::secrets {

// Several processes may write one log: each batch is one write and one sync under a lock of the file. From
// any thread.
class AuditLog final : public Audit {
public:
    // Makes the file, mode 0600, where there is none. Errors: audit.failed (also: owner, mode), audit.broken
    [[nodiscard]] static Result<std::unique_ptr<AuditLog>> open(const std::string& path,
                                                                const Clock& clock = system_clock());
    ~AuditLog() override;

    // Errors: audit.failed, audit.broken (what this process has written is not there any more)
    [[nodiscard]] Result<void> write(const Principal& who, const Purpose& purpose,
                                     std::span<const AuditEntry> entries) override;
    [[nodiscard]] std::string head() const override;
    [[nodiscard]] AuditEnd end() const override;
    [[nodiscard]] Result<void> check_has(const AuditEnd& end) override;

private:
    struct State;
    explicit AuditLog(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::secrets
