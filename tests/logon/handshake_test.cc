#include <atomic>
#include <thread>

#include "logon/both_ends.h"
#include "ntlm/messages.h"

namespace mullion::logon {
namespace {

using namespace ntlm;

using auth::CbtHardening;
using auth::Transport;

class Everybody : public Pairs {};
INSTANTIATE_TEST_SUITE_P(Ends, Everybody, ::testing::ValuesIn(all_ends()), name_of);
class OurService : public Pairs {};
INSTANTIATE_TEST_SUITE_P(Ends, OurService, ::testing::ValuesIn(ends_with_our_service()), name_of);
class OurClient : public Pairs {};
INSTANTIATE_TEST_SUITE_P(Ends, OurClient, ::testing::ValuesIn(ends_with_our_client()), name_of);

TEST_P(Everybody, ProvesWhoSpeaks) {
    Handshake handshake(scene());
    EXPECT_EQ(handshake.client->http_scheme(), "Negotiate");
    EXPECT_EQ(handshake.client->sealing(), nullptr);
    EXPECT_EQ(handshake.server->sealing(), nullptr);
    handshake.run();
    ASSERT_TRUE(handshake.done()) << handshake.error->message();
    EXPECT_EQ(handshake.identity->user(), "Alice");
    EXPECT_EQ(handshake.identity->unix_user(), "alice");
    EXPECT_TRUE(handshake.identity->administrator());
    EXPECT_EQ(handshake.identity->transport(), GetParam().transport);
    EXPECT_NE(handshake.client->sealing(), nullptr);
    EXPECT_NE(handshake.server->sealing(), nullptr);
}

TEST_P(Everybody, TakesEveryFormOfAUser) {
    for (const char* user :
         {"alice", "ALICE", "LAB\\Alice", ".\\alice", "alice@lab.example", "bogus\\alice"}) {
        Scene one = scene();
        one.user = user;
        // The library's file would need a row of that very name.
        if (one.ends.service == Made::library && one.user.find('@') != std::string::npos) continue;
        Handshake handshake(one);
        handshake.run();
        ASSERT_TRUE(handshake.done()) << user << ": " << handshake.error->message();
        EXPECT_EQ(handshake.identity->user(), "Alice") << user;
    }
}

TEST_P(Everybody, TakesForeignNamesAndOddPasswords) {
    const std::pair<const char*, const char*> people[] = {{kForeignUser, kForeignPassword},
                                                          {"GÜNTER", kForeignPassword},
                                                          {"LAB\\günter", kForeignPassword},
                                                          {"bob", kOddPassword}};
    for (const auto& [user, password] : people) {
        Scene one = scene();
        one.user = user;
        one.password = password;
        Handshake handshake(one);
        handshake.run();
        ASSERT_TRUE(handshake.done()) << user << ": " << handshake.error->message();
    }
}

TEST_P(OurService, RefusesWrongPasswordsAndUnknownUsersAlike) {
    const std::pair<const char*, const char*> people[] = {
        {"alice", "wrong"},           {"alice", "sesame-1"}, {"nobody", kPassword}, {"bob", kPassword},
        {"Gunter", kForeignPassword}, {"#alice", kPassword}, {"al:ice", kPassword}};
    for (const auto& [user, password] : people) {
        Scene one = scene();
        one.user = user;
        one.password = password;
        Handshake handshake(one);
        handshake.run();
        EXPECT_FALSE(handshake.identity) << user;
        ASSERT_TRUE(handshake.error) << user;
        EXPECT_EQ(handshake.error->id, ErrorId::auth_rejected) << handshake.error->message();
        EXPECT_EQ(handshake.server->sealing(), nullptr);
    }
}

TEST_P(OurService, SaysWhenTheAccountsCannotBeRead) {
    Handshake handshake(scene());
    handshake.accounts.broken = true;
    handshake.run();
    ASSERT_TRUE(handshake.error);
    EXPECT_EQ(handshake.error->id, ErrorId::state_database);
}

TEST_P(OurService, EndsForGoodAfterAFailure) {
    Scene one = scene();
    one.password = "wrong";
    Handshake handshake(one);
    handshake.run();
    ASSERT_TRUE(handshake.error);
    Handshake good(scene());
    good.run();
    for (const std::string& token : good.from_client) {
        if (token.empty()) continue;
        auto step = handshake.server->step(token);
        ASSERT_FALSE(step.ok());
        EXPECT_EQ(step.error().id, ErrorId::auth_protocol);
    }
}

TEST_P(Everybody, TheChallengeHasATimestampSoThatClientsSendAMic) {
    Handshake handshake(scene());
    handshake.run();
    const std::string message = ntlm_inside(handshake.from_server.at(0));
    const auto challenge = parse_ntlm_challenge(message);
    ASSERT_TRUE(challenge);
    EXPECT_TRUE(challenge->target_info.timestamp);
}

TEST_P(OurService, RefusesAChangedMic) {
    Handshake good(scene());
    const std::string second = good.authenticate();
    const std::string message = ntlm_inside(second);
    const auto parsed = parse_ntlm_authenticate(message);
    ASSERT_TRUE(parsed);
    ASSERT_TRUE(parsed->mic_at) << "no MIC in the AUTHENTICATE message";
    std::string changed = second;
    changed[changed.find(message) + *parsed->mic_at] ^= 1;
    auto answer = good.server->step(changed);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_rejected) << answer.error().message();
}

// Without target information there is no timestamp, so no MIC, and no place for a channel binding: it goes
// to those too that seem not to want it.
TEST_P(OurService, SendsTargetInformationUnasked) {
    constexpr std::uint32_t unasked = kNtlmRequestTarget | kNtlmTargetInfo;
    Handshake handshake(scene());
    std::string changed = handshake.negotiate();
    const std::size_t flags = changed.find("NTLMSSP") + 12;
    changed[flags] = static_cast<char>(changed[flags] & ~unasked);
    changed[flags + 2] = static_cast<char>(changed[flags + 2] & ~(unasked >> 16));
    auto challenge = handshake.server->step(changed);
    ASSERT_TRUE(challenge.ok());
    const std::string message = ntlm_inside(challenge->token);
    EXPECT_TRUE(parse_ntlm_challenge(message)->target_info.timestamp);
    auto second = handshake.client->step(challenge->token);
    ASSERT_TRUE(second.ok());
    EXPECT_FALSE(handshake.server->step(second->token).ok());
}

TEST_P(OurService, RefusesAChallengeWithoutTimestamp) {
    Handshake handshake(scene());
    auto challenge = handshake.server->step(handshake.client->step("")->token);
    ASSERT_TRUE(challenge.ok());
    const std::size_t pair = challenge->token.find(std::string("\x07\x00\x08\x00", 4));
    ASSERT_NE(pair, std::string::npos);
    std::string changed = challenge->token;
    changed[pair] = 0x30;  // A pair that nobody reads.
    auto second = handshake.client->step(changed);
    ASSERT_TRUE(second.ok()) << second.error().message();
    EXPECT_EQ(parse_ntlm_authenticate(ntlm_inside(second->token))->mic_at.has_value(),
              GetParam().client == Made::ours);
    auto answer = handshake.server->step(second->token);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::auth_rejected);
}

