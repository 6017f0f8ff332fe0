// Cim over real connections: the blocking and the callback form, and what a session has to it.
#include "client/cim.h"

#include <gtest/gtest.h>

#include <future>

#include "client/client.h"
#include "client/tests/loopback_service.h"

namespace mullion::client {
namespace {

using wsman::cim::Value;

class Count final : public CimSink {
public:
    bool on_row(CimRow) override {
        ++rows;
        if (throws) throw std::runtime_error("a bug of the caller's");
        return rows < most;
    }
    std::size_t rows = 0;
    std::size_t most = 1'000'000;
    bool throws = false;
};

class CimTest : public ::testing::Test {
protected:
    CimTest() {
        auto made = Session::make(runtime, service.target(), service.credential(0, "right"));
        EXPECT_TRUE(made.ok());
        session = std::move(made).value();
        service.host().cim.add_rows(250);
    }

    testing::LoopbackService service;
    Runtime runtime;
    std::unique_ptr<Session> session;
    Count count;
};

TEST_F(CimTest, AsksAndHandsOut) {
    Cim cim(*session);
    const auto outcome = cim.query("SELECT Name FROM Win32_Service", count);
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_EQ(outcome.rows, 250U);
    EXPECT_EQ(count.rows, 250U);
    EXPECT_EQ(service.connections, 1);
    EXPECT_TRUE(cim.enumerate(cim_class("Win32_Service"), count).complete);
    EXPECT_TRUE(cim.associators(cim_object("Win32_Service", {{"Name", "a"}}), count).complete);
}

TEST_F(CimTest, ReleasesBehindTheOutcomeAndFinishWaitsForIt) {
    count.most = 10;
    const auto outcome = Cim(*session).query("SELECT Name FROM Win32_Service", count);
    EXPECT_EQ(outcome.rows, 10U);
    EXPECT_TRUE(session->finish().empty());
    EXPECT_TRUE(service.host().cim.kept.empty());
    EXPECT_EQ(service.host().cim.seen.back(), "Release c100");
}

TEST_F(CimTest, TellsWhatASinkThrows) {
    count.throws = true;
    const auto outcome = Cim(*session).query("SELECT Name FROM Win32_Service", count);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->id, ErrorId::internal_failure);
    EXPECT_FALSE(outcome.complete);
    (void)session->finish();
    EXPECT_TRUE(service.host().cim.kept.empty());
    count.throws = false;
    EXPECT_TRUE(
        Cim(*session).query("SELECT Name FROM Win32_Service", count).complete);  // The next has its turn.
}

TEST_F(CimTest, TellsWhatDoneThrows) {
    std::promise<void> called;
    Cim(*session).ask_async({cim_query("SELECT * FROM Win32_Service")}, nullptr,
                            [&](const CimOutcome& outcome) {
                                EXPECT_EQ(outcome.rows, 250U);
                                called.set_value();
                                throw std::runtime_error("a bug of the caller's");
                            });
    called.get_future().wait();
    const auto late = session->finish();
    ASSERT_EQ(late.size(), 1U);
    EXPECT_EQ(late.front().id, ErrorId::internal_failure);
}

TEST_F(CimTest, IsInterrupted) {
    session->interrupt();
    const auto outcome = Cim(*session).query("SELECT * FROM Win32_Service", count);
    EXPECT_EQ(outcome.error->id, ErrorId::run_interrupted);
    EXPECT_EQ(outcome.status, Status::not_started);
}

TEST_F(CimTest, TheEasyCalls) {
    auto& fake = service.host().cim;
    fake.instance = {"Win32_Service", format_class_uri(cim_class("Win32_Service").of), "", {}};
    const auto text = [](std::string_view word) { return Value(wsman::cim::Scalar(word)); };
    fake.instance.set("Name", text("a"));
    fake.result.return_value = text("0");
    Cim cim(*session);
    const auto object = cim_object("Win32_Service", {{"Name", "a"}});
    EXPECT_EQ(cim.get(object).value().find("Name")->values.front().text, "a");
    EXPECT_EQ(cim.set(object, {{"Name", {text("b")}}}).status, Status::ok);
    EXPECT_EQ(cim.create(cim_class("Win32_Service"), {{"Name", {text("b")}}}).status, Status::ok);
    EXPECT_EQ(cim.remove(object).status, Status::ok);
    EXPECT_EQ(cim.invoke(object, "StartService").value().return_value.text, "0");
    service.host().troubles["Get"] = {{testing::Trouble::fault, wsman::code::access_denied}};
    EXPECT_EQ(cim.get(object).error().id, ErrorId::wsman_access_denied);
}

}  // namespace
}  // namespace mullion::client
