#include "service/cim/host_places.h"

#include <vector>

namespace mullion::service {

HostPlaces::Place::Place(std::shared_ptr<HostPlaces> all, std::string user)
    : all_(std::move(all)), user_(std::move(user)) {
    ++all_->count_;
    ++all_->by_user_[user_];
}

HostPlaces::Place::~Place() {
    if (!all_) return;
    --all_->count_;
    const auto his = all_->by_user_.find(user_);
    if (--his->second == 0) all_->by_user_.erase(his);
    all_->changed_.notify();
}

std::size_t HostPlaces::of(const std::string& user) const {
    const auto found = by_user_.find(user);
    return found == by_user_.end() ? 0 : found->second;
}

void HostPlaces::close() {
    closed_ = true;
    const std::vector<Stoppable*> there(there_.begin(), there_.end());
    for (auto* const one : there) one->stop();
}

net::Task<bool> HostPlaces::empty(MonotonicTime until) {
    const auto self = shared_from_this();
    while (count_ != 0 && std::chrono::steady_clock::now() < until) co_await changed_.wait_until(until);
    co_return count_ == 0;
}

}  // namespace mullion::service
