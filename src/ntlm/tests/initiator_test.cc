#include "ntlm/initiator.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ntlm/computer_name.h"
#include "ntlm/keys.h"
#include "ntlm/messages_write.h"
#include "ntlm/tests/published.h"

namespace mullion::ntlm {
namespace {

constexpr std::uint32_t kServes = kNtlmUnicode | kNtlmSign | kNtlmSeal | kNtlmExtendedSessionSecurity |
                                  kNtlmTargetInfo | kNtlm128 | kNtlmKeyExchange;
constexpr std::uint64_t kTime = 0x01d9000000000000;

struct HostPairs {
    bool timestamp = true;
    std::string flags;
};

std::string host_pairs(const HostPairs& wanted = {}) {
    std::string pairs;
    append_pair(pairs, AvId::netbios_domain, utf16("LAB"));
    if (!wanted.flags.empty()) append_pair(pairs, AvId::flags, wanted.flags);
    append_pair(pairs, AvId::target_name, utf16("HTTP/other"));
    append_pair(pairs, AvId::channel_bindings, std::string(16, 'b'));
    if (wanted.timestamp) append_pair(pairs, AvId::timestamp, le64(kTime));
    append_pair(pairs, AvId::end, {});
    return pairs;
}

std::string challenge_of(std::uint32_t flags, const std::string& pairs) {
    return write_challenge({flags, published::server_challenge, "LAB", pairs});
}

class Started {
public:
    explicit Started(std::string user = "LAB\\alice", std::string binding = {}) {
        auto made = make_initiator({std::move(user), Secret("Sesame-1")},
                                   {"web01", "OPS", {std::move(binding)}, clock_, random_});
        EXPECT_TRUE(made.ok());
        initiator_ = std::move(*made);
        negotiate = initiator_->step({})->token;
    }
    Result<auth::Step> answer(const std::string& challenge) { return initiator_->step(challenge); }
    auth::Initiator& initiator() { return *initiator_; }

