// What several wait for, each on the thread where it began and until its own deadline, while one makes it.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "net/task.h"

namespace mullion::tickets {

// T is copied for each that waits. Held by shared_ptr: who makes the outcome, and who waits, may be gone.
template <class T>
class Outcome {
public:
    // From any thread; the first counts.
    void tell(const T& value) {
        // Under the lock: who is in the list still waits, so its I/O thread still runs.
        const std::lock_guard lock(mutex_);
        if (value_) return;
        value_ = value;
        for (auto& waiter : waiters_) {
            const auto executor = waiter->timer.get_executor();
            boost::asio::post(executor, [waiter = std::move(waiter)] { waiter->timer.cancel(); });
        }
        waiters_.clear();
    }

    // Nothing: it was not told before the deadline.
    [[nodiscard]] static net::Task<std::optional<T>> wait(std::shared_ptr<Outcome> outcome,
                                                          net::Executor executor, MonotonicTime deadline) {
        const auto waiter = std::make_shared<Waiter>(executor);
        waiter->timer.expires_at(deadline);
        // Leaves, also when a coroutine ends with its io_context instead of being resumed.
        const Membership membership{*outcome, waiter};
        if (outcome->join(waiter))
            co_await waiter->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return outcome->value();
    }

private:
    struct Waiter {
        explicit Waiter(const net::Executor& executor) : timer(executor) {}
        boost::asio::steady_timer timer;
    };
    struct Membership {
        Outcome& outcome;
        const std::shared_ptr<Waiter>& waiter;
        ~Membership() { outcome.leave(waiter); }
    };

    // False: it is there already.
    [[nodiscard]] bool join(const std::shared_ptr<Waiter>& waiter) {
        const std::lock_guard lock(mutex_);
        if (!value_) waiters_.push_back(waiter);
        return !value_;
    }
    void leave(const std::shared_ptr<Waiter>& waiter) {
        const std::lock_guard lock(mutex_);
        std::erase(waiters_, waiter);
    }
    [[nodiscard]] std::optional<T> value() {
        const std::lock_guard lock(mutex_);
        return value_;
    }

    std::mutex mutex_;
    std::vector<std::shared_ptr<Waiter>> waiters_;
    std::optional<T> value_;
};

}  // namespace mullion::tickets
