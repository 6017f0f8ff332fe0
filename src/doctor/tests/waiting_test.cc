// Waiting for what goes on elsewhere.
#include "doctor/waiting.h"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <stdexcept>
#include <thread>

namespace mullion::doctor {
namespace {

using Done = std::function<void(Result<int>)>;
using Begin = std::function<void(Done)>;

TEST(Waiting, GivesWhatAnotherThreadTells) {
    const auto patience = std::make_shared<Patience>();
    std::thread other;
    const Begin begin = [&other](Done done) { other = std::thread([done] { done(7); }); };
    const auto got = wait_for<int>(patience, begin);
    other.join();
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(*got, 7);
}

// What comes afterwards finds nobody, and does no harm.
TEST(Waiting, EndsWhenSomebodyIsImpatient) {
    const auto patience = std::make_shared<Patience>();
    std::promise<Done> begun;
    std::thread impatient([&] {
        const auto done = begun.get_future().get();
        patience->end();
        done(7);
    });
    const Begin begin = [&begun](Done done) { begun.set_value(std::move(done)); };
    const auto got = wait_for<int>(patience, begin);
    impatient.join();
    // Both may have come before it looked.
    if (got.ok()) {
        EXPECT_EQ(*got, 7);
    } else {
        EXPECT_EQ(got.error().id, ErrorId::run_interrupted);
    }
    const Begin never = [](const Done&) {};
    const auto later = wait_for<int>(patience, never);
    ASSERT_FALSE(later.ok());
    EXPECT_EQ(later.error().id, ErrorId::run_interrupted);
}

TEST(Waiting, IsOverInItsTime) {
    const auto patience = std::make_shared<Patience>();
    const Begin never = [](const Done&) {};
    const auto got =
        wait_for<int>(patience, never, std::chrono::steady_clock::now(), Error(ErrorId::net_name, "late"));
    ASSERT_FALSE(got.ok());
    EXPECT_EQ(got.error().id, ErrorId::net_name);
}

net::Task<Result<int>> answers() {
    co_return 7;
}

net::Task<Result<int>> throws() {
    throw std::runtime_error("no memory");
    co_return 7;
}

TEST(Waiting, HearsWhatACoroutineGivesAndThrows) {
    boost::asio::io_context io;
    auto guard = boost::asio::make_work_guard(io);
    std::thread thread([&io] { io.run(); });
    const auto patience = std::make_shared<Patience>();
    const net::Executor executor = io.get_executor();
    const auto got = wait_for<int>(patience, executor, answers());
    const auto thrown = wait_for<int>(patience, executor, throws());
    guard.reset();
    thread.join();
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(*got, 7);
    ASSERT_FALSE(thrown.ok());
    EXPECT_EQ(thrown.error().id, ErrorId::internal_failure);
    EXPECT_EQ(thrown.error().detail, "no memory");
}

}  // namespace
}  // namespace mullion::doctor
