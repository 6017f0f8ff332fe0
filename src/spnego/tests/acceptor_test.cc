// What the accepting end takes, and what it refuses.
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

std::string list_of(std::initializer_list<std::string_view> oids) {
    return write_mechanism_list(std::vector<std::string_view>(oids));
}
SpnegoResponse with_token(std::string_view token) {
    SpnegoResponse response;
    response.state = SpnegoState::accept_incomplete;
    response.response_token = token;
    return response;
}
SpnegoResponse with_state(SpnegoState state) {
    SpnegoResponse response;
    response.state = state;
    return response;
}
// Takes whatever comes, and keeps it.
class Listener final : public auth::Acceptor {
public:
    explicit Listener(std::string& heard) : heard_(heard) {}
    bool may_block() const override { return false; }
    Result<auth::AcceptStep> step(std::string_view token) override {
        heard_ = token;
        return auth::AcceptStep{"reply", auth::Identity("alice", auth::Transport::kerberos, true, "unix")};
    }
    auth::Sealing* sealing() override { return nullptr; }
    std::string_view multipart_protocol() const override { return ""; }

private:
    std::string& heard_;
};

TEST(Acceptor, TakesRawTokensOfWhatItServesAndNoOthers) {
    using encoding::der_element;
    const auto raw = [](std::string_view oid) {
        return der_element(0x60, der_element(0x06, oid) + std::string("\1\0 not DER", 10));
    };
    for (const auto& [oid, taken] : {std::pair(first_oid, true), std::pair(second_oid, false)}) {
        std::string heard;
        std::vector<Served> served;
        served.push_back({first_oid, std::make_unique<Listener>(heard)});
        const auto server = make_acceptor(std::move(served));
        const auto answer = server->step(raw(oid));
        ASSERT_EQ(answer.ok(), taken);
        EXPECT_EQ(heard, taken ? raw(oid) : "");
        if (!taken) continue;
        EXPECT_EQ(answer->token, "reply");
        EXPECT_EQ(answer->identity->transport(), auth::Transport::kerberos);
    }
}

TEST(Acceptor, AsksForTheTokenThatTheFirstMessageLacks) {
    Handshake handshake({Fake{}}, {Fake{}});
    auto answer = handshake.server->step(write_spnego_init(list_of({first_oid}), {}));
    ASSERT_TRUE(answer.ok());
    const auto response = parse_spnego_response(answer->token);
    EXPECT_EQ(response->state, SpnegoState::accept_incomplete);
    EXPECT_EQ(response->mechanism, first_oid);
    EXPECT_TRUE(response->response_token.empty());
    answer = handshake.server->step(write_spnego_response(with_token(std::string(first_oid) + " 0")));
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(parse_spnego_response(answer->token)->response_token, std::string(first_oid) + " 1");
    EXPECT_TRUE(parse_spnego_response(answer->token)->mechanism.empty());
}

// 5 c III: the preferred mechanism needs no checksum.
TEST(Acceptor, TakesAClientWithoutChecksum) {
    Handshake handshake({Fake{}}, {Fake{}});
    ASSERT_TRUE(
        handshake.server->step(write_spnego_init(list_of({first_oid}), std::string(first_oid) + " 0")).ok());
    auto last = handshake.server->step(write_spnego_response(with_token(std::string(first_oid) + " 2")));
    ASSERT_TRUE(last.ok());
    EXPECT_TRUE(last->identity);
    EXPECT_FALSE(parse_spnego_response(last->token)->mic);
    EXPECT_EQ(parse_spnego_response(last->token)->state, SpnegoState::accept_completed);
}

// 5 c IV: after request-mic it does.
TEST(Acceptor, RefusesAClientWithoutTheChecksumThatItAskedFor) {
    for (const int tokens : {1, 2, 3}) {
        Handshake handshake({Fake{}}, {Fake{.tokens = tokens}});
        const std::string token(first_oid);
        ASSERT_TRUE(handshake.server->step(write_spnego_init(list_of({second_oid, first_oid}), "x")).ok());
        auto answer = handshake.server->step(write_spnego_response(with_token(token + " 0")));
        if (tokens == 2) {
            ASSERT_TRUE(answer.ok());
            EXPECT_FALSE(answer->identity);
            answer = handshake.server->step(write_spnego_response(with_state(SpnegoState::accept_completed)));
        }
        if (tokens == 3) answer = handshake.server->step(write_spnego_response(with_token(token + " 2")));
        ASSERT_FALSE(answer.ok()) << tokens;
        EXPECT_EQ(answer.error().id, ErrorId::auth_rejected);
        EXPECT_EQ(handshake.server->integrity(), nullptr);
    }
}

