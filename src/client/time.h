// Waiting that can be cut short. Tests give a Time whose clock jumps.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "core/clock.h"
#include "net/task.h"

namespace mullion::client {

class Nap;

// Something that happened, once: whoever waits for it goes on. Lives on one I/O thread.
class Alarm {
public:
    Alarm() = default;
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    void ring();
    [[nodiscard]] bool rung() const { return rung_; }

private:
    friend class Nap;
    // A nap's place among those that wait for this alarm; linked, so that waiting allocates nothing.
    struct Place {
        Nap* nap = nullptr;
        Place* next = nullptr;
        Place** before = nullptr;  // What points here.
    };
    Place* waiting_ = nullptr;
    bool rung_ = false;
};

// One wait: ended by its timer or by an alarm, which it leaves when it is over.
class Nap {
public:
    Nap(boost::asio::steady_timer& timer, Alarm& first, Alarm& second);
    ~Nap();
    Nap(const Nap&) = delete;
    Nap& operator=(const Nap&) = delete;

private:
    friend class Alarm;
    void join(Alarm& alarm, Alarm::Place& place);

    boost::asio::steady_timer& timer_;
    Alarm::Place first_, second_;
};

class Time {
public:
    virtual ~Time() = default;
    [[nodiscard]] virtual MonotonicTime now() const = 0;
    // Returns at `until`, or when one of the alarms rings; at once when it has rung. Both must outlive the
    // wait.
    [[nodiscard]] virtual net::Task<void> sleep(MonotonicTime until, Alarm& first, Alarm& second) = 0;
    [[nodiscard]] net::Task<void> sleep(MonotonicTime until, Alarm& alarm) {
        return sleep(until, alarm, alarm);
    }
};

class RealTime final : public Time {
public:
    explicit RealTime(net::Executor executor) : executor_(std::move(executor)) {}
    [[nodiscard]] MonotonicTime now() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] net::Task<void> sleep(MonotonicTime until, Alarm& first, Alarm& second) override;

private:
    net::Executor executor_;
};

// A deadline so far ahead that adding to it stays safe.
inline constexpr MonotonicTime never = MonotonicTime::max();
[[nodiscard]] MonotonicTime later(MonotonicTime from, Duration by);  // Saturates at `never`, and at `from`.

}  // namespace mullion::client
