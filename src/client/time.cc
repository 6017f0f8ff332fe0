#include "client/time.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace mullion::client {

void Alarm::ring() {
    rung_ = true;
    for (auto* timer : waiting_) timer->cancel();
}

Nap::Nap(boost::asio::steady_timer& timer, Alarm& first, Alarm& second)
    : timer_(timer), first_(first), second_(second) {
    first_.waiting_.push_back(&timer_);
    second_.waiting_.push_back(&timer_);
}

Nap::~Nap() {
    const auto leave = [this](Alarm& alarm) {
        auto& list = alarm.waiting_;
        list.erase(std::remove(list.begin(), list.end(), &timer_), list.end());
    };
    leave(first_);
    leave(second_);
}

net::Task<void> RealTime::sleep(MonotonicTime until, Alarm& first, Alarm& second) {
    if (first.rung() || second.rung() || until <= now()) co_return;
    boost::asio::steady_timer timer(executor_, until);
    const Nap nap(timer, first, second);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

MonotonicTime later(MonotonicTime from, Duration by) {
    if (never - from <= by) return never;
    return from + by;
}

}  // namespace mullion::client
