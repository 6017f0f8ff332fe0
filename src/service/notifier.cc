#include "service/notifier.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mullion::service {

net::Task<void> Notifier::wait_until(MonotonicTime when) {
    const auto timer = waiting_.emplace(waiting_.end(), executor_);
    timer->expires_at(when);
    co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    waiting_.erase(timer);
}

void Notifier::notify() {
    for (auto& timer : waiting_) timer.cancel();
}

}  // namespace mullion::service
