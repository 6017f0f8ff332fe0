// One message whose answer is lost, in virtual time: of a change it is said that it may have been done, and
// of a question that it may be asked again.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "client/exchange_once.h"
#include "client/in_doubt.h"
#include "client/tests/fake_host.h"
#include "client/tests/virtual_time.h"
#include "wsman/shell.h"

namespace mullion::client {
namespace {

using testing::Trouble;

class LostChangeTest : public ::testing::Test {
protected:
    LostChangeTest() {
        wsman::RequestSettings settings;
        settings.to = "http://fake:5985/wsman";
        connections.emplace(
            "fake", settings, [this] { return host.make_link(); }, time.io.get_executor(), time, random);
        options.step = "delete";
        options.write = [](const wsman::RequestSettings& with, const std::string& id) {
            return Result<std::string>(wsman::write_delete(with, id, "NONE"));
        };
    }

    ExchangeOutcome go(const Trouble& trouble) {
        host.troubles["Delete"] = {trouble};
        outcome.reset();
        boost::asio::co_spawn(time.io, run(), boost::asio::detached);
        EXPECT_TRUE(time.drive([this] { return outcome.has_value(); })) << "it hangs";
        return std::move(*outcome);
    }

    net::Task<void> run() {
        auto ended = co_await exchange_once(*connections, options, stop);
        outcome.emplace(std::move(ended));
    }

    testing::VirtualTime time;
    testing::FakeHost host{time};
    CountingRandom random;
    std::optional<Host> connections;
    Alarm stop;
    ExchangeOptions options;
    std::optional<ExchangeOutcome> outcome;
};

TEST_F(LostChangeTest, MayHaveBeenDone) {
    for (const auto kind : {Trouble::lost_after, Trouble::lost_before, Trouble::other_answer,
                            Trouble::garbage, Trouble::web_page, Trouble::forged_away}) {
        const int before = host.count("Delete");
        const auto ended = go({kind});
        EXPECT_EQ(ended.status, Status::unknown) << kind;
        EXPECT_TRUE(ended.in_doubt) << kind;
        ASSERT_TRUE(ended.error) << kind;
        EXPECT_EQ(ended.error->id, ErrorId::run_unknown) << kind;
        EXPECT_NE(ended.error->detail.find("may have been done"), std::string::npos) << kind;
        for (const auto& line : ended.error->all_advice())
            EXPECT_EQ(line.find("Try again"), std::string::npos) << line;
        EXPECT_EQ(ended.error->step, "delete");
        EXPECT_EQ(host.count("Delete"), before + 1) << kind;
    }
}

TEST_F(LostChangeTest, MayStillBeDoneByAHostThatRanOutOfTime) {
    const auto ended = go({Trouble::fault, wsman::code::operation_timed_out});
    EXPECT_TRUE(ended.in_doubt);
    EXPECT_EQ(ended.status, Status::unknown);
    EXPECT_EQ(ended.error->id, ErrorId::wsman_timeout);
    EXPECT_NE(ended.error->all_advice().front().find("may have been done"), std::string::npos);
    EXPECT_TRUE(ended.answer) << "the fault itself";
}

TEST_F(LostChangeTest, WasNotDoneWhereTheHostSaysSoOrNothingWasSent) {
    for (const auto& trouble : {Trouble{Trouble::fault, wsman::code::access_denied},
                                Trouble{Trouble::refused}, Trouble{Trouble::rejected}, Trouble{}}) {
        const auto ended = go(trouble);
        EXPECT_FALSE(ended.in_doubt) << trouble.kind;
        EXPECT_NE(ended.error->id, ErrorId::run_unknown) << trouble.kind;
        EXPECT_EQ(ended.error->detail.find("may have been done"), std::string::npos) << trouble.kind;
    }
}

TEST_F(LostChangeTest, OfAQuestionNothingIsInDoubt) {
    options.repeatable = true;
    EXPECT_EQ(go({Trouble::lost_after}).error->id, ErrorId::net_closed);
    options.repeatable = false;
    options.only_reads = true;
    const auto ended = go({Trouble::lost_after});
    EXPECT_EQ(ended.error->id, ErrorId::net_closed);
    EXPECT_FALSE(ended.in_doubt);
}

TEST(InDoubt, KeepsWhatSaysAsMuchItself) {
    EXPECT_EQ(in_doubt({ErrorId::run_interrupted, "x"}).id, ErrorId::run_interrupted);
    EXPECT_EQ(in_doubt({ErrorId::run_interrupted, "x"}).detail, "x; it may have been done");
    EXPECT_EQ(in_doubt({ErrorId::run_timeout, ""}).detail, "it may have been done");
    EXPECT_EQ(in_doubt({ErrorId::seal_broken, ""}).id, ErrorId::run_unknown);
    EXPECT_EQ(in_doubt({ErrorId::net_closed, "by peer"}).detail,
              "the connection was closed before an answer came: by peer; it may have been done");
}

}  // namespace
}  // namespace mullion::client
