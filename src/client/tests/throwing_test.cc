// Callers whose functions throw: their exceptions stay theirs, and nobody else waits for ever.
#include <gtest/gtest.h>

#include <future>
#include <limits>
#include <stdexcept>

#include "client/client.h"
#include "client/tests/loopback_service.h"
#include "client/time.h"

namespace mullion::client {
namespace {

struct Sink final : OutputSink {
    void on_output(Stream, std::string_view) override {
        if (throws) throw std::runtime_error("no room");
    }
    bool throws = false;
};

struct ThrowingInput final : InputSource {
    Result<std::string> next(std::size_t) override { throw std::runtime_error("no disk"); }
    void cancel() override {}
};

class ThrowingTest : public ::testing::Test {
protected:
    ThrowingTest() {
        service.host().script.output = {{"stdout", "out"}};
        one = std::move(Session::make(runtime, service.target(), service.credential())).value();
    }
    // Another command in the same session, and no shell left behind.
    void expect_next_works() {
        sink.throws = false;
        EXPECT_EQ(one->run({.command = "x"}, sink).status, Status::ok);
        EXPECT_TRUE(one->finish().empty());
        EXPECT_TRUE(service.host().shells.empty());
    }

    testing::LoopbackService service;
    Runtime runtime;
    std::unique_ptr<Session> one;
    Sink sink;
};

TEST_F(ThrowingTest, ASinkLosesOutputAndItIsTold) {
    sink.throws = true;
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_EQ(outcome.error.value().id, ErrorId::internal_failure);
    expect_next_works();
}

TEST_F(ThrowingTest, ACallbackKeepsNoShellOpen) {
    std::promise<void> called;
    one->run_async({.command = "x"}, sink, [&](const RunOutcome&) {
        called.set_value();
        throw std::runtime_error("not now");
    });
    called.get_future().wait();
    const auto told = one->finish();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].id, ErrorId::internal_failure);
    EXPECT_NE(told[0].detail.find("not now"), std::string::npos);
    expect_next_works();
}

TEST_F(ThrowingTest, AnInputFailsAsOneThatCannotBeRead) {
    service.host().script.reads_input = true;
    ThrowingInput input;
    RunOptions options;
    options.command = "x";
    options.input = &input;
    const auto outcome = one->run(options, sink);
    EXPECT_EQ(outcome.error.value().id, ErrorId::run_input);
    EXPECT_NE(outcome.error->detail.find("no disk"), std::string::npos);
    EXPECT_TRUE(one->finish().empty());
}

// Whatever an int64 holds: no sum of it with the clock may overflow.
TEST_F(ThrowingTest, TimesWithoutMeasure) {
    using Limits = std::numeric_limits<Duration::rep>;
    const auto now = std::chrono::steady_clock::now();
    EXPECT_EQ(later(now, Duration(Limits::max())), never);
    EXPECT_EQ(later(never, Duration(1)), never);
    EXPECT_EQ(later(now, Duration(Limits::min())), now);
    EXPECT_EQ(later(now, Duration(5)), now + Duration(5));
    RunOptions options;
    options.command = "x";
    options.timeout = options.wait_for = Duration(Limits::max());
    EXPECT_EQ(one->run(options, sink).status, Status::ok);
}

}  // namespace
}  // namespace mullion::client
