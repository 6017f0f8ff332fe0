// Time that jumps: when nothing is left to do, the clock goes to the next thing that waits for it.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>

#include "client/time.h"

namespace mullion::client::testing {

class VirtualTime final : public Time {
public:
    using Time::sleep;
    [[nodiscard]] MonotonicTime now() const override { return clock_.now(); }
    [[nodiscard]] net::Task<void> sleep(MonotonicTime until, Alarm& first, Alarm& second) override {
        if (first.rung() || second.rung() || until <= now()) co_return;
        boost::asio::steady_timer timer(io, never);
        const Nap nap(timer, first, second);
        const auto place = sleepers_.emplace(until, &timer);
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        sleepers_.erase(place);
    }

    // Runs what can run, jumping the clock, until `done`; false when nothing more would ever happen.
    template <class Done>
    [[nodiscard]] bool drive(Done done) {
        while (true) {
            io.restart();
            while (io.poll() > 0) io.restart();
            if (done()) return true;
            if (sleepers_.empty() || sleepers_.begin()->first == never) return false;
            const auto next = sleepers_.begin();
            clock_.advance(std::chrono::duration_cast<Duration>(next->first - clock_.now()) + Duration(1));
            next->second->cancel();
        }
    }

    boost::asio::io_context io{1};

private:
    ManualClock clock_;
    std::multimap<MonotonicTime, boost::asio::steady_timer*> sleepers_;
};

}  // namespace mullion::client::testing
