// Questions about CIM when the host or the way to it goes wrong, in virtual time: rows are neither lost nor
// doubled, what was left is released, and nothing that changes something is sent twice.
#include "client/cim_visit.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "client/tests/fake_host.h"
#include "client/tests/virtual_time.h"

namespace mullion::client {
namespace {

using testing::Trouble;
using wsman::cim::Property;
using wsman::cim::Value;
using Seen = std::vector<std::string>;

Value text(std::string value) {
    return Value(wsman::cim::Scalar(std::string_view(value)));
}

class Rows final : public CimSink {
public:
    bool on_row(CimRow row) override {
        const auto* name = row.instance.find("Name");
        names.push_back(name != nullptr ? name->values.front().text : "?");
        if (row.reference) references.push_back(row.reference->resource_uri);
        if (throws) throw std::runtime_error("a bug of the caller's");
        return names.size() < most;
    }
    bool ready(std::function<void()> resume) override {
        ++asked;
        return !is_full || !is_full(std::move(resume));
    }
    std::vector<std::string> names, references;
    std::size_t most = 1'000'000;
    bool throws = false;
    int asked = 0;
    std::function<bool(std::function<void()> resume)> is_full;  // Whether it keeps `resume`.
};

class CimVisitTest : public ::testing::Test {
protected:
    CimVisitTest() {
        wsman::RequestSettings settings;
        settings.to = "http://fake:5985/wsman";
        connections.emplace(
            "fake", settings, [this] { return host.make_link(); }, time.io.get_executor(), time, random);
        visit.question = cim_query("SELECT Name FROM Win32_Service");
        host.cim.instance = {"Win32_Service", format_class_uri(cim_class("Win32_Service").of), "", {}};
        host.cim.instance.set("Name", text("spooler")).set("StartMode", text("Auto")).set("Note", Value());
    }

    CimOutcome go() {
        outcome.reset();
        finished = false;
        boost::asio::co_spawn(time.io, run(), boost::asio::detached);
        EXPECT_TRUE(time.drive([this] { return finished; })) << "it hangs";
        return std::move(*outcome);
    }

    net::Task<void> run() {
        CimConversation conversation(visit, &rows);
        try {
            co_await conversation.converse(*connections, stop);
        } catch (const std::runtime_error&) {
            threw = true;
        }
        outcome.emplace(conversation.take());
        co_await conversation.tidy(*connections);
        finished = true;
    }

    void expect_rows(std::size_t from, std::size_t to) {
        std::vector<std::string> wanted;
        for (auto i = from; i < to; ++i) wanted.push_back("row" + std::to_string(i));
        EXPECT_EQ(rows.names, wanted);
    }

    void after(Duration delay, std::function<void()> action) {
        boost::asio::co_spawn(time.io, call_after(delay, std::move(action)), boost::asio::detached);
    }
    net::Task<void> call_after(Duration delay, std::function<void()> action) {
        Alarm none;
        co_await time.sleep(later(time.now(), delay), none);
        action();
    }