    std::string negotiate;

private:
    ManualClock clock_;
    CountingRandom random_;
    std::unique_ptr<auth::Initiator> initiator_;
};

// What a service would do with the answer: the proof, the session key and the MIC.
void expect_proven(const Started& client, const std::string& challenge, const std::string& answer,
                   const Secret& key) {
    const auto message = parse_ntlm_authenticate(answer);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->proof(), proof(key, published::server_challenge, message->blob()));
    const Secret base = session_base_key(key, message->proof());
    const bool exchanged = (parse_ntlm_challenge(challenge)->flags & kNtlmKeyExchange) != 0;
    ASSERT_EQ(message->session_key.size(), exchanged ? 16U : 0U);
    const Secret session = exchanged ? Secret(exchange_key(base, message->session_key)) : base.clone();
    ASSERT_EQ(message->mic_at, kMicAt);
    std::string zeroed = answer;
    zeroed.replace(kMicAt, 16, 16, '\0');
    EXPECT_EQ(answer.substr(kMicAt, 16), message_integrity(session, client.negotiate, challenge, zeroed));
}

Secret key_of(std::string_view user, std::string_view domain) {
    return response_key(crypto::nt_hash(Secret("Sesame-1")).value(), user, domain);
}

TEST(NtlmInitiator, ProvesThePassword) {
    for (const std::uint32_t flags : {kServes, kServes & ~kNtlmKeyExchange}) {
        Started client;
        const std::string challenge = challenge_of(flags, host_pairs());
        const auto answer = client.answer(challenge);
        ASSERT_TRUE(answer.ok()) << answer.error().message();
        EXPECT_TRUE(answer->complete);
        expect_proven(client, challenge, answer->token, key_of("alice", "LAB"));
        EXPECT_NE(client.initiator().sealing(), nullptr);
        EXPECT_NE(client.initiator().integrity(), nullptr);
    }
}

TEST(NtlmInitiator, SaysWhatIsItsOwnToSay) {
    const std::string binding = "tls-server-end-point:" + std::string(32, 'a');
    for (const auto& bound : {std::string(), binding}) {
        Started client("alice", bound);
        const auto answer = client.answer(challenge_of(kServes, host_pairs({true, le32(0x1)})));
        ASSERT_TRUE(answer.ok());
        const auto message = parse_ntlm_authenticate(answer->token);
        ASSERT_TRUE(message);
        EXPECT_EQ(message->target_info.flags, 0x3U);
        EXPECT_EQ(message->target_info.timestamp, kTime);
        EXPECT_EQ(message->target_info.channel_binding, bound.empty() ? "" : binding_hash(binding));
        EXPECT_NE(message->blob().find(utf16("HTTP/web01")), std::string_view::npos);
        EXPECT_EQ(message->blob().find(utf16("HTTP/other")), std::string_view::npos);
        EXPECT_EQ(message->blob().substr(8, 8), le64(kTime));
    }
}

// 3.1.5.1.2: where the host tells no time, ours, and a response for old hosts.
TEST(NtlmInitiator, TellsItsOwnTimeWhereTheHostTellsNone) {
    Started client;
    const auto answer = client.answer(challenge_of(kServes, host_pairs({false, {}})));
    ASSERT_TRUE(answer.ok());
    const auto message = parse_ntlm_authenticate(answer->token);
    ASSERT_TRUE(message);
    EXPECT_FALSE(message->target_info.timestamp);
    EXPECT_TRUE(message->mic_at);
    EXPECT_EQ(message->blob().substr(8, 8), le64(file_time(ManualClock().wall())));
    const std::string_view client_challenge = message->blob().substr(16, 8);
    EXPECT_EQ(answer->token.substr(88, 24),
              proof(key_of("alice", "LAB"), published::server_challenge, client_challenge) +
                  std::string(client_challenge));
    Started told;
    EXPECT_EQ(told.answer(challenge_of(kServes, host_pairs()))->token.substr(88, 24), std::string(24, '\0'));
}

TEST(NtlmInitiator, SplitsTheUser) {
    struct Case {
        const char* given;
        const char* user;
        const char* domain;
    };
    for (const Case& c :
         {Case{"alice", "alice", ""}, Case{"LAB\\alice", "alice", "LAB"}, Case{".\\alice", "alice", ""},
          Case{"alice@lab.example", "alice@lab.example", ""}, Case{"Günter", "Günter", ""},
          Case{"\\alice", "alice", ""}, Case{"LAB\\a@b", "a@b", "LAB"}}) {
        Started client(c.given);
        const std::string challenge = challenge_of(kServes, host_pairs());
        const auto answer = client.answer(challenge);
        ASSERT_TRUE(answer.ok()) << c.given;
        const auto message = parse_ntlm_authenticate(answer->token);
        EXPECT_EQ(message->user, c.user);
        EXPECT_EQ(message->domain, c.domain);
        EXPECT_NE(answer->token.find(utf16("OPS")), std::string::npos);
        expect_proven(client, challenge, answer->token, key_of(c.user, c.domain));
    }
}

TEST(NtlmInitiator, RefusesACredentialThatItCannotCarry) {
    const std::string longest(256, 'x');
    struct Case {
        std::string user;
        std::string password;
        const char* says;
    };
    const Case cases[] = {{"", "x", "the user is empty"},
                          {"LAB\\", "x", "no user in \"LAB\\\""},
                          {".\\", "x", "no user"},
                          {"@", "x", "no user"},
                          {"@lab.example", "x", "no user"},
                          {"alice", "", "the password is empty"},
                          {"alice", std::string("a\0b", 3), "NUL"},
                          {"al\nice", "x", "control character"},
                          {"alice", "\xff\xfe", "not UTF-8"},
                          {"\xff", "x", "not UTF-8"},
                          {longest + "x", "x", "longer than 256"},
                          {longest + "x\\alice", "x", "longer than 256"}};
    for (const Case& c : cases) {
        const auto made = make_initiator({c.user, Secret(c.password)}, {"host", "", {}});
        ASSERT_FALSE(made.ok()) << c.user;
        EXPECT_EQ(made.error().id, ErrorId::auth_credentials);
        EXPECT_NE(made.error().detail.find(c.says), std::string::npos) << made.error().detail;
    }
    EXPECT_TRUE(make_initiator({longest + "\\" + longest, Secret("x")}, {"host", "", {}}).ok());
}

void expect_refused(const std::string& challenge, const char* says) {
    Started client;
    const auto answer = client.answer(challenge);
    ASSERT_FALSE(answer.ok()) << says;
    EXPECT_EQ(answer.error().id, ErrorId::auth_protocol);
    EXPECT_NE(answer.error().detail.find(says), std::string::npos) << answer.error().detail;
    EXPECT_EQ(client.initiator().sealing(), nullptr);
    EXPECT_EQ(client.initiator().integrity(), nullptr);
    // It is over, whatever comes next.
    EXPECT_FALSE(client.answer(challenge_of(kServes, host_pairs())).ok());
}

TEST(NtlmInitiator, RefusesEveryTruncation) {
    const std::string challenge = challenge_of(kServes, host_pairs());
    expect_refused("", "0 bytes");
    for (std::size_t length = 1; length < challenge.size(); ++length) {
        expect_refused(challenge.substr(0, length), "not an NTLM challenge");
    }
}

TEST(NtlmInitiator, RefusesWhatWouldNotProtectTheConnection) {
    expect_refused(challenge_of(kServes, ""), "no target information");
    for (const auto flag : {kNtlmSign, kNtlmSeal, kNtlm128, kNtlmExtendedSessionSecurity}) {
        expect_refused(challenge_of(kServes & ~flag, host_pairs()), "no sealing with 128 bits");
    }
    expect_refused(challenge_of(kServes & ~kNtlmUnicode, host_pairs()), "Unicode");
    expect_refused(write_negotiate(kServes), "not an NTLM challenge");
    expect_refused(challenge_of(kServes, host_pairs()) + std::string(48 * 1024, 'x'), "bytes");
}

TEST(NtlmInitiator, RefusesToGoOnOnceItIsDone) {
    Started client;
    const std::string challenge = challenge_of(kServes, host_pairs());
    ASSERT_TRUE(client.answer(challenge).ok());
    const auto more = client.answer(challenge);
    ASSERT_FALSE(more.ok());
    EXPECT_NE(more.error().detail.find("the handshake is over"), std::string::npos);
}

// A changed challenge ended gss-ntlmssp in a null pointer: whatever is changed, there is an answer or a
// refusal.
TEST(NtlmInitiator, TakesAnyByteOfAChallengeChanged) {
    const std::string challenge = challenge_of(kServes, host_pairs());
    for (std::size_t at = 0; at < challenge.size(); ++at) {
        for (const int change : {0x01, 0x04, 0x40, 0x80, 0xff}) {
            std::string changed = challenge;
            changed[at] = static_cast<char>(changed[at] ^ change);
            Started client;
            const auto answer = client.answer(changed);
            if (answer.ok()) {
                EXPECT_TRUE(parse_ntlm_authenticate(answer->token)->mic_at) << at;
            } else {
                EXPECT_EQ(answer.error().id, ErrorId::auth_protocol) << at;
            }
        }
    }
}

TEST(NetbiosName, IsAHostsFirstLabel) {
    EXPECT_EQ(netbios_name("web-01.lab.example"), "WEB-01");
    EXPECT_EQ(netbios_name("a_very-long-name-of-a-host"), "AVERY-LONG-NAME");
    EXPECT_EQ(netbios_name(".x"), "");
    EXPECT_LE(own_netbios_name().size(), 15U);
}

}  // namespace
}  // namespace mullion::ntlm
