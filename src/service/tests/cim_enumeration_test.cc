// Enumerations whose items come as they are pulled: service-protocol 3.5, DSP0226 8, WS-Enumeration 3.
#include "service/cim/cim_exchange.h"
#include "service/tests/cim_fixture.h"
#include "wsman/request_rules.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;

class CimEnumeration : public CimFixture {};

TEST_F(CimEnumeration, AShortOneIsOneAnswerAndLeavesNothing) {
    played.begin = [](PlayedAnswer& a) {
        a.items(3);
        a.end();
    };
    const auto batch = enumerated(ask(enumerate_body(100)));
    EXPECT_EQ(batch.items.size(), 3u);
    EXPECT_TRUE(batch.end);
    EXPECT_TRUE(batch.context.empty());
    settle();
    EXPECT_TRUE(answer().destroyed);
    const auto& question = answer().question;
    EXPECT_EQ(question.user, "alice");
    EXPECT_EQ(question.unix_user, "alice");
    EXPECT_EQ(question.address, "10.1.2.3");
    EXPECT_NE(question.envelope.find("Win32_Service"), std::string::npos);
    EXPECT_TRUE(question.answer_id.starts_with("uuid:"));
    EXPECT_TRUE(wsman::read_message(question.envelope, wsman::wire_limits(100'000)).ok());
    EXPECT_TRUE(lines.all.empty()) << "reading is not written down";
}

TEST_F(CimEnumeration, ComesInBatches) {
    played.begin = [](PlayedAnswer& a) {
        a.items(25);
        a.end();
    };
    auto batch = enumerated(ask(enumerate_body(10)));
    EXPECT_EQ(batch.items.size(), 10u);
    ASSERT_FALSE(batch.context.empty());
    settle();
    EXPECT_TRUE(answer().destroyed) << "all of it is here";
    batch = pulled(ask(pull_body(batch.context, 10)));
    EXPECT_EQ(batch.items.size(), 10u);
    EXPECT_FALSE(batch.end);
    batch = pulled(ask(pull_body(batch.context, 10)));
    EXPECT_EQ(batch.items.size(), 5u);
    EXPECT_TRUE(batch.end);
    EXPECT_EQ(code_of(ask(pull_body(batch.context))), code::invalid_enumeration_context);
}

TEST_F(CimEnumeration, NoneAtAllIsAnEnd) {
    played.begin = [](PlayedAnswer& a) { a.end(); };
    const auto batch = enumerated(ask(enumerate_body(10)));
    EXPECT_TRUE(batch.items.empty());
    EXPECT_TRUE(batch.end);
}

TEST_F(CimEnumeration, ReadsAheadSoFarAndNoFurther) {
    const std::string item = "<i>" + std::string(10'000, 'x') + "</i>";
    played.begin = [&](PlayedAnswer& a) {
        a.items(1'000, item);
        a.end();
    };
    auto batch = enumerated(ask(enumerate_body(2)));
    settle();
    EXPECT_FALSE(answer().destroyed);
    EXPECT_LT(answer().taken, 85u) << "so much, and what was given";
    EXPECT_GT(answer().taken, 75u);
    const std::size_t most = CimExchange::most_held(answer().question.most);
    EXPECT_EQ(shells.operations().bytes("alice"), most) << "what is here, and an item that may come";
    std::size_t count = batch.items.size();
    while (!batch.end) {
        batch = pulled(ask(pull_body(batch.context, 1'000)));
        ASSERT_GT(batch.items.size() + batch.end, 0u);
        count += batch.items.size();
        EXPECT_LE(shells.operations().bytes("alice"), most);
    }
    EXPECT_EQ(count, 1'000u);
    EXPECT_EQ(shells.operations().bytes("alice"), 0u);
}

TEST_F(CimEnumeration, WithoutItemsInTimeThereIsAContext) {
    request.operation_timeout = Duration(50);
    const auto begun = enumerated(ask(enumerate_body(10)));
    EXPECT_TRUE(begun.items.empty());
    EXPECT_FALSE(begun.end);
    ASSERT_FALSE(begun.context.empty());
    EXPECT_EQ(code_of(ask(pull_body(begun.context))), code::operation_timed_out);
    answer().items(2);
    EXPECT_EQ(pulled(ask(pull_body(begun.context, 1))).items.size(), 1u) << "nothing is lost";
    EXPECT_EQ(pulled(ask(pull_body(begun.context, 5))).items.size(), 1u) << "what is there when time is over";
    answer().end();
    EXPECT_TRUE(pulled(ask(pull_body(begun.context))).end);
}

TEST_F(CimEnumeration, MaxTimeAndMaxCharactersHold) {
    const std::string item = "<i>" + std::string(400, 'x') + "</i>";
    played.begin = [&](PlayedAnswer& a) { a.items(5, item); };
    request.operation_timeout = Duration(60'000);
    const auto begun = enumerated(ask(enumerate_body({}, false)));
    wsman::Pull what{begun.context, 100};
    const auto pull = [&] { return wsman::write_pull(request, message_id(), services, what); };
    what.max_characters = 100;
    const auto large = fault_of(ask(pull()));
    EXPECT_EQ(large.code, code::response_too_large);
    what.max_characters = 1'000;
    what.max_time = std::chrono::hours(24 * 110'000);  // More than a clock's nanoseconds hold.
    EXPECT_EQ(pulled(ask(pull())).items.size(), 2u);
    what.max_characters.reset();
    what.max_time = Duration(20);
    EXPECT_EQ(pulled(ask(pull())).items.size(), 3u) << "what is there when MaxTime is over";
    EXPECT_EQ(code_of(ask(pull())), code::operation_timed_out);
    const auto with = [&](const std::string& from, const std::string& to) {
        what.max_characters = 7;
        auto body = pull();
        const auto at = body.find(from);
        EXPECT_NE(at, std::string::npos);
        return code_of(ask(body.replace(at, from.size(), to)));
    };
    EXPECT_EQ(with("MaxTime>PT0.020S<", "MaxTime>soon<"), code::schema_validation);
    EXPECT_EQ(with("MaxCharacters>7<", "MaxCharacters>0<"), code::schema_validation);
}

TEST_F(CimEnumeration, AFaultComesBehindWhatCameBeforeIt) {
    played.begin = [](PlayedAnswer& a) {
        a.items(2);
        a.say(cim::FromHost(cim::Failure{0x8033801A, "no such column", "WMI Provider", 0x80041017}));
    };
    const auto batch = enumerated(ask(enumerate_body(10)));
    EXPECT_EQ(batch.items.size(), 2u);
    EXPECT_FALSE(batch.end);
    const auto fault = fault_of(ask(pull_body(batch.context)));
    EXPECT_EQ(fault.code, 0x8033801Au);
    EXPECT_EQ(fault.subcode, "CannotProcessFilter");
    EXPECT_EQ(fault.message, "no such column");
    EXPECT_EQ(fault.provider, "WMI Provider");
    EXPECT_EQ(fault.provider_code, 0x80041017u);
    EXPECT_EQ(code_of(ask(pull_body(batch.context))), code::invalid_enumeration_context);
}

TEST_F(CimEnumeration, AFaultAtOnceIsTheAnswerAlsoWithoutItems) {
    played.begin = [](PlayedAnswer& a) {
        a.say(cim::FromHost(cim::Failure{0x80338000, "there is no class Win32_Serivce", {}, {}}));
    };
    EXPECT_EQ(code_of(ask(enumerate_body(10))), code::resource_not_found);
    EXPECT_EQ(code_of(ask(enumerate_body({}, false))), code::resource_not_found);
    played.refuses = wsman::make_fault(code::quota_system);
    EXPECT_EQ(code_of(ask(enumerate_body(10))), code::quota_system);
}

TEST_F(CimEnumeration, OneThatBreaksOffIsNoEnd) {
    played.begin = [](PlayedAnswer& a) {
        a.items(1);
        a.say(wsman::make_fault(code::internal_error, "it ended"));
    };
    const auto batch = enumerated(ask(enumerate_body(10)));
    EXPECT_FALSE(batch.end);
    EXPECT_EQ(code_of(ask(pull_body(batch.context))), code::internal_error);
    played.begin = [](PlayedAnswer& a) { a.items(1, "\xff\xfe"); };
    EXPECT_EQ(code_of(ask(enumerate_body(10))), code::internal_error) << "no text";
    played.begin = [](PlayedAnswer& a) { a.say(cim::FromHost(cim::Answer{"<s:Envelope/>"})); };
    EXPECT_EQ(code_of(ask(enumerate_body(10))), code::internal_error) << "another kind of answer";
}

TEST_F(CimEnumeration, AnItemThatDoesNotFitStaysForALargerEnvelope) {
    played.begin = [](PlayedAnswer& a) {
        a.items(1, "<i>" + std::string(20'000, 'x') + "</i>");
        a.end();
    };
    request.max_envelope_size = 8'192;
    EXPECT_EQ(code_of(ask(enumerate_body(10))), code::response_too_large);
    const auto begun = enumerated(ask(enumerate_body({}, false)));
    EXPECT_EQ(code_of(ask(pull_body(begun.context))), code::response_too_large);
    request.max_envelope_size = 153'600;
    EXPECT_TRUE(pulled(ask(pull_body(begun.context))).end);
}

TEST_F(CimEnumeration, ReleaseEndsTheWorkAndAPullThatWaits) {
    const auto begun_asking = begin_asking(enumerate_body({}, false));
    answer().items(1);
    const auto begun = enumerated(finish(begun_asking));
    (void)ask(pull_body(begun.context, 1));
    const auto waits = begin_asking(pull_body(begun.context));
    EXPECT_FALSE(waits->has_value());
    EXPECT_EQ(code_of(ask(pull_body(begun.context))), 0x80338032u) << "one Pull at a time";
    EXPECT_EQ(code_of(ask(wsman::write_release(request, message_id(), services, begun.context), "bob")),
              code::invalid_enumeration_context);
    EXPECT_EQ(ask(wsman::write_release(request, message_id(), services, begun.context)).status, 200);
    EXPECT_EQ(code_of(finish(waits)), code::invalid_enumeration_context);
    settle();
    EXPECT_TRUE(answer().stopped);
    EXPECT_TRUE(answer().destroyed);
    EXPECT_EQ(shells.operations().bytes("alice"), 0u);
}

TEST_F(CimEnumeration, WhoGoesAwayWhileItIsMadeLeavesNothing) {
    change([](state::Settings& s) { s.max_operations_per_user = 1; });
    const auto departure = std::make_shared<channel::Departure>();
    const auto waits = begin_asking(enumerate_body(10), "alice", departure);
    EXPECT_FALSE(waits->has_value());
    departure->happen();
    EXPECT_EQ(code_of(finish(waits)), code::aborted);
    settle();
    EXPECT_TRUE(answer().destroyed);
    played.begin = [](PlayedAnswer& a) { a.items(1); };
    const auto begun = enumerated(ask(enumerate_body(1)));  // The operation was given back.
    const auto later = std::make_shared<channel::Departure>();
    const auto pull = begin_asking(pull_body(begun.context), "alice", later);
    later->happen();
    EXPECT_EQ(code_of(finish(pull)), code::aborted);
    settle();
    EXPECT_TRUE(answer(1).destroyed);
    EXPECT_EQ(code_of(ask(pull_body(begun.context))), code::invalid_enumeration_context);
}

TEST_F(CimEnumeration, OpenOnesCountAndDieOfIdleness) {
    change([](state::Settings& s) { s.max_operations_per_user = 1; });
    played.begin = [](PlayedAnswer& a) { a.items(5); };
    const auto begun = enumerated(ask(enumerate_body(1)));
    EXPECT_EQ(code_of(ask(enumerate_body(1))), code::quota_operations);
    EXPECT_EQ(played.asked.size(), 1u) << "what is over a quota is not even asked";
    clock.advance(Duration(240'000));
    sweep();
    settle();
    EXPECT_TRUE(answer().destroyed);
    EXPECT_EQ(code_of(ask(pull_body(begun.context))), code::invalid_enumeration_context);
    (void)enumerated(ask(enumerate_body(1)));
    shells.end_of_deleted([](const rights::Sid&) { return true; });
    settle();
    EXPECT_TRUE(answer(1).destroyed) << "its account is no more";
}

TEST_F(CimEnumeration, WhatMayWaitIsBoundedBeforeItIsAsked) {
    played.begin = [](PlayedAnswer& a) { a.items(1); };
    std::size_t opened = 0;
    channel::Outgoing last;
    while (opened < 100) {
        last = ask(enumerate_body(1));
        if (last.status != 200) break;
        ++opened;
        answer(opened - 1).items(1);
    }
    EXPECT_EQ(opened, Operations::most_bytes / CimExchange::most_held(512'000));
    EXPECT_EQ(code_of(last), code::quota_user);
    EXPECT_EQ(played.asked.size(), opened);
}

// None of them is open yet.
TEST_F(CimEnumeration, ThoseThatBeginAtTheSameTimeAreBoundedToo) {
    std::vector<Pending> waiting;
    for (int i = 0; i < 100; ++i) waiting.push_back(begin_asking(enumerate_body(1)));
    const std::size_t most = Operations::most_bytes / CimExchange::most_held(512'000);
    EXPECT_EQ(played.asked.size(), most);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        ASSERT_EQ(waiting[i]->has_value(), i >= most) << i;
    }
    for (std::size_t i = most; i < waiting.size(); ++i) EXPECT_EQ(code_of(**waiting[i]), code::quota_user);
    for (const auto& one : played.asked) one->end();
    for (std::size_t i = 0; i < most; ++i) EXPECT_TRUE(enumerated(finish(waiting[i])).end);
    EXPECT_EQ(shells.operations().bytes("alice"), 0u);
}

TEST_F(CimEnumeration, AnItemMayBeAsLargeAsAnEnvelope) {
    played.begin = [](PlayedAnswer& a) { a.end(); };
    (void)enumerated(ask(enumerate_body(1)));
    EXPECT_EQ(answer().question.most, 512'000u);
    change([](state::Settings& s) { s.max_envelope_size_kb = 64; });
    auto in = incoming(enumerate_body(1), "alice", true);
    in.body = *wsman::to_wire(in.body, wsman::Charset::utf16);
    in.content_type = wsman::content_type_utf16;
    (void)finish(begin_asking(std::move(in)));
    EXPECT_EQ(answer(1).question.most, 98'304u) << "three bytes for what takes two";
    // Room is kept for it: as much as may come, and not what the operator allows to others.
    change([](state::Settings& s) { s.max_envelope_size_kb = 4'096; });
    (void)enumerated(ask(enumerate_body(1)));
    EXPECT_EQ(answer(2).question.most, 512'000u);
    request.max_envelope_size = 2'000'000;
    (void)enumerated(ask(enumerate_body(1)));
    EXPECT_EQ(answer(3).question.most, 2'000'000u);
    change([](state::Settings& s) { s.max_envelope_size_kb = 1'039'440; });
    request.max_envelope_size = 1'000'000'000;
    (void)enumerated(ask(enumerate_body(1)));
    EXPECT_EQ(answer(4).question.most, cim::item_limit);
}

// An envelope is filled, and never more than that. The items are longer than three quarters of it.
TEST_F(CimEnumeration, BatchesFillTheEnvelope) {
    constexpr std::size_t limit = 100'000;
    request.max_envelope_size = limit;
    const auto fill = [&](wsman::Charset charset, const std::string& character, std::size_t units) {
        // What is around an item is no more than this; less would be given away.
        const std::size_t room = limit / (charset == wsman::Charset::utf16 ? 2 : 1) - 3'000;
        std::string item = "<i>";
        for (std::size_t i = 0; i + 7 < room / units; ++i) item += character;
        item += "</i>";
        played.begin = [&](PlayedAnswer& a) {
            a.items(1, item);
            for (int i = 0; i < 2'000; ++i) a.items(1, "<small>of one hundred bytes</small>");
            a.end();
        };
        auto in = incoming(enumerate_body(32'000), "alice", true);
        in.body = *wsman::to_wire(in.body, charset);
        if (charset == wsman::Charset::utf16) in.content_type = wsman::content_type_utf16;
        const auto out = finish(begin_asking(std::move(in)));
        EXPECT_EQ(out.status, 200) << character << out.body.substr(0, 2'000);
        EXPECT_LE(out.body.size(), limit);
        EXPECT_GT(out.body.size(), limit - 6'000);
        return out;
    };
    fill(wsman::Charset::utf8, "x", 1);
    fill(wsman::Charset::utf8, "\xe6\xbc\xa2", 3);
    fill(wsman::Charset::utf16, "x", 1);
    fill(wsman::Charset::utf16, "\xe6\xbc\xa2", 1);
    fill(wsman::Charset::utf16, "\xf0\x9f\x98\x80", 2);
}

// Their places are memory too, and take nothing of the envelope.
TEST_F(CimEnumeration, BatchesOfSmallItemsFillTheEnvelope) {
    const std::string item = "<small>" + std::string(120, 'x') + "</small>";
    request.max_envelope_size = 512'000;
    const auto begun = begin_asking(enumerate_body(32'000));
    for (int i = 0; i < 10'000; ++i) {
        answer().items(1, item);
        if (i % 10 == 0) settle();  // They come one after the other, and not before they are asked for.
    }
    const auto out = finish(begun);
    EXPECT_LE(out.body.size(), 512'000u);
    EXPECT_GT(out.body.size(), 505'000u);
}

// The id is the client's, and comes back in the answer, longer than it was.
TEST_F(CimEnumeration, AnEnvelopeHasRoomForTheLongestId) {
    played.begin = [](PlayedAnswer& a) {
        for (int i = 0; i < 2'000; ++i) a.items(1, "<small>of one hundred bytes</small>");
        a.end();
    };
    request.max_envelope_size = 32'768;
    std::string body = enumerate_body(32'000);
    const auto at = body.find("MessageID>") + 10;
    std::string id;
    for (std::size_t i = 0; i < wsman::longest_message_id; ++i) id += "&gt;";
    body.replace(at, body.find('<', at) - at, id);
    const auto out = ask(body);
    EXPECT_LE(out.body.size(), 32'768u);
    EXPECT_GT(enumerated(out).items.size(), 500u);
}

TEST_F(CimEnumeration, ASlowStartEndsWithOperationTimeout) {
    change([](state::Settings& s) { s.max_operations_per_user = 1; });
    played.holds_starts = true;
    request.operation_timeout = Duration(40);
    for (const bool optimize : {true, false}) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_EQ(code_of(ask(enumerate_body(10, optimize))), code::operation_timed_out);
        EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
    }
    EXPECT_EQ(shells.operations().bytes("alice"), 0u) << "and its operation is given back";
    played.holds_starts = false;
    played.starts.notify();
    settle();
    EXPECT_TRUE(answer(0).destroyed) << "nobody waits for what began too late";
    EXPECT_TRUE(answer(1).destroyed);
    EXPECT_EQ(answer(0).taken + answer(1).taken, 0u);
}

TEST_F(CimEnumeration, WhoeverLeavesDuringASlowStartIsNotWaitedFor) {
    played.holds_starts = true;
    const auto departure = std::make_shared<channel::Departure>();
    const auto waits = begin_asking(enumerate_body(10), "alice", departure);
    EXPECT_FALSE(waits->has_value());
    departure->happen();
    EXPECT_EQ(code_of(finish(waits)), code::aborted);
}

}  // namespace
}  // namespace mullion::service::testing