    testing::VirtualTime time;
    testing::FakeHost host{time};
    CountingRandom random;
    std::optional<Host> connections;
    Alarm stop;
    CimVisit visit;
    Rows rows;
    std::optional<CimOutcome> outcome;
    bool finished = false;
    bool threw = false;
};

// --- enumerations that go well ---

TEST_F(CimVisitTest, RowsOfOneBatchComeInOneRoundTrip) {
    host.cim.add_rows(3);
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(ended.rows, 3U);
    EXPECT_TRUE(ended.complete);
    EXPECT_EQ(host.cim.query, "SELECT Name FROM Win32_Service");
    EXPECT_EQ(host.cim.seen, Seen{"Enumerate *"});
    expect_rows(0, 3);
}

TEST_F(CimVisitTest, NoRowsAreAnAnswerToo) {
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(ended.rows, 0U);
    EXPECT_TRUE(ended.complete);
}

TEST_F(CimVisitTest, PullsWithTheContextThatWasGivenLast) {
    host.cim.add_rows(250);
    EXPECT_TRUE(go().complete);
    EXPECT_EQ(host.cim.seen, (Seen{"Enumerate *", "Pull c100", "Pull c200"}));
    expect_rows(0, 250);
    EXPECT_TRUE(host.cim.kept.empty());
}

TEST_F(CimVisitTest, TakesEveryFormOfService) {
    host.cim.add_rows(250);
    for (int form = 0; form < 16; ++form) {
        host.cim.optimizes = (form & 1) == 0;
        host.cim.counts_pulls = (form & 2) == 0;
        host.cim.ends_empty = (form & 4) != 0;
        host.cim.swaps_spaces = (form & 8) != 0;
        rows.names.clear();
        const auto ended = go();
        EXPECT_EQ(ended.status, Status::ok) << form;
        EXPECT_TRUE(ended.complete) << form;
        expect_rows(0, 250);
        EXPECT_TRUE(host.cim.kept.empty()) << form;
    }
    EXPECT_EQ(host.count("Release"), 0);
}

TEST_F(CimVisitTest, AsksForAsManyRowsAsMayFit) {
    host.cim.add_rows(150);
    for (const auto& [bytes, wanted] : {std::pair<std::uint64_t, std::uint32_t>{512'000, 1000},
                                        {153'600, 300},
                                        {8'192, 20},
                                        {32 * 1024 * 1024, 1000}}) {
        host.cim.asked_for.clear();
        visit.max_envelope_size = bytes;
        (void)go();
        ASSERT_FALSE(host.cim.asked_for.empty());
        for (const auto asked : host.cim.asked_for) EXPECT_EQ(asked, wanted) << bytes;
    }
    std::get<wsman::cim::Enumeration>(visit.question).max_elements = 7;
    host.cim.asked_for.clear();
    (void)go();
    EXPECT_EQ(host.cim.asked_for.front(), 7U);
    EXPECT_EQ(host.cim.asked_for.size(), 22U);
    EXPECT_EQ(connections->settings.max_envelope_size, 153'600U) << "the session's own stays";
}

TEST_F(CimVisitTest, HandsOutReferencesWhereTheyAreAskedFor) {
    auto& asked = std::get<wsman::cim::Enumeration>(visit.question);
    asked.of = cim_class("Win32_Service");
    asked.filter = {};
    asked.mode = wsman::cim::Mode::reference;
    wsman::cim::Reference one{std::string(wsman::anonymous), format_class_uri(asked.of.of), {}};
    one.keys.emplace_back("Name", "spooler");
    host.cim.rows = {reference_item(one)};
    EXPECT_EQ(go().rows, 1U);
    EXPECT_EQ(rows.references, Seen{one.resource_uri});
    EXPECT_EQ(rows.names, Seen{"?"});
}

TEST_F(CimVisitTest, FollowsAssociations) {
    wsman::cim::AssociationFilter filter;
    filter.result_class = "Win32_Service";
    visit.question = cim_associators(cim_object("Win32_Service", {{"Name", "spooler"}}), filter);
    host.cim.add_rows(2);
    EXPECT_EQ(go().rows, 2U);
    EXPECT_NE(host.cim.query.find("ssociationFilter"), std::string::npos);
}

// --- enumerations that are left ---

TEST_F(CimVisitTest, ASinkThatHasEnoughReleasesTheRest) {
    host.cim.add_rows(250);
    rows.most = 150;
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(ended.rows, 150U);
    EXPECT_FALSE(ended.complete);
    expect_rows(0, 150);
    EXPECT_EQ(host.cim.seen, (Seen{"Enumerate *", "Pull c100", "Release c200"}));
    EXPECT_TRUE(host.cim.kept.empty());
}

TEST_F(CimVisitTest, ASinkThatHadThemAllReleasesNothing) {
    host.cim.add_rows(200);
    rows.most = 200;
    const auto ended = go();
    EXPECT_TRUE(ended.complete) << "there are no more";
    EXPECT_EQ(host.count("Release"), 0);
    rows.names.clear();
    rows.most = 199;
    EXPECT_FALSE(go().complete);
    EXPECT_EQ(host.count("Release"), 0) << "the host had given them all and keeps nothing";
}

TEST_F(CimVisitTest, AnInterruptionReleases) {
    host.cim.add_rows(250);
    host.troubles["Pull"] = {{Trouble::silent}};
    after(Duration(500), [this] { stop.ring(); });
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::failed);
    EXPECT_EQ(ended.error->id, ErrorId::run_interrupted);
    EXPECT_NE(ended.error->detail.find("100 rows came before it"), std::string::npos) << ended.error->detail;
    EXPECT_EQ(host.cim.seen.back(), "Release c100");
    EXPECT_EQ(host.links, 2) << "the connection that was waited at is gone";
}

TEST_F(CimVisitTest, OneBeforeAnythingWasSentHasNotStarted) {
    stop.ring();
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::not_started);
    EXPECT_EQ(ended.error->id, ErrorId::run_interrupted);
    EXPECT_TRUE(host.seen.empty());
}

TEST_F(CimVisitTest, TheDeadlineReleases) {
    visit.timeout = Duration(5'000);
    host.cim.add_rows(250);
    host.always["Pull"] = {Trouble::silent};
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::timed_out);
    EXPECT_EQ(ended.error->id, ErrorId::run_timeout);
    EXPECT_EQ(ended.rows, 100U);
    EXPECT_GE(ended.duration, Duration(5'000));
    EXPECT_EQ(host.cim.seen.back(), "Release c100");
}

TEST_F(CimVisitTest, AReleaseThatIsNotAnsweredIsNotWaitedForLong) {
    host.cim.add_rows(250);
    rows.most = 1;
    host.always["Release"] = {Trouble::silent};
    const auto begun = time.now();
    EXPECT_EQ(go().status, Status::ok);
    EXPECT_LE(time.now() - begun, Duration(11'000));
    EXPECT_EQ(host.count("Release"), 1);
}

TEST_F(CimVisitTest, WhatTheSinkThrowsReleases) {
    host.cim.add_rows(250);
    rows.throws = true;
    (void)go();
    EXPECT_TRUE(threw);
    EXPECT_EQ(host.cim.seen.back(), "Release c100");
}

// --- flow control ---

TEST_F(CimVisitTest, ASlowSinkIsWaitedFor) {
    host.cim.add_rows(250);
    rows.is_full = [&](std::function<void()> resume) {
        after(Duration(60'000), std::move(resume));
        return true;
    };
    const auto ended = go();
    EXPECT_TRUE(ended.complete);
    EXPECT_EQ(rows.asked, 2) << "once before each Pull";
    EXPECT_GE(ended.duration, Duration(120'000));
    expect_rows(0, 250);
}

TEST_F(CimVisitTest, ASinkThatNeverGoesOnHoldsUpNoDeadline) {
    host.cim.add_rows(250);
    visit.timeout = Duration(1'000);
    rows.is_full = [](const std::function<void()>&) { return true; };
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::run_timeout);
    EXPECT_EQ(host.cim.seen.back(), "Release c100");
}

TEST_F(CimVisitTest, ASinkThatNeverGoesOnHoldsUpNoInterruption) {
    host.cim.add_rows(250);
    rows.is_full = [](const std::function<void()>&) { return true; };
    after(Duration(10), [this] { stop.ring(); });
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::run_interrupted);
    EXPECT_EQ(host.cim.seen.back(), "Release c100");
}

// --- enumerations that go wrong ---

TEST_F(CimVisitTest, AFaultOfALaterPullIsAnErrorBehindTheRowsSoFar) {
    host.cim.add_rows(350);
    host.troubles["Pull"] = {{}, {Trouble::fault, wsman::code::internal_error}};
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::refused);
    EXPECT_EQ(ended.error->id, ErrorId::wsman_fault);
    EXPECT_EQ(ended.error->wsman_code, wsman::code::internal_error);
    EXPECT_EQ(ended.error->step, "pull");
    EXPECT_NE(ended.error->detail.find("200 rows came before it"), std::string::npos) << ended.error->detail;
    ASSERT_TRUE(ended.fault);
    EXPECT_EQ(ended.fault->code, wsman::code::internal_error);
    EXPECT_FALSE(ended.complete);
    expect_rows(0, 200);
    EXPECT_EQ(host.cim.seen.back(), "Release c200");
}

TEST_F(CimVisitTest, AContextThatTheHostHasForgottenIsNotReleased) {
    host.cim.add_rows(350);
    host.troubles["Pull"] = {{Trouble::fault, wsman::code::invalid_enumeration_context}};
    EXPECT_EQ(go().status, Status::refused);
    EXPECT_EQ(host.count("Release"), 0);
}

TEST_F(CimVisitTest, AHostThatRunsOutOfTimeIsAskedAgainForTheSameRows) {
    host.cim.add_rows(250);
    const Trouble overdue{Trouble::fault, wsman::code::operation_timed_out};
    host.troubles["Pull"] = {overdue, overdue, {}, overdue};
    EXPECT_TRUE(go().complete);
    expect_rows(0, 250);
    EXPECT_EQ(host.count("Pull"), 5);
    host.always["Pull"] = overdue;
    rows.names.clear();
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::timed_out);
    EXPECT_EQ(ended.error->id, ErrorId::wsman_timeout);
    EXPECT_EQ(host.count("Pull"), 5 + 30);
}

TEST_F(CimVisitTest, AnEnumerateThatRunsOutOfTimeIsNotBegunAnew) {
    host.always["Enumerate"] = {Trouble::fault, wsman::code::operation_timed_out};
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::timed_out);
    EXPECT_EQ(host.count("Enumerate"), 1);
}

TEST_F(CimVisitTest, APullThatIsInDoubtIsNotRepeated) {
    host.cim.add_rows(250);
    visit.timeout = Duration(300'000);
    for (const auto kind :
         {Trouble::lost_before, Trouble::lost_after, Trouble::silent, Trouble::garbage, Trouble::web_page,
          Trouble::other_answer, Trouble::forged_away, Trouble::forged_busy}) {
        host.troubles["Pull"] = {{kind}};
        rows.names.clear();
        const int before = host.count("Pull");
        const auto ended = go();
        EXPECT_NE(ended.status, Status::ok) << kind;
        EXPECT_NE(ended.status, Status::unknown) << kind << ": it changes nothing";
        ASSERT_TRUE(ended.error) << kind;
        EXPECT_NE(ended.error->detail.find("100 rows came before it"), std::string::npos) << kind;
        EXPECT_EQ(host.count("Pull"), before + 1) << kind;
        EXPECT_EQ(ended.rows, 100U) << kind;
        expect_rows(0, 100);
    }
}

TEST_F(CimVisitTest, APullThatNeverLeftIsSentOnce) {
    host.cim.add_rows(250);
    host.troubles["Pull"] = {{Trouble::refused}};  // On a connection that had served before.
    EXPECT_TRUE(go().complete);
    expect_rows(0, 250);
}

TEST_F(CimVisitTest, AnEnumerateWhoseConnectionEndedIsSentOnceMore) {
    host.cim.add_rows(3);
    for (const auto kind : {Trouble::lost_before, Trouble::lost_after}) {
        host.troubles["Enumerate"] = {{kind}};
        rows.names.clear();
        EXPECT_TRUE(go().complete) << kind;
        expect_rows(0, 3);
        host.troubles["Enumerate"] = {{kind}, {kind}};
        rows.names.clear();
        const auto ended = go();
        EXPECT_EQ(ended.status, Status::unreachable) << kind;
        EXPECT_TRUE(rows.names.empty());
    }
}

TEST_F(CimVisitTest, AHostThatCannotBeReachedIsToldAsSuch) {
    for (const auto kind : {Trouble::refused, Trouble::busy, Trouble::garbage, Trouble::other_answer}) {
        host.always["Enumerate"] = {kind};
        const auto ended = go();
        EXPECT_EQ(ended.status, Status::unreachable) << kind;
        EXPECT_EQ(ended.error->host, "fake");
        EXPECT_EQ(ended.error->step, "enumerate");
        connections->drop(Lane::main);
    }
    host.always["Enumerate"] = {Trouble::rejected};
    EXPECT_EQ(go().status, Status::refused);
}

TEST_F(CimVisitTest, ARowThatCannotBeReadIsAnErrorBehindThoseBefore) {
    host.cim.add_rows(250);
    host.cim.spoil = "<loose:Thing xmlns:loose=\"urn:x\"><a><b><c/></b>text</a></loose:Thing>";
    for (int depth = 0; depth < 20; ++depth)  // Deeper than any instance may be.
        host.cim.spoil =
            "<p:C xmlns:p=\"urn:p\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
            "<p:X xsi:type=\"p:C_Type\">" +
            host.cim.spoil + "</p:X></p:C>";
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::wsman_malformed);
    EXPECT_EQ(ended.status, Status::unreachable);
    EXPECT_EQ(ended.rows, 101U);
    expect_rows(0, 101);
    EXPECT_EQ(host.cim.seen.back(), "Release c200");
}

TEST_F(CimVisitTest, AnEnumerationWithoutEndIsGivenUp) {
    host.cim.add_rows(1);
    host.cim.endless = true;
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::wsman_malformed);
    EXPECT_LT(host.count("Pull"), 1100);
    EXPECT_EQ(host.count("Release"), 1);
}

// --- one instance ---

TEST_F(CimVisitTest, GetsAnInstance) {
    visit.question = CimGet{cim_object("Win32_Service", {{"Name", "spooler"}})};
    host.troubles["Get"] = {{Trouble::lost_after}};  // It changes nothing: once more.
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(host.cim.seen.back(), "Get Win32_Service.Name=spooler");
    ASSERT_TRUE(ended.instance);
    EXPECT_EQ(ended.instance->find("startmode")->values.front().text, "Auto");
    EXPECT_TRUE(ended.instance->find("Note")->values.front().is_null());
}

TEST_F(CimVisitTest, AFaultIsNotAShellThatIsGone) {
    visit.question = CimGet{cim_object("Win32_Service", {{"Nmae", "spooler"}})};
    host.troubles["Get"] = {{Trouble::fault, wsman::code::unexpected_selectors}};
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::wsman_fault);
    EXPECT_EQ(ended.status, Status::refused);
}

TEST_F(CimVisitTest, SetPutsBackTheWholeWithWhatChanged) {
    visit.question =
        CimSet{cim_object("Win32_Service", {{"Name", "spooler"}}), {Property{"startmode", {text("Manual")}}}};
    for (const bool shows : {true, false}) {
        host.cim.shows_what_was_put = shows;
        const auto ended = go();
        EXPECT_EQ(ended.status, Status::ok);
        EXPECT_EQ(ended.instance.has_value(), shows);
        const auto& put = host.cim.put.back();
        EXPECT_EQ(put.find("StartMode")->values.front().text, "Manual");
        EXPECT_EQ(put.find("Name")->values.front().text, "spooler");
        EXPECT_EQ(put.properties.size(), 3U);
    }
}

TEST_F(CimVisitTest, WhatCannotBeReadIsNotSet) {
    visit.question = CimSet{cim_object("Win32_Service", {{"Name", "a"}}), {Property{"A", {text("b")}}}};
    host.always["Get"] = {Trouble::fault, wsman::code::access_denied};
    EXPECT_EQ(go().error->id, ErrorId::wsman_access_denied);
    EXPECT_EQ(host.count("Put"), 0);
}

TEST_F(CimVisitTest, CreatesAndDeletes) {
    visit.question = CimCreate{cim_class("Win32_Environment"),
                               {Property{"Name", {text("A")}}, Property{"Words", {text("x"), text("y")}}}};
    auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(ended.created->keys.front().value, "new");
    EXPECT_EQ(host.cim.created.back().find("Words")->values.size(), 2U);
    visit.question = CimRemove{cim_object("Win32_Environment", {{"Name", "A"}})};
    ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(host.cim.seen.back(), "Delete Win32_Environment.Name=A");
}

TEST_F(CimVisitTest, InvokesAMethod) {
    visit.question = CimInvoke{cim_class("Win32_Process"), "Create", {Property{"CommandLine", {text("x")}}}};
    host.cim.result.return_value = text("0");
    host.cim.result.outputs.set("ProcessId", text("42"));
    auto ended = go();
    ASSERT_TRUE(ended.error) << "Create of a class is the transfer's, and a method's";
}

TEST_F(CimVisitTest, InvokesAMethodOfAnInstance) {
    visit.question = CimInvoke{cim_object("Win32_Service", {{"Name", "spooler"}}), "StartService", {}};
    host.cim.result.return_value = text("10");
    host.cim.result.outputs.set("Note", text("running"));
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    ASSERT_TRUE(ended.method);
    EXPECT_EQ(ended.method->return_value.text, "10");
    EXPECT_EQ(ended.method->outputs.find("Note")->values.front().text, "running");
    EXPECT_EQ(host.cim.invoked.back().of.keys.front().value, "spooler");
}

TEST_F(CimVisitTest, WhatChangesSomethingIsNeverSentTwice) {
    const auto object = cim_object("Win32_Service", {{"Name", "spooler"}});
    const std::pair<const char*, CimQuestion> changes[] = {
        {"Put", CimSet{object, {Property{"StartMode", {text("Manual")}}}}},
        {"Create", CimCreate{cim_class("Win32_Service"), {Property{"Name", {text("a")}}}}},
        {"Delete", CimRemove{object}},
        {"StartService", CimInvoke{object, "StartService", {}}}};
    visit.timeout = Duration(300'000);
    for (const auto& [name, question] : changes) {
        visit.question = question;
        for (const auto kind :
             {Trouble::lost_after, Trouble::lost_before, Trouble::silent, Trouble::other_answer,
              Trouble::garbage, Trouble::web_page, Trouble::forged_away, Trouble::forged_busy}) {
            host.troubles[name] = {{kind}};
            const int before = host.count(name);
            const auto ended = go();
            EXPECT_EQ(ended.status, Status::unknown) << name << kind;
            ASSERT_TRUE(ended.error) << name << kind;
            EXPECT_NE(ended.error->detail.find("may have been done"), std::string::npos) << name << kind;
            EXPECT_EQ(host.count(name), before + 1) << name << kind;
        }
        // The host says no, and did nothing; or it says that it ran out of time, and may be at it.
        host.troubles[name] = {{Trouble::fault, wsman::code::access_denied}};
        EXPECT_EQ(go().status, Status::refused) << name;
        host.troubles[name] = {{Trouble::fault, wsman::code::operation_timed_out}};
        EXPECT_EQ(go().status, Status::unknown) << name;
        // It never left.
        connections->drop(Lane::main);
        host.troubles[name] = {{Trouble::refused}, {Trouble::refused}};
        EXPECT_EQ(go().status, Status::unreachable) << name;
    }
}

TEST_F(CimVisitTest, NamesThatNoMessageCanHaveAreRefusedHere) {
    visit.question = CimCreate{cim_class("Win32_Environment"), {Property{"a b", {text("x")}}}};
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::usage_invalid);
    EXPECT_EQ(ended.status, Status::not_started);
    EXPECT_TRUE(host.seen.empty());
}

}  // namespace
}  // namespace mullion::client
