// Plain enumerations of which nothing is pulled: their processes are somebody's share. docs/cim.md
#include "service/cim/cim_exchange.h"
#include "service/tests/cim_fixture.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;

class CimUnpulled : public CimFixture {
protected:
    CimUnpulled() : CimFixture(Duration(50)) {}
};

// Whoever began it may have left: a context may come over any connection, so nobody can know.
TEST_F(CimUnpulled, OneThatNobodyPullsFromLetsItsProcessGo) {
    played.begin = [](PlayedAnswer& a) { a.items(3); };
    const auto begun = enumerated(ask(enumerate_body({}, false)));
    EXPECT_FALSE(answer().destroyed);
    wait_for([&] { return answer().destroyed; });
    EXPECT_EQ(played.asked.size(), 1u);
    EXPECT_GE(shells.operations().bytes("alice"), CimExchange::most_held(512'000)) << "it may want it again";
    EXPECT_EQ(pulled(ask(pull_body(begun.context, 2))).items.size(), 2u) << "the first Pull asks anew";
    ASSERT_EQ(played.asked.size(), 2u);
    EXPECT_EQ(answer(1).question.envelope, answer(0).question.envelope);
    answer(1).end();
    const auto last = pulled(ask(pull_body(begun.context, 2)));
    EXPECT_EQ(last.items.size(), 1u);
    EXPECT_TRUE(last.end);
    EXPECT_EQ(shells.operations().bytes("alice"), 0u);
}

TEST_F(CimUnpulled, OneThatIsHereAsAWholeIsKept) {
    played.begin = [](PlayedAnswer& a) {
        a.items(3);
        a.end();
    };
    const auto begun = enumerated(ask(enumerate_body({}, false)));
    settle();
    EXPECT_TRUE(answer().destroyed);
    const std::size_t with_question = shells.operations().bytes("alice");
    wait_for([&] { return shells.operations().bytes("alice") < with_question; });
    EXPECT_LT(shells.operations().bytes("alice"), 1'000u);
    EXPECT_TRUE(pulled(ask(pull_body(begun.context, 10))).end);
    EXPECT_EQ(played.asked.size(), 1u);
}

TEST_F(CimUnpulled, WhatCannotBeAskedAnewNowMayBeLater) {
    played.begin = [](PlayedAnswer& a) { a.items(3); };
    const auto begun = enumerated(ask(enumerate_body({}, false)));
    wait_for([&] { return answer().destroyed; });
    played.refuses = wsman::make_fault(code::quota_user);
    EXPECT_EQ(code_of(ask(pull_body(begun.context, 2))), code::quota_user);
    played.refuses.reset();
    played.holds_starts = true;
    request.operation_timeout = Duration(30);
    EXPECT_EQ(code_of(ask(pull_body(begun.context, 2))), code::operation_timed_out);
    const std::size_t asked = played.asked.size();
    EXPECT_EQ(code_of(ask(pull_body(begun.context, 2))), code::operation_timed_out);
    played.holds_starts = false;
    played.starts.notify();
    EXPECT_EQ(pulled(ask(pull_body(begun.context, 2))).items.size(), 2u);
    EXPECT_EQ(played.asked.size(), asked) << "what a Pull did not wait for is the next one's";
    const auto other = enumerated(ask(enumerate_body({}, false)));
    wait_for([&] { return played.asked.back()->destroyed; });
    played.refuses = wsman::make_fault(code::access_denied);
    EXPECT_EQ(code_of(ask(pull_body(other.context, 2))), code::access_denied);
    EXPECT_EQ(code_of(ask(pull_body(other.context, 2))), code::invalid_enumeration_context);
}

TEST_F(CimUnpulled, ReleaseEndsOneThatIsAskedAnew) {
    played.begin = [](PlayedAnswer& a) { a.items(3); };
    const auto begun = enumerated(ask(enumerate_body({}, false)));
    wait_for([&] { return answer().destroyed; });
    played.begin = [](PlayedAnswer&) {};
    const auto waits = begin_asking(pull_body(begun.context, 2));
    EXPECT_FALSE(waits->has_value());
    EXPECT_EQ(ask(wsman::write_release(request, message_id(), services, begun.context)).status, 200);
    EXPECT_EQ(code_of(finish(waits)), code::invalid_enumeration_context);
    settle();
    EXPECT_TRUE(answer(1).destroyed);
}

class CimPulled : public CimFixture {
protected:
    CimPulled() : CimFixture(Duration(400)) {}
};

TEST_F(CimPulled, OneThatIsPulledFromKeepsItsProcess) {
    played.begin = [](PlayedAnswer& a) { a.items(3); };
    const auto begun = enumerated(ask(enumerate_body({}, false)));
    EXPECT_EQ(pulled(ask(pull_body(begun.context, 1))).items.size(), 1u);
    request.operation_timeout = Duration(1'200);
    EXPECT_EQ(pulled(ask(pull_body(begun.context, 100))).items.size(), 2u);
    EXPECT_FALSE(answer().destroyed);
    EXPECT_EQ(played.asked.size(), 1u);
}

}  // namespace
}  // namespace mullion::service::testing
