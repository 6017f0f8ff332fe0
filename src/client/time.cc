#include "client/time.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace mullion::client {

void Alarm::ring() {
    rung_ = true;
    for (auto* place = waiting_; place != nullptr; place = place->next) place->nap->timer_.cancel();
}

Nap::Nap(boost::asio::steady_timer& timer, Alarm& first, Alarm& second) : timer_(timer) {
    join(first, first_);
    if (&second != &first) join(second, second_);
}

void Nap::join(Alarm& alarm, Alarm::Place& place) {
    place = {this, alarm.waiting_, &alarm.waiting_};
    if (place.next != nullptr) place.next->before = &place.next;
    alarm.waiting_ = &place;
}

Nap::~Nap() {
    for (auto* const place : {&first_, &second_}) {
        if (place->before == nullptr) continue;
        *place->before = place->next;
        if (place->next != nullptr) place->next->before = place->before;
    }
}

net::Task<void> RealTime::sleep(MonotonicTime until, Alarm& first, Alarm& second) {
    if (first.rung() || second.rung() || until <= now()) co_return;
    boost::asio::steady_timer timer(executor_, until);
    const Nap nap(timer, first, second);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

MonotonicTime later(MonotonicTime from, Duration by) {
    // In milliseconds, which the clock's nanoseconds have no room for.
    if (std::chrono::duration_cast<Duration>(never - from) <= by) return never;
    return from + std::max(by, Duration(0));
}

}  // namespace mullion::client
