// What blocks for one host (its name, its input) is no other host's business.
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>

#include "client/client.h"
#include "client/tests/loopback_service.h"
#include "net/tests/hanging_names.h"

namespace mullion::client {
namespace {

class Collected final : public OutputSink {
public:
    void on_output(Stream, std::string_view bytes) override { output += bytes; }
    std::string output;
};

class BlockingTest : public ::testing::Test {
protected:
    std::unique_ptr<Session> session(std::size_t host, const std::string& name = "127.0.0.1") {
        auto target = service.target();
        target.host = name;
        auto made = Session::make(runtime, target, service.credential(host));
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    void expect_others_run() {
        for (const std::string name : {"127.0.0.1", "localhost"}) {
            Collected sink;
            const auto outcome = session(0, name)->run({.command = "x"}, sink);
            EXPECT_EQ(outcome.status, Status::ok) << (outcome.error ? outcome.error->message() : "");
        }
    }

    testing::LoopbackService service{301};
    Runtime runtime{{.io_threads = 2, .worker_threads = 1}};
};

TEST_F(BlockingTest, AHundredNamesWithoutAnAnswer) {
    net::testing::HangingNames names;
    std::vector<std::unique_ptr<Session>> lost;
    std::vector<std::future<RunOutcome>> outcomes;
    Collected sink;
    for (int i = 0; i < 100; ++i) {
        lost.push_back(session(0, std::to_string(i) + ".hangs.test"));
        auto promise = std::make_shared<std::promise<RunOutcome>>();
        outcomes.push_back(promise->get_future());
        lost.back()->run_async({.command = "x"}, sink,
                               [promise](RunOutcome outcome) { promise->set_value(std::move(outcome)); });
    }
    names.await_hanging(100);
    expect_others_run();
    for (auto& one : lost) one->interrupt();  // A hanging look-up is not waited for.
    for (auto& outcome : outcomes) EXPECT_EQ(outcome.get().status, Status::not_started);
    for (auto& one : lost) EXPECT_TRUE(one->finish().empty());
}

TEST_F(BlockingTest, ANameWithoutAnAnswerEndsAtTheConnectTimeout) {
    net::testing::HangingNames names;
    auto target = service.target();
    target.host = "a.hangs.test";
    target.connect_timeout = Duration(50);
    Collected sink;
    const auto made = Session::make(runtime, target, service.credential());
    const auto outcome = made.value()->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.status, Status::unreachable);
    EXPECT_EQ(outcome.error->id, ErrorId::net_name);
}

// Says nothing until it is cancelled.
class SilentInput final : public InputSource {
public:
    Result<std::string> next(std::size_t) override {
        std::unique_lock lock(mutex_);
        news_.wait(lock, [this] { return cancelled_; });
        return std::string();
    }
    void cancel() override {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
        news_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable news_;
    bool cancelled_ = false;
};

TEST_F(BlockingTest, InputsThatSayNothing) {
    constexpr std::size_t many = 50;
    std::vector<SilentInput> inputs(many);
    std::vector<std::unique_ptr<Session>> waiting;
    std::vector<std::future<RunOutcome>> outcomes;
    Collected sink;
    for (std::size_t i = 0; i < many; ++i) {
        service.host(i + 1).script.runs_for_ever = true;
        waiting.push_back(session(i + 1));
        RunOptions options{.command = "x"};
        options.input = &inputs[i];
        auto promise = std::make_shared<std::promise<RunOutcome>>();
        outcomes.push_back(promise->get_future());
        waiting.back()->run_async(options, sink,
                                  [promise](RunOutcome outcome) { promise->set_value(std::move(outcome)); });
    }
    expect_others_run();
    for (auto& one : waiting) one->interrupt();
    for (auto& outcome : outcomes) EXPECT_EQ(outcome.get().error->id, ErrorId::run_interrupted);
    for (auto& one : waiting) EXPECT_TRUE(one->finish().empty());
}

}  // namespace
}  // namespace mullion::client
