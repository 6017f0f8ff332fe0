#include "exporter/discovery_desk.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace mullion::exporter {

net::Task<DiscoveryDesk::Found> DiscoveryDesk::ask(std::shared_ptr<const Config> config) {
    const net::Executor here = co_await boost::asio::this_coro::executor;
    if (looking_) {
        boost::asio::steady_timer done(here, MonotonicTime::max());
        waiting_.push_back(&done);
        boost::system::error_code rung;
        co_await done.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
        co_return *last_;
    }
    looking_ = true;
    const auto look = [config] { return discover(*config->discovery, config->allow); };
    auto found = co_await workers_.run(look);
    looking_ = false;
    if (found.ok())
        last_ = std::make_shared<const Found>(std::make_shared<const Discovered>(std::move(*found)));
    else
        last_ = std::make_shared<const Found>(std::move(found).error());
    const auto mine = last_;  // Who is woken may look again.
    for (auto* done : std::exchange(waiting_, {})) done->cancel();
    co_return *mine;
}

}  // namespace mullion::exporter
