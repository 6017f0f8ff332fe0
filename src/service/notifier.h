// Lets coroutines of one executor wait until something changed. Whoever wakes looks again at what it waits
// for.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <list>

#include "core/clock.h"
#include "net/task.h"

namespace mullion::service {

class Notifier {
public:
    explicit Notifier(net::Executor executor) : executor_(std::move(executor)) {}
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    // Until notify() or `when`. The notifier must outlive the wait.
    [[nodiscard]] net::Task<void> wait_until(MonotonicTime when);
    void notify();

private:
    net::Executor executor_;
    std::list<boost::asio::steady_timer> waiting_;
};

}  // namespace mullion::service
