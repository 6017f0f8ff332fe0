// Who allows log-ons hears of each, and what it refuses is not tried.
#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "client/gated_session.h"
#include "client/runtime.h"
#include "client/tests/loopback_service.h"

namespace mullion::client {
namespace {

class Nothing final : public OutputSink {
public:
    void on_output(Stream, std::string_view) override {}
};

class LogonGateTest : public ::testing::Test {
protected:
    std::unique_ptr<Session> session(LogonGate gate) {
        auto made = make_gated_session(runtime, service.target(), service.credential(), std::move(gate));
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    RunOutcome run(Session& session, std::optional<Duration> timeout = {}) {
        Nothing sink;
        RunOptions options;
        options.command = "x";
        options.timeout = timeout;
        auto outcome = session.run(options, sink);
        (void)session.finish();
        return outcome;
    }

    testing::LoopbackService service;
    Runtime runtime;
};

TEST_F(LogonGateTest, IsAskedOnceForEachConnection) {
    std::atomic<int> asked = 0;
    std::vector<std::thread> others;
    std::mutex adding;
    const auto one = session([&](std::function<void(Result<void>)> answer) {
        ++asked;
        const std::lock_guard lock(adding);
        others.emplace_back(
            [answer = std::move(answer)] { answer(Result<void>{}); });  // From another thread.
    });
    for (int time = 0; time < 3; ++time) {
        const auto outcome = run(*one);
        EXPECT_EQ(outcome.status, Status::ok) << (outcome.error ? outcome.error->message() : "");
    }
    for (auto& other : others) other.join();
    EXPECT_EQ(asked, service.connections);
    EXPECT_GE(asked, 1);
}

TEST_F(LogonGateTest, WhatItRefusesIsTheErrorAndNobodyLogsOn) {
    std::atomic<int> requests = 0;
    service.on_request = [&](const std::string&) { ++requests; };
    const auto one = session([](const std::function<void(Result<void>)>& answer) {
        answer(Error(ErrorId::auth_rejected, "not tried: by the test"));
    });
    const auto outcome = run(*one);
    EXPECT_EQ(outcome.status, Status::refused);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->id, ErrorId::auth_rejected);
    EXPECT_NE(outcome.error->message().find("not tried: by the test"), std::string::npos);
    EXPECT_EQ(requests, 0);
}

TEST_F(LogonGateTest, OneThatNeverAnswersIsNotWaitedForLongerThanTheRest) {
    std::vector<std::function<void(Result<void>)>> kept;
    {
        const auto one =
            session([&](std::function<void(Result<void>)> answer) { kept.push_back(std::move(answer)); });
        const auto outcome = run(*one, Duration(50));
        ASSERT_TRUE(outcome.error);
        EXPECT_EQ(outcome.error->id, ErrorId::run_timeout);
        EXPECT_NE(outcome.error->message().find("was not started"), std::string::npos)
            << outcome.error->message();
    }
    ASSERT_FALSE(kept.empty());
    for (const auto& answer : kept) answer(Result<void>{});  // Nobody is there any more.
}

// Tells on which thread the last copy of a gate goes: it goes with the session's connections.
struct Goes {
    explicit Goes(std::promise<std::thread::id>& into) : where(into) {}
    Goes(const Goes&) = delete;
    Goes& operator=(const Goes&) = delete;
    ~Goes() { where.set_value(std::this_thread::get_id()); }
    std::promise<std::thread::id>& where;
};

// A connection that is kept has timers on its thread, which may ring at that moment.
TEST_F(LogonGateTest, ASessionThatIsDroppedElsewhereEndsOnItsOwnThread) {
    std::promise<std::thread::id> gone;
    std::atomic<std::thread::id> own;
    auto one =
        session([&own, goes = std::make_shared<Goes>(gone)](const std::function<void(Result<void>)>& answer) {
            own = std::this_thread::get_id();
            answer(Result<void>{});
        });
    EXPECT_EQ(run(*one).status, Status::ok);
    // The thread is done with what it was asked: the session alone holds its connections.
    std::promise<void> idle;
    boost::asio::post(runtime.state().place()->io(), [&idle] { idle.set_value(); });
    idle.get_future().wait();
    one.reset();
    EXPECT_EQ(gone.get_future().get(), own.load());
}

}  // namespace
}  // namespace mullion::client
