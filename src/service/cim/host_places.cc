#include "service/cim/host_places.h"

#include <vector>

namespace mullion::service {

HostPlaces::Place::Place(std::shared_ptr<HostPlaces> all, std::string user)
    : all_(std::move(all)), user_(std::move(user)) {
    ++all_->count_;
    ++all_->by_user_[user_].count;
}

HostPlaces::Place::~Place() {
    if (!all_) return;
    (void)weigh(0);
    --all_->count_;
    const auto his = all_->by_user_.find(user_);
    if (--his->second.count == 0) all_->by_user_.erase(his);
    all_->changed_.notify();
}

Room HostPlaces::Place::weigh(std::size_t bytes) {
    auto& his = all_->by_user_.find(user_)->second;
    const bool more = bytes > bytes_;
    all_->bytes_ += bytes - bytes_;
    his.bytes += bytes - bytes_;
    bytes_ = bytes;
    if (!more) return Room::enough;  // Whoever becomes lighter is in nobody's way.
    if (his.bytes > all_->limits_.bytes_of_one) return Room::user_has_too_much;
    // Others have it all: whoever has little is not to pay for it.
    if (his.bytes <= all_->limits_.spared) return Room::enough;
    return all_->bytes_ > all_->limits_.bytes ? Room::all_have_too_much : Room::enough;
}

std::size_t HostPlaces::of(const std::string& user) const {
    const auto found = by_user_.find(user);
    return found == by_user_.end() ? 0 : found->second.count;
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