TEST_P(OurClient, RefusesAChallengeWithoutTargetInformation) {
    Handshake handshake(scene());
    std::string changed = handshake.server->step(handshake.client->step("")->token)->token;
    const std::size_t field = changed.find("NTLMSSP") + 40;
    changed.replace(field, 4, 4, '\0');
    auto second = handshake.client->step(changed);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().id, ErrorId::auth_protocol);
}

TEST_P(OurClient, RefusesAChallengeThatDoesNotSeal) {
    Handshake handshake(scene());
    std::string changed = handshake.server->step(handshake.client->step("")->token)->token;
    const std::size_t flags = changed.find("NTLMSSP") + 20;
    changed[flags] = static_cast<char>(changed[flags] & ~(kNtlmSign | kNtlmSeal));
    auto second = handshake.client->step(changed);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().id, ErrorId::auth_protocol);
}

// A man in the middle who takes sealing out of the first message is caught by the MIC.
TEST_P(Everybody, RefusesChangedFlagsOfTheFirstMessage) {
    Handshake handshake(scene());
    auto first = handshake.client->step("");
    std::string changed = first->token;
    const std::size_t flags = changed.find("NTLMSSP") + 12;
    changed[flags] = static_cast<char>(changed[flags] & ~kNtlmSeal);
    auto challenge = handshake.server->step(changed);
    ASSERT_TRUE(challenge.ok());
    auto second = handshake.client->step(challenge->token);
    if (!second.ok()) return;  // The client noticed first.
    auto answer = handshake.server->step(second->token);
    EXPECT_FALSE(answer.ok());
}

TEST_P(Everybody, ChecksChannelBindingsAsTheHardeningSays) {
    const std::string right = "tls-server-end-point:" + std::string(32, 'a');
    const std::string wrong = "tls-server-end-point:" + std::string(32, 'b');
    struct Case {
        CbtHardening hardening;
        std::string client;
        std::string server;
        bool accepted;
    };
    const Case cases[] = {
        {CbtHardening::none, right, right, true},
        {CbtHardening::none, wrong, right, true},
        {CbtHardening::none, "", right, true},
        {CbtHardening::relaxed, right, right, true},
        {CbtHardening::relaxed, wrong, right, false},
        {CbtHardening::relaxed, "", right, true},
        {CbtHardening::strict, right, right, true},
        {CbtHardening::strict, wrong, right, false},
        {CbtHardening::strict, "", right, false},
        // Over HTTP the service has no binding, and ignores the client's at every level.
        {CbtHardening::none, wrong, "", true},
        {CbtHardening::relaxed, wrong, "", true},
        {CbtHardening::strict, wrong, "", true},
        {CbtHardening::strict, "", "", true},
    };
    for (const Case& c : cases) {
        Scene one = scene();
        one.client_binding = c.client;
        one.server_binding = c.server;
        one.hardening = c.hardening;
        Handshake handshake(one);
        handshake.run();
        const int row = static_cast<int>(&c - cases);
        EXPECT_EQ(handshake.identity.has_value(), c.accepted) << "row " << row;
        if (!c.accepted) {
            ASSERT_TRUE(handshake.error) << row;
            EXPECT_EQ(handshake.error->id, ErrorId::auth_rejected) << row;
        }
    }
}

TEST_P(Everybody, HandshakesOnTwoThreads) {
    std::atomic<int> accepted{0};
    std::atomic<int> refused{0};
    const auto work = [&](const char* password) {
        for (int round = 0; round < 100; ++round) {
            Scene one = scene();
            one.password = password;
            Handshake handshake(one);
            handshake.run();
            ++(handshake.identity ? accepted : refused);
        }
    };
    std::thread good(work, kPassword);
    std::thread bad(work, "wrong");
    good.join();
    bad.join();
    EXPECT_EQ(accepted, 100);
    EXPECT_EQ(refused, 100);
}

}  // namespace
}  // namespace mullion::logon
