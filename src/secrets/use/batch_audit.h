// The audit log as one batch of look-ups writes it: with the hosts of each secret, and with what is used
// without having a value. The store knows neither.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "secrets/audit/audit.h"

namespace mullion::secrets {

class BatchAudit final : public Audit {
public:
    // `log` must outlive it.
    explicit BatchAudit(Audit& log) : log_(log) {}

    // Until it is called again: who each one is for, and what is said together with the next entries.
    void begin(std::map<Identity, std::vector<std::string>> hosts, std::vector<AuditEntry> beside);
    // What was given to begin() and not written yet, in a commit of its own. Errors: audit.…
    [[nodiscard]] Result<void> write_rest(const Principal& who, const Purpose& purpose);

    [[nodiscard]] Result<void> write(const Principal& who, const Purpose& purpose,
                                     std::span<const AuditEntry> entries) override;
    [[nodiscard]] std::string head() const override { return log_.head(); }
    [[nodiscard]] AuditEnd end() const override { return log_.end(); }
    [[nodiscard]] Result<void> check_has(const AuditEnd& end) override { return log_.check_has(end); }

private:
    Audit& log_;
    std::map<Identity, std::vector<std::string>> hosts_;
    std::vector<AuditEntry> beside_;
};

}  // namespace mullion::secrets
