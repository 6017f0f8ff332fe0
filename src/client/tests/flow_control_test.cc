// A sink that has enough: nothing more is asked of the host until it resumes, and the run can still be ended.
#include <thread>

#include "client/tests/loopback_service.h"
#include "client/tests/run_fixture.h"

namespace mullion::client {
namespace {

using testing::Trouble;
using FlowControlTest = testing::RunFixture;
using Resume = std::function<void()>;

TEST_F(FlowControlTest, HoldsTheNextReceiveUntilItResumes) {
    host.script.output = {{"stdout", "one"}, {"stdout", "two"}, {"stderr", "three"}};
    sink.is_full = [this](Resume resume) {
        if (sink.asked != 2) return false;
        after(Duration(100'000), [this, resume = std::move(resume)] {
            EXPECT_EQ(host.count("Receive"), 2);
            resume();
        });
        return true;
    };
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_TRUE(outcome.output_complete);
    EXPECT_EQ(sink.output, "onetwo");
    EXPECT_EQ(sink.errors, "three");
    EXPECT_EQ(sink.asked, 3);
    EXPECT_GE(took_until_outcome, Duration(100'000));
}

TEST_F(FlowControlTest, IsNotAskedAboutNothing) {
    host.script.quiet = Duration(70'000);  // Receives that end without output.
    sink.is_full = [](const Resume&) { return true; };
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(sink.asked, 0);
}

TEST_F(FlowControlTest, MayResumeAtOnce) {
    host.script.output = {{"stdout", "one"}, {"stdout", "two"}};
    sink.is_full = [](const Resume& resume) {
        resume();
        return true;
    };
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(sink.output, "onetwo");
}

TEST_F(FlowControlTest, EndsAtTheDeadlineAndNeedsNoResumeThen) {
    host.script.output = {{"stdout", "one"}, {"stdout", "two"}};
    options.timeout = Duration(5'000);
    Resume kept;
    sink.is_full = [&](Resume resume) {
        kept = std::move(resume);
        return true;
    };
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::timed_out);
    EXPECT_EQ(error_id(), "run.timeout");
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_LT(took_until_outcome, Duration(5'100));
    EXPECT_EQ(sink.output, "one");
    EXPECT_TRUE(host.shells.empty());
    kept();
}

TEST_F(FlowControlTest, EndsWhenInterrupted) {
    host.script.output = {{"stdout", "one"}, {"stdout", "two"}};
    host.script.runs_for_ever = true;
    sink.is_full = [](const Resume&) { return true; };
    interrupt_after(Duration(1'000));
    EXPECT_EQ(run().error->id, ErrorId::run_interrupted);
    EXPECT_LT(took_until_outcome, Duration(1'100));
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(FlowControlTest, EndsWhenTheInputFails) {
    host.script.output = {{"stdout", "one"}, {"stdout", "two"}};
    host.script.runs_for_ever = true;
    host.always["Send"] = {Trouble::lost_before};
    feed({"line"});
    sink.is_full = [](const Resume&) { return true; };
    EXPECT_EQ(run().error->id, ErrorId::run_input);
    EXPECT_LT(took_until_outcome, Duration(2'000));
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(FlowControlTest, InputFlowsOnWhileOutputWaits) {
    host.script.reads_input = true;
    host.script.output = {{"stdout", "one"}};
    feed({"first ", "second"});
    sink.is_full = [this](Resume resume) {
        after(Duration(10'000), [this, resume = std::move(resume)] {
            EXPECT_EQ(host.input, "first second");
            resume();
        });
        return true;
    };
    EXPECT_EQ(run().status, Status::ok);
}

TEST_F(FlowControlTest, AResumeThatOutlivesTheThreadsDoesNothing) {
    Resume kept;
    sink.is_full = [&](Resume resume) {
        kept = std::move(resume);
        return true;
    };
    {
        testing::LoopbackService service;
        service.host().script.output = {{"stdout", "one"}, {"stdout", "two"}};
        Runtime runtime;
        auto session = Session::make(runtime, service.target(), service.credential());
        RunOptions short_time{.command = "x"};
        short_time.timeout = Duration(200);
        EXPECT_EQ(session.value()->run(short_time, sink).status, Status::timed_out);
        EXPECT_TRUE(session.value()->finish().empty());
    }
    kept();
    EXPECT_EQ(sink.output, "one");
}

TEST_F(FlowControlTest, ResumesFromAnotherThreadWhileOthersGoOn) {
    testing::LoopbackService service(2);
    for (int i = 0; i < 50; ++i) service.host(0).script.output.emplace_back("stdout", "x");
    service.host(1).script.output = {{"stdout", "y"}};
    Runtime runtime;  // One I/O thread for both.
    auto slow = Session::make(runtime, service.target(), service.credential(0));
    auto other = Session::make(runtime, service.target(), service.credential(1));
    std::vector<std::thread> threads;
    sink.is_full = [&](Resume resume) {
        threads.emplace_back([&other, resume = std::move(resume)] {
            testing::Collected also;
            EXPECT_EQ(other.value()->run({.command = "y"}, also).status, Status::ok);
            EXPECT_EQ(also.output, "y");
            resume();
        });
        return true;
    };
    EXPECT_EQ(slow.value()->run({.command = "x"}, sink).status, Status::ok);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(sink.output, std::string(50, 'x'));
    EXPECT_TRUE(slow.value()->finish().empty());
}

}  // namespace
}  // namespace mullion::client
