// An interruption at each stage: every host still has exactly one result, and no shell is left.
#include <future>

#include "fleet/tests/fleet_fixture.h"

namespace mullion::fleet {
namespace {

using FleetInterruptTest = testing::FleetFixture;

TEST_F(FleetInterruptTest, BeforeItBegan) {
    make(10, 4);
    fleet->interrupt();
    run();
    EXPECT_EQ(seen.results.size(), 10U);
    EXPECT_EQ(seen.count("run.not_started"), 10U);
    EXPECT_EQ(service->connections, 0);
}

TEST_F(FleetInterruptTest, WhileAHostIsPrepared) {
    make(10, 4);
    prepare = [&](std::size_t host) {
        if (host == 2) fleet->interrupt();
        return work(host);
    };
    run();
    EXPECT_EQ(seen.results.size(), 10U);
    EXPECT_EQ(seen.count("run.not_started"), 8U);
    EXPECT_EQ(seen.count("run.interrupted") + seen.count("none"), 2U);
    expect_nothing_left();
}

TEST_F(FleetInterruptTest, WhileCommandsRun) {
    make(200, 50);
    for (std::size_t i = 0; i < 200; ++i) service->host(i).script.runs_for_ever = true;
    std::atomic<int> running = 0;
    seen.on_each_output = [&] {
        if (++running == 50) fleet->interrupt();
    };
    run();
    EXPECT_EQ(seen.results.size(), 200U);
    EXPECT_EQ(seen.count("run.interrupted"), 50U);
    EXPECT_EQ(seen.count("run.not_started"), 150U);
    expect_nothing_left();
}

TEST_F(FleetInterruptTest, WhileAHostWaitsForAnothersCleanUp) {
    make(3, 1);
    std::promise<void> next_is_prepared;
    prepare = [&](std::size_t host) {
        if (host == 1) next_is_prepared.set_value();
        return work(host);
    };
    service->on_request = [&](const std::string& request) {
        if (request.find("transfer/Delete") == std::string::npos) return;
        next_is_prepared.get_future().wait();
        fleet->interrupt();
    };
    run();
    ASSERT_EQ(seen.results.size(), 3U);
    EXPECT_EQ(seen.results[0].status, Status::ok);
    EXPECT_EQ(seen.count("run.not_started"), 2U);
    EXPECT_EQ(service->connections, 1);
    expect_nothing_left();
}

TEST_F(FleetInterruptTest, AtEachRequestOfAHost) {
    for (int nth = 1; nth <= 6; ++nth) {
        testing::Counting observer;
        make(3, 3);
        std::atomic<int> requests = 0;
        service->on_request = [&](const std::string&) {
            if (++requests == nth) fleet->interrupt();
        };
        fleet->run(3, prepare, {.command = "x"}, observer);
        EXPECT_EQ(observer.results.size(), 3U) << nth;
        EXPECT_EQ(
            observer.count("run.interrupted") + observer.count("run.not_started") + observer.count("none"),
            3U)
            << nth;
        expect_nothing_left();
    }
}

TEST_F(FleetInterruptTest, AfterAllHostsHadTheirTurn) {
    make(3, 3);
    seen.on_each_result = [&] {
        if (seen.results.size() == 3) fleet->interrupt();
    };
    run();
    EXPECT_EQ(seen.count("none"), 3U);
    expect_nothing_left();
}

TEST_F(FleetInterruptTest, IsForGood) {
    make(3, 3);
    run();
    fleet->interrupt();
    testing::Counting again;
    fleet->run(3, prepare, {.command = "x"}, again);
    EXPECT_EQ(again.count("run.not_started"), 3U);
}

TEST_F(FleetInterruptTest, OfPings) {
    make(20, 4);
    service->on_request = [&](const std::string&) { fleet->interrupt(); };
    fleet->ping(20, prepare, {}, seen);
    ASSERT_EQ(seen.pings.size(), 20U);
    std::size_t not_started = 0;
    for (const auto& [host, outcome] : seen.pings) {
        if (outcome.error && outcome.error->id == ErrorId::run_not_started) ++not_started;
    }
    EXPECT_GE(not_started, 12U);
}

}  // namespace
}  // namespace mullion::fleet
