// Where a fleet is: how many hosts have ended, and how. Safe from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "cli/tally.h"
#include "fleet/fleet.h"

namespace mullion::cli {

// Knows hosts in progress only: a fleet's size costs no memory.
class FleetState {
public:
    explicit FleetState(std::size_t hosts) : hosts_(hosts) {}

    void prepared(std::size_t host, const fleet::Prepared& prepared);
    void ended(std::size_t host, Status status, const std::optional<Error>& error);

    [[nodiscard]] bool several() const { return hosts_ > 1; }
    [[nodiscard]] Tally tally() const;
    // Where tally() finds the head of the audit log; must be there for as long as this.
    void read_head_by(std::function<std::string()> read) { read_head_ = std::move(read); }
    // "37/1000 done, 64 running, 2 failed"
    [[nodiscard]] std::string progress() const;

private:
    const std::size_t hosts_;
    mutable std::mutex mutex_;
    Tally tally_;
    std::unordered_set<std::size_t> running_;
    std::function<std::string()> read_head_;
};

}  // namespace mullion::cli
