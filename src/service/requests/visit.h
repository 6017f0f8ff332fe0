// A connection's coroutine goes to another executor for a while and comes back. ADR 4
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

#include "net/task.h"

namespace mullion::service {

namespace detail {
// co_spawn wants results that can be made of nothing; ours cannot.
template <class T>
net::Task<std::optional<T>> boxed(net::Task<T> task) {
    co_return std::optional<T>(co_await std::move(task));
}
}  // namespace detail

// Runs the task there; goes on here.
template <class T>
[[nodiscard]] net::Task<T> visit(net::Executor there, net::Task<T> task) {
    auto box = detail::boxed(std::move(task));
    std::optional<T> result =
        co_await boost::asio::co_spawn(there, std::move(box), boost::asio::use_awaitable);
    co_return std::move(*result);
}

}  // namespace mullion::service