TEST(Acceptor, RefusesAWrongChecksum) {
    Handshake handshake({Fake{}}, {Fake{}});
    ASSERT_TRUE(
        handshake.server->step(write_spnego_init(list_of({first_oid}), std::string(first_oid) + " 0")).ok());
    const std::string token = std::string(first_oid) + " 2";
    auto response = with_token(token);
    response.mic = "wrong";
    auto last = handshake.server->step(write_spnego_response(response));
    ASSERT_FALSE(last.ok());
    EXPECT_EQ(last.error().id, ErrorId::auth_rejected);
    EXPECT_FALSE(handshake.server->step(write_spnego_response(with_token(token))).ok()) << "went on";
}

TEST(Acceptor, RefusesAChecksumBeforeTheMechanismIsDone) {
    Handshake handshake({Fake{.tokens = 5}}, {Fake{.tokens = 5}});
    const std::string list = list_of({first_oid});
    ASSERT_TRUE(handshake.server->step(write_spnego_init(list, std::string(first_oid) + " 0")).ok());
    const std::string token = std::string(first_oid) + " 2";
    const std::string mic = fake_mic(first_oid, true, list);
    auto response = with_token(token);
    response.mic = mic;
    EXPECT_FALSE(handshake.server->step(write_spnego_response(response)).ok());
}

// What a stranger offers goes into the log.
TEST(Acceptor, QuotesNoMoreThanALittleOfAList) {
    Handshake handshake({Fake{}}, {Fake{}});
    const std::string oid(40'000, '\1');
    const std::string_view oids[] = {oid};
    const auto step = handshake.server->step(write_spnego_init(write_mechanism_list(oids), "x"));
    ASSERT_FALSE(step.ok());
    EXPECT_NE(step.error().detail.find("0.1.1"), std::string::npos) << step.error().detail;
    EXPECT_LT(step.error().detail.size(), 300U);
}

TEST(Acceptor, RefusesRawNtlmThatItDoesNotServe) {
    Handshake handshake({Fake{}}, {Fake{}});
    EXPECT_FALSE(handshake.server->step(std::string("NTLMSSP\0\1\0\0\0", 12)).ok());
}

TEST(Acceptor, TakesRawNtlm) {
    std::vector<Served> served;
    served.push_back({ntlm_oid, testing::fake_acceptor(Fake{.oid = std::string_view("NTLMSSP\0", 8)})});
    const auto acceptor = make_acceptor(std::move(served));
    auto step = acceptor->step(std::string("NTLMSSP\0 0", 10));
    ASSERT_TRUE(step.ok()) << step.error().message();
    EXPECT_EQ(step->token, std::string("NTLMSSP\0 1", 10));
    step = acceptor->step(std::string("NTLMSSP\0 2", 10));
    ASSERT_TRUE(step.ok());
    ASSERT_TRUE(step->identity);
    EXPECT_EQ(step->identity->transport(), auth::Transport::ntlm);
    EXPECT_NE(acceptor->integrity(), nullptr);
}

TEST(Acceptor, RefusesWhatIsNoToken) {
    for (const std::string& token :
         {std::string(), std::string("x"), std::string(max_token + 1, 'x'), std::string("NTLMSSP"),
          write_spnego_response(with_state(SpnegoState::accept_completed)),
          encoding::der_element(0x60, "\x06\x01\x2a")}) {
        Handshake handshake({Fake{}}, {Fake{}});
        auto step = handshake.server->step(token);
        ASSERT_FALSE(step.ok());
        EXPECT_EQ(step.error().id, ErrorId::auth_protocol);
    }
}

TEST(Acceptor, RefusesAnEndlessHandshake) {
    Handshake handshake({Fake{.tokens = 100}}, {Fake{.tokens = 100}});
    handshake.run();
    ASSERT_TRUE(handshake.error);
    EXPECT_EQ(handshake.error->id, ErrorId::auth_protocol);
    EXPECT_LE(handshake.tokens.size(), 2u * max_steps);
}

}  // namespace
}  // namespace mullion::spnego
