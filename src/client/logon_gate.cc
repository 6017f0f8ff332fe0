#include "client/logon_gate.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>

namespace mullion::client {
namespace {

// Outlives whoever waits: an answer may come when nobody does any more.
struct Waiting {
    Waiting(const net::Executor& executor, MonotonicTime deadline) : rings(executor, deadline) {}
    boost::asio::steady_timer rings;
    std::optional<Result<void>> answer;
};

}  // namespace

net::Task<Result<void>> pass(LogonGate gate, MonotonicTime deadline) {
    if (!gate) co_return Result<void>{};
    const net::Executor here = co_await boost::asio::this_coro::executor;
    const auto waiting = std::make_shared<Waiting>(here, deadline);
    gate([waiting, here](Result<void> answer) {
        const auto told = std::make_shared<Result<void>>(std::move(answer));
        boost::asio::post(here, [waiting, told] {
            waiting->answer = std::move(*told);
            waiting->rings.cancel();
        });
    });
    while (!waiting->answer) {
        boost::system::error_code rung;
        co_await waiting->rings.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
        if (!rung && !waiting->answer)
            co_return Error(ErrorId::net_timeout, "other log-ons of this account went first");
    }
    co_return std::move(*waiting->answer);
}

}  // namespace mullion::client
