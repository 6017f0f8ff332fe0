// Enumerations when the host or the way to it goes wrong, in virtual time: rows are neither lost nor doubled,
// and what was left is released.
#include "client/tests/cim_fixture.h"
#include "wsman/fault.h"

namespace mullion::client {
namespace {

using testing::Trouble;
using Seen = std::vector<std::string>;

class CimVisitTest : public testing::CimFixture {};

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
    for (int form = 0; form < 32; ++form) {
        host.cim.optimizes = (form & 1) == 0;
        host.cim.counts_pulls = (form & 2) == 0;
        host.cim.ends_empty = (form & 4) != 0;
        host.cim.swaps_spaces = (form & 8) != 0;
        host.cim.context_behind = (form & 16) != 0;
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

TEST_F(CimVisitTest, WhatIsLeftIsReleasedWhereItsContextStandsBehindTheRows) {
    host.cim.add_rows(250);
    host.cim.context_behind = true;
    rows.most = 1;
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_FALSE(ended.complete);
    EXPECT_EQ(host.cim.seen, (Seen{"Enumerate *", "Release c100"}));
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
    EXPECT_NE(ended.error->detail.find("; asked 30 times for the same rows; 100 rows came before it"),
              std::string::npos)
        << ended.error->detail;
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
    host.cim.spoil = "<w:Item/>";  // Neither an object nor a reference.
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::wsman_malformed);
    EXPECT_EQ(ended.status, Status::unreachable);
    EXPECT_EQ(ended.rows, 101U);
    expect_rows(0, 101);
    EXPECT_EQ(host.cim.seen.back(), "Release c200");
}

// What came before it was read already: it counts, and what follows on that connection is not to be trusted.
TEST_F(CimVisitTest, WhatDoesNotBelongBehindRowsIsAnErrorBehindThem) {
    host.cim.add_rows(250);
    for (const char* spoil :
         {"</n:Items><n:Items>", "<", "</n:Items></n:PullResponse></s:Body><s:Body><x><y>"}) {
        host.cim.spoil = spoil;
        rows.names.clear();
        const auto ended = go();
        ASSERT_TRUE(ended.error) << spoil;
        EXPECT_EQ(ended.error->id, ErrorId::wsman_malformed) << spoil;
        EXPECT_EQ(ended.error->step, "pull") << spoil;
        EXPECT_NE(ended.error->detail.find("before it, and they are not all"), std::string::npos) << spoil;
        EXPECT_FALSE(ended.complete) << spoil;
        ASSERT_GE(ended.rows, 101U) << spoil;
        expect_rows(0, 101);
        EXPECT_EQ(host.cim.seen.back(), "Release c200") << spoil;
    }
    EXPECT_EQ(host.links, 4) << "each on a connection of its own, and the Release on the next";
}

TEST_F(CimVisitTest, AnEnumerationThatBringsNothingIsGivenUpSoon) {
    host.cim.add_rows(250);
    host.cim.endless = true;
    const auto ended = go();
    ASSERT_TRUE(ended.error);
    EXPECT_EQ(ended.error->id, ErrorId::wsman_malformed);
    EXPECT_EQ(ended.error->step, "pull");
    EXPECT_NE(ended.error->detail.find("11 answers, one after the other, brought nothing"), std::string::npos)
        << ended.error->detail;
    EXPECT_NE(ended.error->detail.find("250 rows came before it"), std::string::npos) << ended.error->detail;
    EXPECT_EQ(host.count("Pull"), 2 + 11);
    EXPECT_EQ(host.count("Release"), 1);
}

// As the fault would say, an answer without rows that took as long as the host may wait.
TEST_F(CimVisitTest, AHostThatIsAtWorkIsGivenMoreTime) {
    host.cim.add_rows(1);
    host.cim.endless = true;
    host.latency = Duration(15'000);  // Of 20 s.
    const auto ended = go();
    ASSERT_TRUE(ended.error);
    EXPECT_EQ(ended.status, Status::timed_out);
    EXPECT_EQ(ended.error->id, ErrorId::wsman_timeout);
    EXPECT_NE(ended.error->detail.find("asked 30 times for the same rows"), std::string::npos)
        << ended.error->detail;
    EXPECT_EQ(host.count("Pull"), 30);
    EXPECT_EQ(host.count("Release"), 1);
}

// Neither kind is a way around the other's limit, and rows begin both anew.
TEST_F(CimVisitTest, TimeoutsBetweenEmptyAnswersDoNotCountForThem) {
    host.cim.add_rows(1);
    host.cim.endless = true;
    const Trouble overdue{Trouble::fault, wsman::code::operation_timed_out};
    for (int i = 0; i < 10; ++i) host.troubles["Pull"].insert(host.troubles["Pull"].end(), {{}, overdue});
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::wsman_malformed);
    EXPECT_EQ(host.count("Pull"), 11 + 10);
}

TEST_F(CimVisitTest, RowsBetweenEmptyAnswersKeepItGoing) {
    host.cim.add_rows(20);
    host.cim.page = 1;
    host.cim.pauses = 9;
    const auto ended = go();
    EXPECT_TRUE(ended.complete) << ended.error->message();
    expect_rows(0, 20);
    EXPECT_GE(host.count("Pull"), 19 * 10);
}

}  // namespace
}  // namespace mullion::client
