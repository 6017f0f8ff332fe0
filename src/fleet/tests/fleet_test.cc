// One result for each host, so many at a time, whatever happens to some of them.
#include <future>
#include <stdexcept>

#include "fleet/tests/fleet_fixture.h"

namespace mullion::fleet {
namespace {

class FleetTest : public testing::FleetFixture {
protected:
    void expect_all_well() {
        ASSERT_EQ(seen.results.size(), service->size());
        for (const auto& [host, outcome] : seen.results) {
            EXPECT_EQ(outcome.status, Status::ok) << host << (outcome.error ? outcome.error->message() : "");
            EXPECT_EQ(seen.sinks[host].output, "I am " + std::to_string(host));
        }
        expect_nothing_left();
    }
};

TEST_F(FleetTest, OfNoHostsIsDone) {
    make(1, 64);
    fleet->run(0, prepare, {.command = "x"}, seen);
    EXPECT_TRUE(seen.results.empty());
}

TEST_F(FleetTest, OfOneHost) {
    make(1, 64);
    run();
    expect_all_well();
}

TEST_F(FleetTest, OneAfterTheOther) {
    make(10, 1);
    run();
    expect_all_well();
    EXPECT_EQ(seen.most_at_a_time, 1);
}

TEST_F(FleetTest, NoForksAreOne) {
    make(3, 0);
    run();
    expect_all_well();
}

TEST_F(FleetTest, MoreForksThanHosts) {
    make(64, 1000);
    run();
    expect_all_well();
}

TEST_F(FleetTest, AThousandHosts) {
    make(1000, 64, 4);
    run();
    expect_all_well();
    EXPECT_LE(seen.most_at_a_time, 64);
    EXPECT_GE(service->connections, 1000);
}

TEST_F(FleetTest, APlaceIsFreeWhenTheCleanUpHasEnded) {
    make(8, 2);
    std::atomic<int> shells = 0, most = 0;  // On the service's thread.
    service->on_request = [&](const std::string& request) {
        if (request.find("transfer/Create") != std::string::npos) most = std::max(most.load(), ++shells);
        if (request.find("transfer/Delete") != std::string::npos) --shells;
    };
    run();
    expect_all_well();
    EXPECT_LE(most, 2);
}

TEST_F(FleetTest, PreparesAHostWhenItsTurnComes) {
    make(20, 4);
    std::size_t prepared = 0;
    prepare = [&](std::size_t host) {
        ++prepared;
        EXPECT_LE(prepared, seen.results.size() + 4);
        return work(host);
    };
    run();
    EXPECT_EQ(prepared, 20U);
    expect_all_well();
}

// Else a place would stay empty from a host's end until a thread is woken for it.
TEST_F(FleetTest, PreparesAHostWhileAnotherCleansUp) {
    make(4, 1);
    std::atomic<std::size_t> deleted = 0;
    std::vector<std::promise<void>> prepared(5);
    prepared[4].set_value();  // Nobody comes after the last one.
    service->on_request = [&](const std::string& request) {
        if (request.find("transfer/Delete") != std::string::npos) prepared[++deleted].get_future().wait();
    };
    prepare = [&](std::size_t host) {
        prepared[host].set_value();
        return work(host);
    };
    run();
    EXPECT_EQ(deleted, 4U);
    expect_all_well();
}

TEST_F(FleetTest, OneHostsTroubleIsItsOwn) {
    make(12, 3);
    prepare = [&](std::size_t host) -> Prepared {
        auto target = service->target();
        switch (host) {
            case 1:
                return NotRun{std::nullopt, "ansible_connection is ssh"};
            case 2:
                return NotRun{Error(ErrorId::inventory_variable, "no such variable"), {}};
            case 3:
                throw std::runtime_error("a bug");
            case 4:
                target.port = 1;  // Nobody listens on tcpmux.
                return Work{target, service->credential(host)};
            case 5:
                return Work{target, service->credential(host, "wrong")};
            case 6:
                return Work{target, {"", Secret("no user")}};
            case 7:
                service->host(host).always["Create"] = {client::testing::Trouble::fault,
                                                        wsman::code::access_denied};
                break;
            default:
                break;
        }
        return work(host);
    };
    run();
    ASSERT_EQ(seen.results.size(), 12U);
    EXPECT_EQ(seen.results[1].status, Status::skipped);
    EXPECT_EQ(seen.results[1].reason, "ansible_connection is ssh");
    EXPECT_EQ(seen.results[2].error->id, ErrorId::inventory_variable);
    EXPECT_EQ(seen.results[3].error->id, ErrorId::internal_failure);
    EXPECT_EQ(seen.results[3].error->detail, "a bug");
    EXPECT_EQ(seen.results[4].error->id, ErrorId::net_refused);
    EXPECT_EQ(seen.results[5].error->id, ErrorId::auth_rejected);
    EXPECT_EQ(seen.results[6].error->id, ErrorId::auth_credentials);
    EXPECT_EQ(seen.results[7].error->id, ErrorId::wsman_access_denied);
    for (const std::size_t host : {0, 8, 9, 10, 11}) EXPECT_EQ(seen.results[host].status, Status::ok) << host;
    expect_nothing_left();
}

TEST_F(FleetTest, EachHostHasADeadlineOfItsOwn) {
    make(6, 6);
    service->host(3).script.runs_for_ever = true;
    client::RunOptions options{.command = "x"};
    options.timeout = Duration(500);
    run(options);
    ASSERT_EQ(seen.results.size(), 6U);
    EXPECT_EQ(seen.results[3].status, Status::timed_out);
    EXPECT_EQ(seen.count("none"), 5U);
    expect_nothing_left();
}

TEST_F(FleetTest, TellsResultsWhileOthersRun) {
    make(3, 3);
    service->host(0).script.runs_for_ever = true;
    // The last host ends only after the others were heard of.
    seen.on_each_result = [&] {
        if (seen.results.size() == 2) fleet->interrupt();
    };
    run();
    EXPECT_EQ(seen.results[1].status, Status::ok);
    EXPECT_EQ(seen.results[2].status, Status::ok);
    EXPECT_EQ(seen.results[0].error->id, ErrorId::run_interrupted);
}

TEST_F(FleetTest, SaysThatAShellWasLeft) {
    make(2, 2);
    service->host(1).always["Delete"] = {client::testing::Trouble::fault, wsman::code::access_denied};
    run();
    EXPECT_EQ(seen.results[1].status, Status::ok);
    ASSERT_EQ(seen.late.count(1), 1U);
    EXPECT_EQ(seen.late.find(1)->second.id, ErrorId::run_shell_left);
    EXPECT_EQ(seen.late.count(0), 0U);
}

TEST_F(FleetTest, GivesEachHostItsInput) {
    class Line final : public client::InputSource {
    public:
        explicit Line(std::string text) : text_(std::move(text)) {}
        Result<std::string> next(std::size_t) override { return std::exchange(text_, {}); }
        void cancel() override {}

    private:
        std::string text_;
    };
    class WithInput final : public testing::Counting {
    public:
        client::InputSource* input(std::size_t host) override {
            return &inputs.try_emplace(host, "line " + std::to_string(host)).first->second;
        }
        std::map<std::size_t, Line> inputs;
    } observer;
    make(4, 2);
    for (std::size_t i = 0; i < 4; ++i) service->host(i).script.reads_input = true;
    fleet->run(4, prepare, {.command = "sort"}, observer);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(service->host(i).input, "line " + std::to_string(i));
}

TEST_F(FleetTest, EndsEverythingBeforeItThrowsWhatTheObserverThrew) {
    make(20, 4);
    seen.on_each_result = [] { throw std::runtime_error("a bug"); };
    EXPECT_THROW(run(), std::runtime_error);
    expect_nothing_left();
}

TEST_F(FleetTest, EndsWhenTheObserverCannotBegin) {
    class Refusing final : public testing::Counting {
    public:
        client::OutputSink& start(std::size_t host) override {
            if (host == 3) throw std::runtime_error("a bug");
            return Counting::start(host);
        }
    } observer;
    make(20, 10);
    EXPECT_THROW(fleet->run(20, prepare, {.command = "x"}, observer), std::runtime_error);
    EXPECT_EQ(observer.results.size(), 3U);
    expect_nothing_left();
}

TEST_F(FleetTest, PingsEveryHost) {
    make(100, 16);
    prepare = [&](std::size_t host) -> Prepared {
        if (host == 1) return NotRun{std::nullopt, "local"};
        if (host == 2) return Work{service->target(), service->credential(host, "wrong")};
        return work(host);
    };
    fleet->ping(100, prepare, {}, seen);
    ASSERT_EQ(seen.pings.size(), 100U);
    EXPECT_EQ(seen.pings[0].status, Status::ok);
    EXPECT_EQ(seen.pings[1].status, Status::skipped);
    EXPECT_EQ(seen.pings[1].reason, "local");
    EXPECT_EQ(seen.pings[2].error->id, ErrorId::auth_rejected);
    EXPECT_EQ(seen.pings[99].vendor, "Fake");
}

}  // namespace
}  // namespace mullion::fleet
