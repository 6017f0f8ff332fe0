#include "service/operations.h"

#include <fmt/core.h>

#include <algorithm>

#include "service/shell_faults.h"

namespace mullion::service {
namespace {

// Absent means 1. DSP0226 8.4
Enumerations::Batching batching(const Visit& visit, std::optional<std::uint32_t> asked) {
    return {std::min(asked.value_or(1), visit.settings->max_batch_items), visit.room};
}

wsman::Fault too_much(std::size_t most) {
    return wsman::make_fault(
        wsman::code::quota_user,
        fmt::format("The WS-Management service cannot process the request. The load quota for this user has "
                    "been exceeded: {} bytes wait to be pulled. Pull or release what is enumerated. ",
                    most));
}

}  // namespace

std::optional<wsman::Fault> Operations::over_quota(const Visit& visit) const {
    const auto found = requests_.find(visit.user);
    const std::uint64_t requests = found == requests_.end() ? 0 : found->second;
    const auto most = visit.settings->max_operations_per_user;
    if (requests + enumerations_.count(visit.user) < most) return std::nullopt;
    return quota_fault(wsman::code::quota_operations, most);
}

Outcome<Operations::Place> Operations::begin(const Visit& visit) {
    const std::lock_guard lock(mutex_);
    if (auto fault = over_quota(visit)) return *fault;
    ++requests_[visit.user];
    return Place(*this, visit.user);
}

void Operations::end(const std::string& user) {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(user);
    if (--found->second == 0) requests_.erase(found);
}

Outcome<wsman::Batch> Operations::enumerate(const Visit& visit, std::string_view resource,
                                            std::deque<std::string> items, const wsman::Enumerate& what) {
    std::size_t bytes = 0;
    for (const auto& item : items) bytes += item.size();
    const std::lock_guard lock(mutex_);
    if (auto fault = over_quota(visit)) return *fault;
    if (enumerations_.bytes(visit.user) + bytes > most_) return too_much(most_);
    return enumerations_.open({visit.user, std::string(resource)}, std::move(items), what.optimize,
                              batching(visit, what.max_elements),
                              Duration(visit.settings->enumeration_timeout_ms));
}

Outcome<wsman::Batch> Operations::pull(const Visit& visit, std::string_view resource,
                                       const wsman::Pull& what) {
    const std::lock_guard lock(mutex_);
    return enumerations_.pull({visit.user, std::string(resource)}, what.context,
                              batching(visit, what.max_elements));
}

Done Operations::release(const Visit& visit, std::string_view resource, const std::string& context) {
    const std::lock_guard lock(mutex_);
    return enumerations_.release({visit.user, std::string(resource)}, context);
}

std::size_t Operations::bytes(std::string_view user) const {
    const std::lock_guard lock(mutex_);
    return enumerations_.bytes(user);
}

void Operations::sweep() {
    const std::lock_guard lock(mutex_);
    enumerations_.sweep();
}

}  // namespace mullion::service
