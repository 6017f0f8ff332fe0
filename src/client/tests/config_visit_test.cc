// A visit when the host or the way to it goes wrong, in virtual time: nothing is sent twice, and what is not
// known is said.
#include "client/config_visit.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "client/config_path.h"
#include "client/config_plan.h"
#include "client/tests/fake_host.h"
#include "client/tests/virtual_time.h"

namespace mullion::client {
namespace {

using testing::Trouble;

class ConfigVisitTest : public ::testing::Test {
protected:
    ConfigVisitTest() {
        wsman::RequestSettings settings;
        settings.to = "http://fake:5985/wsman";
        connections.emplace(
            "fake", settings, [this] { return host.make_link(); }, time.io.get_executor(), time, random);
        auto one = parse_config_assignment("MaxTimeoutms=1000").value();
        const auto path = one.path;
        visit.resources = resources_to_change({path});
        visit.plan = [one](const ConfigRead& now) { return plan_set({one}, now); };
    }

    ConfigOutcome go() {
        boost::asio::co_spawn(time.io, run(), boost::asio::detached);
        EXPECT_TRUE(time.drive([this] { return outcome.has_value(); })) << "it hangs";
        return std::move(*outcome);
    }

    net::Task<void> run() {
        const ConfigWay way{true, 5986, {}, Duration(60'000)};
        auto ended = co_await visit_config(*connections, visit, way, stop);
        outcome.emplace(std::move(ended));
    }

    testing::VirtualTime time;
    testing::FakeHost host{time};
    CountingRandom random;
    std::optional<Host> connections;
    Alarm stop;
    ConfigVisit visit;
    std::optional<ConfigOutcome> outcome;
};

TEST_F(ConfigVisitTest, KnowsHowTheHostWasReached) {
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_TRUE(ended.read.https);
    EXPECT_EQ(ended.read.port, 5986);
    EXPECT_EQ(ended.read.route.transport, "ntlm");
    EXPECT_TRUE(ended.read.route.sealed);
    EXPECT_EQ(ended.done, 1U);
}

TEST_F(ConfigVisitTest, ThatOnlyChecksChangesNothing) {
    visit.check_only = true;
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(ended.plan.changes.size(), 1U);
    EXPECT_EQ(ended.done, 0U);
    EXPECT_EQ(host.count("Put"), 0);
}

TEST_F(ConfigVisitTest, APutWhoseAnswerIsLostIsUnknownAndNotRepeated) {
    for (const auto kind :
         {Trouble::lost_after, Trouble::lost_before, Trouble::silent, Trouble::other_answer, Trouble::garbage,
          Trouble::web_page, Trouble::forged_away, Trouble::forged_busy}) {
        host.troubles["Put"] = {{kind}};
        host.config.tree["MaxTimeoutms"].text = "60000";
        const int before = host.count("Put");
        outcome.reset();
        const auto ended = go();
        EXPECT_EQ(ended.status, Status::unknown) << kind;
        ASSERT_TRUE(ended.error) << kind;
        EXPECT_EQ(ended.error->id, ErrorId::run_unknown) << kind;
        EXPECT_NE(ended.error->detail.find("may have been done"), std::string::npos) << kind;
        EXPECT_EQ(host.count("Put"), before + 1) << kind;
        EXPECT_EQ(ended.done, 0U) << kind;
    }
}

TEST_F(ConfigVisitTest, AHostThatCannotBeReadIsUnreachableAndNotChanged) {
    for (const auto kind : {Trouble::refused, Trouble::silent, Trouble::garbage, Trouble::other_answer,
                            Trouble::lost_before, Trouble::web_page}) {
        // Twice: a connection that had served before is opened anew once.
        host.troubles["Get"] = {{kind}, {kind}};
        outcome.reset();
        const auto ended = go();
        EXPECT_EQ(ended.status, Status::unreachable) << kind;
        EXPECT_TRUE(ended.error) << kind;
        host.troubles.clear();
    }
    EXPECT_EQ(host.count("Put"), 0);
}

TEST_F(ConfigVisitTest, AConnectionThatWasClosedMeanwhileIsOpenedAnew) {
    (void)go();
    outcome.reset();
    host.config.tree["MaxTimeoutms"].text = "60000";
    host.troubles["Get"] = {{Trouble::lost_before}};
    EXPECT_EQ(go().status, Status::ok);
}

TEST_F(ConfigVisitTest, EndsByItsDeadlineAndByAnInterruption) {
    visit.timeout = Duration(1'000);
    host.always["Get"] = {Trouble::silent};
    auto ended = go();
    EXPECT_EQ(ended.status, Status::timed_out);
    EXPECT_EQ(ended.error->id, ErrorId::run_timeout);
    outcome.reset();
    stop.ring();
    ended = go();
    EXPECT_EQ(ended.status, Status::not_started);
    EXPECT_EQ(ended.error->id, ErrorId::run_interrupted);
}

TEST_F(ConfigVisitTest, AnEnumerationWithoutEndIsGivenUp) {
    visit.resources = {parse_config_path("Listener").value().resource};
    visit.plan = {};
    for (int i = 0; i < 300; ++i)
        host.config.add_listener("IP:10.0." + std::to_string(i / 100) + "." + std::to_string(i % 100), "HTTP",
                                 "80");
    host.config.page = 100;
    host.config.endless = true;
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::wsman_malformed);
    EXPECT_LT(host.count("Pull"), 1000);
}

}  // namespace
}  // namespace mullion::client
