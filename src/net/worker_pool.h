// Threads for what may block: GSS, name look-ups, Argon2. Never on the I/O threads (design 2.7).
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "net/task.h"

namespace mullion::net {

class WorkerPool {
public:
    explicit WorkerPool(unsigned threads = 4) : pool_(threads) {}
    ~WorkerPool() { pool_.join(); }

    // Runs f on a worker; the coroutine goes on where it was. What f refers to must live until then.
    template <class F>
    [[nodiscard]] auto run(F f) -> Task<decltype(f())> {
        using T = decltype(f());
        T result = co_await boost::asio::co_spawn(
            pool_, [f = std::move(f)]() mutable -> Task<T> { co_return f(); }, boost::asio::use_awaitable);
        co_return result;
    }

private:
    boost::asio::thread_pool pool_;
};

}  // namespace mullion::net
