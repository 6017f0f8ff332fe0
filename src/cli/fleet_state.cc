#include "cli/fleet_state.h"

namespace mullion::cli {

void FleetState::prepared(std::size_t host, const fleet::Prepared& prepared) {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<fleet::Work>(prepared)) running_.insert(host);
}

void FleetState::ended(std::size_t host, Status status, const std::optional<Error>& error) {
    const std::lock_guard lock(mutex_);
    running_.erase(host);
    tally_.add(status, error);
}

Tally FleetState::tally() const {
    const std::lock_guard lock(mutex_);
    auto tally = tally_;
    if (read_head_) tally.audit_head = read_head_();
    return tally;
}

std::string FleetState::progress() const {
    const std::lock_guard lock(mutex_);
    return progress_line(hosts_, running_.size(), tally_);
}

}  // namespace mullion::cli
