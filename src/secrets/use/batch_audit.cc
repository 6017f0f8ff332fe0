#include "secrets/use/batch_audit.h"

#include <utility>

namespace mullion::secrets {

void BatchAudit::begin(std::map<Identity, std::vector<std::string>> hosts, std::vector<AuditEntry> beside) {
    hosts_ = std::move(hosts);
    beside_ = std::move(beside);
}

Result<void> BatchAudit::write_rest(const Principal& who, const Purpose& purpose) {
    if (beside_.empty()) return {};
    return write(who, purpose, {});
}

Result<void> BatchAudit::write(const Principal& who, const Purpose& purpose,
                               std::span<const AuditEntry> entries) {
    auto all = beside_;
    for (const auto& entry : entries) {
        all.push_back(entry);
        const auto found = hosts_.find(entry.what);
        if (found != hosts_.end()) all.back().hosts = found->second;
    }
    MULLION_TRY(log_.write(who, purpose, all));
    beside_.clear();
    return {};
}

}  // namespace mullion::secrets
