#include "service/access/turns.h"

namespace mullion::service {

struct Turns::Waiter {
    explicit Waiter(const net::Executor& executor) : changed(executor) {}
    bool has_turn = false;
    Notifier changed;
};

net::Task<bool> Turns::take(std::string name, MonotonicTime until) {
    if (over_) co_return false;
    Name& one = names_[name];  // Stays while somebody has a turn or waits.
    if (one.taken < most_) {
        ++one.taken;
        co_return true;
    }
    Waiter self(executor_);
    const auto place = one.waiting.insert(one.waiting.end(), &self);
    while (!self.has_turn && !over_ && std::chrono::steady_clock::now() < until)
        co_await self.changed.wait_until(until);
    if (!self.has_turn) one.waiting.erase(place);
    co_return self.has_turn && !over_;  // Who goes when it is over still hands his turn on.
}

void Turns::end(const std::string& name) {
    const auto found = names_.find(name);
    Name& one = found->second;
    if (!one.waiting.empty()) {
        Waiter* const next = one.waiting.front();
        one.waiting.pop_front();
        next->has_turn = true;
        next->changed.notify();
    } else if (--one.taken == 0) {
        names_.erase(found);
    }
}

void Turns::send_away() {
    over_ = true;
    for (auto& [name, one] : names_)
        for (auto* const waiter : one.waiting) waiter->changed.notify();
}

}  // namespace mullion::service
