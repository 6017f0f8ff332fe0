#include "tickets/places.h"

#include <algorithm>

namespace mullion::tickets {

void Places::ask(const std::shared_ptr<Outcome<bool>>& turn) {
    const std::lock_guard lock(mutex_);
    if (free_ == 0) {
        queue_.push_back(turn);
        return;
    }
    free_ -= 1;
    turn->tell(true);
}

void Places::leave(const std::shared_ptr<Outcome<bool>>& turn) {
    const std::lock_guard lock(mutex_);
    // Who is not in the queue has had its turn, perhaps without learning of it.
    if (const auto found = std::find(queue_.begin(), queue_.end(), turn); found != queue_.end()) {
        queue_.erase(found);
    } else if (queue_.empty()) {
        free_ += 1;
    } else {
        queue_.front()->tell(true);
        queue_.pop_front();
    }
}

Places::Place::Place(std::shared_ptr<Places> places)
    : places_(std::move(places)), turn_(std::make_shared<Outcome<bool>>()) {
    places_->ask(turn_);
}

Places::Place::~Place() {
    places_->leave(turn_);
}

net::Task<bool> Places::Place::wait(net::Executor executor, MonotonicTime deadline) {
    const auto told = co_await Outcome<bool>::wait(turn_, executor, deadline);
    co_return told.has_value();
}

}  // namespace mullion::tickets
