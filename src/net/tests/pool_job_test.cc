// Coroutines that are destroyed with their io_context while a worker has, or is to get, their job.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>

#include "net/tests/loop.h"
#include "net/worker_pool.h"

namespace mullion::net {
namespace {

// What an io_context shuts down first: it tells that its end has begun.
class Knell : public boost::asio::execution_context::service {
public:
    using key_type = Knell;
    static inline boost::asio::execution_context::id id;
    explicit Knell(boost::asio::execution_context& context) : service(context) {}
    void shutdown() override { begun.set_value(); }
    std::promise<void> begun;
};

// What a job refers to, and whether it was still there when the job was done with it.
struct Used {
    explicit Used(std::atomic<bool>& flag) : gone(flag) {}
    ~Used() { gone = true; }
    std::atomic<bool>& gone;
};

TEST(PoolJob, OfADestroyedCoroutineEndsBeforeWhatItRefersTo) {
    WorkerPool pool(1);
    std::promise<void> runs;
    std::atomic<bool> gone = false;
    std::atomic<bool> gone_too_early = true;
    std::future<void> ends;
    {
        boost::asio::io_context context{1};
        ends = boost::asio::use_service<Knell>(context).begun.get_future();
        auto wait = [&]() -> Task<void> {
            const Used used(gone);
            auto job = [&] {
                runs.set_value();
                ends.wait();
                gone_too_early = used.gone.load();
            };
            co_await pool.run(job);
        };
        boost::asio::co_spawn(context, wait, boost::asio::detached);
        context.poll();
        runs.get_future().wait();
    }
    EXPECT_TRUE(gone);
    EXPECT_FALSE(gone_too_early);
}

// Behind a job that takes its time.
TEST(PoolJob, OfADestroyedCoroutineDoesNotBegin) {
    WorkerPool pool(1);
    std::promise<void> go_on;
    std::atomic<bool> began = false;
    Loop other;
    auto hold_up = [&]() -> Task<void> {
        auto job = [gate = go_on.get_future().share()] { gate.wait(); };
        co_await pool.run(job);
    };
    other.start(hold_up());
    other.run(one_turn(other.executor()));
    {
        boost::asio::io_context context{1};
        auto wait = [&]() -> Task<void> {
            auto job = [&] { began = true; };
            co_await pool.run(job);
        };
        boost::asio::co_spawn(context, wait, boost::asio::detached);
        context.poll();
    }
    go_on.set_value();
    auto after = [&]() -> Task<void> {  // The only worker has been through its queue.
        auto nothing = [] {};
        co_await pool.run(nothing);
    };
    other.run(after());
    EXPECT_FALSE(began);
}

TEST(PoolJob, ThrowsWhereItIsWaitedFor) {
    Loop loop;
    auto wait = [&]() -> Task<bool> {
        auto job = []() -> int { throw std::runtime_error("on the worker"); };
        try {
            (void)co_await loop.pool().run(job);
        } catch (const std::runtime_error&) {
            co_return true;
        }
        co_return false;
    };
    EXPECT_TRUE(loop.run(wait()));
}

}  // namespace
}  // namespace mullion::net
