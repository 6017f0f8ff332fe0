#include <gtest/gtest.h>

#include "encoding/der.h"
#include "spnego/messages.h"
#include "spnego/tests/fakes.h"

namespace mullion::spnego {
namespace {

using testing::Fake;
using testing::fake_mic;
using testing::first_oid;
using testing::Handshake;
using testing::second_oid;
using testing::third_oid;

std::string list_of(std::initializer_list<std::string_view> oids) {
    return write_mechanism_list(std::vector<std::string_view>(oids));
}
SpnegoResponse with_token(std::string_view token) {
    SpnegoResponse response;
    response.state = SpnegoState::accept_incomplete;
    response.response_token = token;
    return response;
}

struct Count {
    int tokens;
    std::size_t messages;  // That SPNEGO makes of them.
};
class EveryLength : public ::testing::TestWithParam<Count> {};
INSTANTIATE_TEST_SUITE_P(Tokens, EveryLength,
                         ::testing::Values(Count{1, 2}, Count{2, 2}, Count{3, 4}, Count{4, 4}, Count{5, 6}),
                         [](const auto& parameter) { return std::to_string(parameter.param.tokens); });

TEST_P(EveryLength, CarriesAMechanism) {
    const Fake fake{.tokens = GetParam().tokens};
    Handshake handshake({fake}, {fake});
    EXPECT_EQ(handshake.client->http_scheme(), "Negotiate");
    EXPECT_EQ(handshake.client->integrity(), nullptr);
    handshake.run();
    ASSERT_TRUE(handshake.done()) << handshake.error->message();
    EXPECT_EQ(handshake.tokens.size(), GetParam().messages);
    EXPECT_EQ(handshake.identity->user(), "alice");
    EXPECT_EQ(handshake.identity->unix_user(), "unix");
    EXPECT_TRUE(handshake.identity->administrator());
    EXPECT_EQ(handshake.identity->transport(), auth::Transport::negotiate);
    EXPECT_NE(handshake.client->integrity(), nullptr);
    EXPECT_NE(handshake.server->integrity(), nullptr);
}

TEST_P(EveryLength, TakesAnotherMechanismThanThePreferred) {
    const Fake wanted{.oid = first_oid};
    const Fake chosen{.oid = second_oid, .tokens = GetParam().tokens};
    Handshake handshake({wanted, chosen}, {chosen, Fake{.oid = third_oid}});
    handshake.run();
    ASSERT_TRUE(handshake.done()) << handshake.error->message();
    const auto first = parse_spnego_response(handshake.tokens.at(1));
    EXPECT_EQ(first->state, SpnegoState::request_mic);
    EXPECT_EQ(first->mechanism, second_oid);
    int checksums = 0;
    for (const std::string& token : handshake.tokens) {
        const auto response = parse_spnego_response(token);
        if (response && response->mic) ++checksums;
    }
    EXPECT_EQ(checksums, 2);
}

TEST_P(EveryLength, CarriesAMechanismWithoutChecksums) {
    const Fake fake{.tokens = GetParam().tokens, .protects = false};
    Handshake handshake({fake}, {fake});
    handshake.run();
    EXPECT_TRUE(handshake.done()) << handshake.error->message();
}

TEST_P(EveryLength, RefusesWhatCannotProtectTheChoice) {
    const Fake chosen{.oid = second_oid, .tokens = GetParam().tokens, .protects = false};
    Handshake handshake({Fake{.oid = first_oid}, chosen}, {chosen});
    handshake.run();
    EXPECT_FALSE(handshake.identity);
    ASSERT_TRUE(handshake.error);
}

// Of a mechanism with an odd number of tokens the client makes the checksum first, and the service answers
// with its own.
TEST(Negotiation, ProtectsTheListWheneverItCan) {
    const Fake fake;
    Handshake handshake({fake, Fake{.oid = second_oid}}, {Fake{.oid = second_oid}, fake});
    handshake.run();
    ASSERT_TRUE(handshake.done());
    const std::string list = list_of({first_oid, second_oid});
    EXPECT_EQ(parse_spnego_init(handshake.tokens.at(0))->mechanism_list, list);
    EXPECT_EQ(parse_spnego_response(handshake.tokens.at(1))->mechanism, first_oid);
    EXPECT_EQ(parse_spnego_response(handshake.tokens.at(2))->mic, fake_mic(first_oid, true, list));
    EXPECT_EQ(parse_spnego_response(handshake.tokens.at(3))->mic, fake_mic(first_oid, false, list));
    EXPECT_EQ(parse_spnego_response(handshake.tokens.at(3))->state, SpnegoState::accept_completed);
}

// Who is in between takes the first mechanism, and its token, out of the first message.
class Downgraded final : public Handshake {
public:
    using Handshake::Handshake;
    bool strip = false;  // The checksums too.
    std::string on_the_way(std::string token) override {
        if (parse_spnego_init(token)) return write_spnego_init(list_of({second_oid}), {});
        auto response = parse_spnego_response(token);
        if (!response || !strip) return token;
        response->mic.reset();
        if (response->state == SpnegoState::request_mic) response->state = SpnegoState::accept_incomplete;
        return write_spnego_response(*response);
    }
};

TEST(Negotiation, NoticesAChangedList) {
    for (const int tokens : {1, 2, 3, 4}) {
        for (const bool strip : {false, true}) {
            const Fake better{.oid = first_oid};
            const Fake worse{.oid = second_oid, .tokens = tokens};
            Downgraded handshake({better, worse}, {better, worse});
            handshake.strip = strip;
            handshake.run();
            EXPECT_FALSE(handshake.done()) << tokens;
            ASSERT_TRUE(handshake.error) << tokens;
            EXPECT_NE(handshake.error->detail.find("checksum"), std::string::npos) << handshake.error->detail;
        }
    }
}

TEST(Negotiation, SaysThatNothingIsInCommon) {
    Handshake handshake({Fake{.oid = first_oid}, Fake{.oid = third_oid}}, {Fake{.oid = second_oid}});
    handshake.run();
    ASSERT_TRUE(handshake.error);
    EXPECT_EQ(handshake.error->id, ErrorId::auth_protocol);
    EXPECT_NE(handshake.error->detail.find("1.2.3.1, 1.2.3.3"), std::string::npos) << handshake.error->detail;
}

TEST(Negotiation, BlocksAsItsMechanismDoes) {
    for (const bool blocks : {false, true}) {
        const Fake fake{.may_block = blocks};
        Handshake handshake({fake}, {fake});
        EXPECT_EQ(handshake.client->may_block(), blocks);
        EXPECT_EQ(handshake.server->may_block(), blocks);
    }
}

TEST(Negotiation, KeepsTheMechanismsOwnErrors) {
    Handshake handshake({Fake{}}, {Fake{.refuses = true}});
    handshake.run();
    ASSERT_TRUE(handshake.error);
    EXPECT_EQ(handshake.error->id, ErrorId::auth_rejected);
    EXPECT_EQ(handshake.error->detail, "fake: go away");
}

// --- what a service may be sent ---

TEST(Negotiation, TellsTheClientTheMechanismsLastWord) {
    const Fake fake{.refuses = true};
    Handshake handshake({fake}, {fake});
    handshake.run();
    ASSERT_TRUE(handshake.error);
    EXPECT_EQ(handshake.error->detail, "fake: go away");
    const auto told = handshake.client->step(handshake.server->last_word());
    ASSERT_FALSE(told.ok());
    EXPECT_EQ(told.error().detail, "fake: because");
}

TEST(Negotiation, SaysHowItWent) {
    const Fake wanted{.oid = first_oid};
    const Fake chosen{.oid = second_oid};
    Handshake handshake({wanted, chosen}, {chosen});
    handshake.run();
    ASSERT_TRUE(handshake.done());
    EXPECT_EQ(handshake.client->how(), "fake; fake: the host chose otherwise");
    std::vector<Offer> offers;
    offers.push_back({first_oid, testing::fake_initiator(wanted)});
    EXPECT_EQ(make_initiator(std::move(offers), "other: not here")->how(), "fake; other: not here");
}

// What it would have logged on with, a hash of the password, goes with it.
TEST(Initiator, LetsGoOfWhatWasNotChosen) {
    for (const std::size_t chosen : {0u, 1u}) {
        const std::shared_ptr<int> held[] = {std::make_shared<int>(), std::make_shared<int>()};
        const std::string_view oids[] = {first_oid, second_oid};
        Handshake handshake(
            {Fake{.oid = first_oid, .held = held[0]}, Fake{.oid = second_oid, .held = held[1]}},
            {Fake{.oid = oids[chosen]}});
        handshake.run();
        ASSERT_TRUE(handshake.done());
        EXPECT_GT(held[chosen].use_count(), 1) << chosen;
        EXPECT_EQ(held[1 - chosen].use_count(), 1) << chosen;
    }
}

TEST(Initiator, TakesTheOtherNameOfAMechanism) {
    const Fake fake{.oid = first_oid, .tokens = 2};
    std::vector<Offer> offers;
    offers.push_back({first_oid, testing::fake_initiator(fake), third_oid});
    const auto client = make_initiator(std::move(offers));
    ASSERT_TRUE(client->step("").ok());
    const std::string token = std::string(first_oid) + " 1";
    SpnegoResponse answer = with_token(token);
    answer.state = SpnegoState::accept_completed;
    answer.mechanism = third_oid;
    const auto step = client->step(write_spnego_response(answer));
    ASSERT_TRUE(step.ok()) << step.error().message();
    EXPECT_TRUE(step->complete);
}

// --- what a client may be sent ---

struct Lie {
    const char* title;
    SpnegoResponse answer;
    const char* error;
};
SpnegoResponse answered(std::optional<SpnegoState> state, std::string_view mechanism, std::string_view token,
                        std::optional<std::string_view> mic = std::nullopt) {
    return {state, mechanism, token, mic};
}

TEST(Initiator, RefusesEveryWrongFirstAnswer) {
    const std::string right = std::string(first_oid) + " 1";
    const Lie lies[] = {
        {"reject", answered(SpnegoState::reject, {}, {}), "rejected"},
        {"a stranger", answered(SpnegoState::accept_incomplete, third_oid, {}), "1.2.3.3, which was not"},
        {"no token", answered(SpnegoState::accept_incomplete, first_oid, {}), "no token"},
        {"an early end", answered(SpnegoState::accept_completed, first_oid, right), "before the mechanism"},
        {"an end at once", answered(SpnegoState::accept_completed, first_oid, {}), "no token"},
        {"an early checksum", answered(SpnegoState::accept_incomplete, first_oid, right, "m"), "checksum"},
        {"a token of another", answered(SpnegoState::accept_incomplete, second_oid, right), "did not get"},
        {"a wrong token", answered(SpnegoState::accept_incomplete, first_oid, "x"), "fake"},
        {"nothing", answered({}, {}, {}), "no token"},
    };
    for (const Lie& lie : lies) {
        // A mechanism of four tokens does not end with its second message.
        Handshake handshake({Fake{.tokens = 5}, Fake{.oid = second_oid}}, {Fake{}});
        ASSERT_TRUE(handshake.client->step({}).ok());
        auto step = handshake.client->step(write_spnego_response(lie.answer));
        ASSERT_FALSE(step.ok()) << lie.title;
        EXPECT_NE(step.error().detail.find(lie.error), std::string::npos) << lie.title << step.error().detail;
        EXPECT_EQ(handshake.client->integrity(), nullptr);
    }
}

TEST(Initiator, RefusesEveryWrongLastAnswer) {
    const std::string mic = fake_mic(first_oid, false, list_of({first_oid}));
    const Lie lies[] = {
        {"reject", answered(SpnegoState::reject, {}, {}), "rejected"},
        {"no checksum", answered(SpnegoState::accept_completed, {}, {}), "without a checksum"},
        {"a wrong one", answered(SpnegoState::accept_completed, {}, {}, "wrong"), "wrong"},
        {"an empty one", answered(SpnegoState::accept_completed, {}, {}, ""), "wrong"},
        {"a token", answered(SpnegoState::accept_completed, {}, "more", mic), "goes on"},
        {"another mechanism", answered(SpnegoState::accept_completed, second_oid, {}, mic), "changed"},
        {"no end", answered(SpnegoState::accept_incomplete, {}, {}), "waits"},
    };
    for (const Lie& lie : lies) {
        Handshake handshake({Fake{}}, {Fake{}});
        const std::string first = handshake.server->step(handshake.client->step({})->token)->token;
        auto step = handshake.client->step(first);
        ASSERT_TRUE(step.ok());
        EXPECT_FALSE(step->complete);
        step = handshake.client->step(write_spnego_response(lie.answer));
        ASSERT_FALSE(step.ok()) << lie.title;
        EXPECT_NE(step.error().detail.find(lie.error), std::string::npos) << lie.title << step.error().detail;
        EXPECT_EQ(handshake.client->integrity(), nullptr);
    }
}

// Java's hosts leave state and name out of the first answer.
TEST(Initiator, TakesAFirstAnswerThatIsATokenOnly) {
    Handshake handshake({Fake{.tokens = 2}}, {Fake{}});
    ASSERT_TRUE(handshake.client->step({}).ok());
    auto step =
        handshake.client->step(write_spnego_response(answered({}, {}, std::string(first_oid) + " 1")));
    ASSERT_TRUE(step.ok()) << step.error().message();
}

TEST(Initiator, AnswersAChecksumWithItsOwn) {
    Handshake handshake({Fake{.tokens = 2}}, {Fake{}});
    ASSERT_TRUE(handshake.client->step({}).ok());
    const std::string list = list_of({first_oid});
    auto step = handshake.client->step(
        write_spnego_response(answered(SpnegoState::request_mic, first_oid, std::string(first_oid) + " 1",
                                       fake_mic(first_oid, false, list))));
    ASSERT_TRUE(step.ok()) << step.error().message();
    EXPECT_TRUE(step->complete);
    EXPECT_EQ(parse_spnego_response(step->token)->mic, fake_mic(first_oid, true, list));
    EXPECT_EQ(parse_spnego_response(step->token)->state, SpnegoState::accept_completed);
}

TEST(Initiator, WantsTheChecksumThatTheHostAskedFor) {
    Handshake handshake({Fake{.tokens = 2, .protects = false}}, {Fake{}});
    ASSERT_TRUE(handshake.client->step({}).ok());
    auto step = handshake.client->step(
        write_spnego_response(answered(SpnegoState::request_mic, first_oid, std::string(first_oid) + " 1")));
    ASSERT_FALSE(step.ok());
    EXPECT_NE(step.error().detail.find("cannot protect"), std::string::npos);
}

// Some hosts speak first, and say which mechanisms they have.
TEST(Initiator, IgnoresAHostsHints) {
    using encoding::der_element;
    const std::string hints = der_element(
        0xa3,
        der_element(0x30, der_element(0xa0, der_element(0x1b, "not_defined_in_RFC4178@please_ignore"))));
    const std::string fields = der_element(0xa0, list_of({third_oid})) + hints;
    const std::string token = der_element(
        0x60, der_element(0x06, "\x2b\x06\x01\x05\x05\x02") + der_element(0xa0, der_element(0x30, fields)));
    ASSERT_TRUE(parse_spnego_init(token));
    Handshake hinted({Fake{}}, {Fake{}});
    Handshake plain({Fake{}}, {Fake{}});
    EXPECT_EQ(hinted.client->step(token)->token, plain.client->step({})->token);
    Handshake late({Fake{}}, {Fake{}});
    ASSERT_TRUE(late.client->step({}).ok());
    auto step = late.client->step(token);
    ASSERT_FALSE(step.ok());
    EXPECT_NE(step.error().detail.find("of its own"), std::string::npos) << step.error().detail;
    Handshake garbage({Fake{}}, {Fake{}});
    EXPECT_FALSE(garbage.client->step("x").ok());
}

// --- both ---

TEST_P(EveryLength, RefusesEveryCut) {
    const Fake fake{.oid = second_oid, .tokens = GetParam().tokens};
    const std::vector<Fake> offered{Fake{.oid = first_oid}, fake};
    Handshake whole(offered, {fake});
    whole.run();
    for (std::size_t cut_at = 0; cut_at < whole.tokens.size(); ++cut_at) {
        for (std::size_t length = 0; length < whole.tokens[cut_at].size(); ++length) {
            Handshake handshake(offered, {fake});
            bool refused = false;
            bool complete = false;
            for (std::size_t i = 0; i <= cut_at && !refused; ++i) {
                const std::string given = i == cut_at ? whole.tokens[i].substr(0, length) : whole.tokens[i];
                if (i % 2 == 0) {
                    auto said = handshake.client->step(i == 0 ? std::string() : whole.tokens[i - 1]);
                    ASSERT_TRUE(said.ok());
                    EXPECT_EQ(said->token, whole.tokens[i]);
                    complete = said->complete;
                    auto step = handshake.server->step(given);
                    refused = !step.ok();
                } else if (i == cut_at) {  // After the client's last word nobody reads on.
                    refused = complete || !handshake.client->step(given).ok();
                }
            }
            EXPECT_TRUE(refused) << cut_at << " " << length;
        }
    }
}

TEST(OidText, NamesOids) {
    EXPECT_EQ(oid_text(ntlm_oid), "1.3.6.1.4.1.311.2.2.10");
    EXPECT_EQ(oid_text("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"), "1.2.840.113554.1.2.2");
    EXPECT_EQ(oid_text("\x88\x37"), "2.999");
    EXPECT_EQ(oid_text(""), "");
    EXPECT_EQ(oid_text("\x2a\x86"), "2a86");
    EXPECT_EQ(oid_text(std::string(12, '\xff')), std::string(24, 'f'));
}

}  // namespace
}  // namespace mullion::spnego
