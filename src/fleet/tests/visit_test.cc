// Any work on sessions: told once for each host, on the thread that called, and what it leaves behind is
// waited for.
#include <map>
#include <thread>

#include "client/cim.h"
#include "fleet/tests/fleet_fixture.h"

namespace mullion::fleet {
namespace {

class FirstRow final : public client::CimSink {
public:
    bool on_row(client::CimRow) override { return false; }
};

class Visits final : public Visitor {
public:
    Begin start(std::size_t host) override {
        ++started;
        return [this, host](client::Session& session, Ended ended) {
            if (throws) throw std::runtime_error("a bug of the caller's");
            client::Cim(session).ask_async({client::cim_query("SELECT * FROM A")}, &enough,
                                           [this, host, ended](const client::CimOutcome& outcome) {
                                               ended([this, host, outcome] { tell(host, outcome); });
                                           });
        };
    }
    void on_not_run(std::size_t host, NotRun why) override { not_run.emplace(host, std::move(why)); }
    void on_late(std::size_t, Error) override { ++late; }

    void tell(std::size_t host, const client::CimOutcome& outcome) {
        EXPECT_EQ(std::this_thread::get_id(), thread);
        EXPECT_TRUE(told.emplace(host, outcome.status).second) << host;
    }

    const std::thread::id thread = std::this_thread::get_id();
    FirstRow enough;
    std::map<std::size_t, Status> told;
    std::map<std::size_t, NotRun> not_run;
    std::size_t started = 0;
    int late = 0;
    bool throws = false;
};

class VisitTest : public testing::FleetFixture {
protected:
    void visit(std::size_t hosts, unsigned forks) {
        make(hosts, forks);
        for (std::size_t i = 0; i < hosts; ++i) service->host(i).cim.add_rows(250);
    }
    Visits visits;
};

TEST_F(VisitTest, EveryHostIsToldOnceAndTidiedUp) {
    visit(20, 3);
    fleet->visit(20, prepare, visits);
    EXPECT_EQ(visits.told.size(), 20U);
    EXPECT_TRUE(visits.not_run.empty());
    for (const auto& [host, status] : visits.told) EXPECT_EQ(status, Status::ok) << host;
    for (std::size_t i = 0; i < 20; ++i) EXPECT_TRUE(service->host(i).cim.kept.empty()) << "released: " << i;
    EXPECT_EQ(visits.late, 0);
}

TEST_F(VisitTest, AHostThatIsNotRunIsNotStarted) {
    visit(3, 2);
    prepare = [&](std::size_t host) -> Prepared {
        if (host == 1) return NotRun{std::nullopt, "skipped"};
        return work(host);
    };
    fleet->visit(3, prepare, visits);
    EXPECT_EQ(visits.started, 2U);
    EXPECT_EQ(visits.told.size(), 2U);
    EXPECT_EQ(visits.not_run.at(1).reason, "skipped");
}

TEST_F(VisitTest, WorkThatCannotBeBegunIsToldAsSuch) {
    visit(2, 1);
    visits.throws = true;
    fleet->visit(2, prepare, visits);
    ASSERT_EQ(visits.not_run.size(), 2U);
    EXPECT_EQ(visits.not_run.at(0).error->id, ErrorId::internal_failure);
}

TEST_F(VisitTest, AfterAnInterruptionNothingIsBegun) {
    visit(2, 1);
    fleet->interrupt();
    fleet->visit(2, prepare, visits);
    EXPECT_EQ(visits.started, 0U);
    EXPECT_EQ(visits.not_run.at(1).error->id, ErrorId::run_not_started);
}

}  // namespace
}  // namespace mullion::fleet
