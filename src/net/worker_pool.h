// Threads for what may block: Kerberos, Argon2, accounts. Never on the I/O threads (design 2.7). Look-ups of
// names have threads of their own beside them: a name server that does not answer must not hold up who
// already has a connection.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "net/name_lookups.h"
#include "net/task.h"

namespace mullion::net {

class WorkerPool {
public:
    explicit WorkerPool(unsigned threads = 4) : threads_(threads) {}
    ~WorkerPool() {
        if (pool_) pool_->join();
    }
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // Runs f on a worker; the coroutine goes on where it was. What f refers to must live until then.
    template <class F>
    [[nodiscard]] auto run(F f) -> Task<decltype(f())> {
        using T = decltype(f());
        if constexpr (std::is_void_v<T>) {
            auto job = [f = std::move(f)]() mutable -> Task<void> {
                f();
                co_return;
            };
            co_await boost::asio::co_spawn(threads(), std::move(job), boost::asio::use_awaitable);
        } else {
            // The result travels beside the completion, which would want a T that can be made of nothing.
            auto result = std::make_shared<std::optional<T>>();
            auto job = [f = std::move(f), result]() mutable -> Task<void> {
                result->emplace(f());
                co_return;
            };
            co_await boost::asio::co_spawn(threads(), std::move(job), boost::asio::use_awaitable);
            co_return std::move(**result);
        }
    }

    [[nodiscard]] NameLookups& names() { return names_; }

private:
    boost::asio::thread_pool& threads() {
        std::call_once(started_, [this] { pool_.emplace(threads_); });
        return *pool_;
    }

    NameLookups names_;  // No thread before the first name,
    unsigned threads_;
    std::once_flag started_;
    std::optional<boost::asio::thread_pool> pool_;  // and none before the first job.
};

}  // namespace mullion::net
