// Threads for what may block: Kerberos, Argon2, accounts. Never on the I/O threads (design 2.7). Look-ups of
// names have threads of their own beside them: a name server that does not answer must not hold up who
// already has a connection.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "net/name_lookups.h"
#include "net/pool_job.h"
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

    // Runs f on a worker; the coroutine goes on where it was. f may refer to what the coroutine holds: one
    // that is destroyed instead of resumed waits for f to end, or keeps it from beginning.
    template <class F>
    [[nodiscard]] auto run(F f) -> Task<decltype(f())> {
        const auto job = std::make_shared<Job<F>>(std::move(f));
        const Executor here = co_await boost::asio::this_coro::executor;
        PoolWait wait(job, here);
        boost::asio::post(threads(), [job] { job->perform(); });
        co_await wait.done();
        if constexpr (!std::is_void_v<decltype(f())>) co_return std::move(*job->result);
    }

    [[nodiscard]] NameLookups& names() { return names_; }

private:
    template <class F>
    struct Job final : PoolJob {
        using T = decltype(std::declval<F&>()());
        explicit Job(F f) : function(std::move(f)) {}
        void work() override {
            if constexpr (std::is_void_v<T>)
                (*function)();
            else
                result.emplace((*function)());
        }
        void discard() noexcept override { function.reset(); }
        std::optional<F> function;
        std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> result;
    };

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
