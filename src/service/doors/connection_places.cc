#include "service/doors/connection_places.h"

#include <algorithm>

namespace mullion::service {

std::optional<ConnectionPlaces::Taken> ConnectionPlaces::take(std::size_t thread, unsigned limit) {
    const std::lock_guard lock(mutex_);
    Taken taken;
    if (places_.size() - giving_way_ - beside_ >= limit) {
        const auto is_stranger = [](const auto& one) {
            return one.second.user.empty() && !one.second.gives_way && !one.second.beside;
        };
        const auto oldest = std::find_if(places_.begin(), places_.end(), is_stranger);
        const bool nobody = oldest == places_.end() || clock_.now() - oldest->second.since < patience;
        // Who gives way still has a descriptor until his thread has come round to it.
        if (nobody || giving_way_ >= limit) return std::nullopt;
        oldest->second.gives_way = true;
        ++giving_way_;
        taken.instead_of = Where{oldest->first, oldest->second.thread};
    }
    taken.id = next_++;
    places_[taken.id] = {thread, clock_.now(), {}, false, false};
    return taken;
}

std::optional<ConnectionPlaces::Taken> ConnectionPlaces::take_beside(std::size_t thread, unsigned limit) {
    const std::lock_guard lock(mutex_);
    if (beside_ >= limit) return std::nullopt;
    ++beside_;
    const Taken taken{next_++, std::nullopt};
    places_[taken.id] = {thread, clock_.now(), {}, false, true};
    return taken;
}

bool ConnectionPlaces::claim(std::uint64_t id, const std::string& user, unsigned limit) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(id);
    if (place == places_.end() || place->second.gives_way) return false;
    if (place->second.user == user) return true;
    const unsigned share = std::max(limit - std::max(limit / 8, 1U), 1U);
    unsigned& has = of_accounts_[user];
    if (has >= share) return false;
    ++has;
    place->second.user = user;
    return true;
}

void ConnectionPlaces::leave(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(id);
    if (place == places_.end()) return;
    giving_way_ -= place->second.gives_way ? 1 : 0;
    beside_ -= place->second.beside ? 1 : 0;
    if (!place->second.user.empty()) {
        const auto account = of_accounts_.find(place->second.user);
        if (--account->second == 0) of_accounts_.erase(account);
    }
    places_.erase(place);
}

std::size_t ConnectionPlaces::count() const {
    const std::lock_guard lock(mutex_);
    return places_.size();
}

}  // namespace mullion::service
