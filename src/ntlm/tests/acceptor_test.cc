// What clients of all kinds may say to the acceptor. Whole handshakes with ours and with another program's
// client are in tests/logon.
#include "ntlm/acceptor.h"

#include <gtest/gtest.h>

#include "encoding/hex.h"
#include "ntlm/keys.h"
#include "ntlm/messages_write.h"

namespace mullion::ntlm {
namespace {

constexpr std::uint32_t kGo =
    0xa0880001;  // Neither signing nor sealing, no key, no wish for target information.
constexpr std::uint32_t kSealing = kNtlmUnicode | kNtlmRequestTarget | kNtlmSign | kNtlmSeal | kNtlmNtlm |
                                   kNtlmAlwaysSign | kNtlmExtendedSessionSecurity | kNtlm128 |
                                   kNtlmKeyExchange | kNtlm56;

Secret right_hash() {
    return Secret(encoding::from_hex("766fa652d0a93e06e87b8ed6b2d54cde").value());  // Of "Sesame-1".
}

class Accounts final : public auth::AccountLookup {
public:
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        if (user != "alice") return std::optional<auth::AccountRecord>();
        return std::optional<auth::AccountRecord>(
            auth::AccountRecord{"alice", right_hash(), "", true, "alice"});
    }
    bool may_block() const override { return blocking; }
    bool blocking = true;
};

class Counted final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        ++calls;
        inner_.fill(bytes);
    }
    int calls = 0;

private:
    CountingRandom inner_;
};

// A client made by hand: whatever is set here is what it sends.
struct Client {
    std::uint32_t flags = kGo;           // Of its first message, and
    std::uint32_t flags_of_proof = ~0U;  // those of the challenge that it keeps.
    std::string user = "alice";
    std::string domain;
    std::string proven_domain;
    std::string key;      // The session key that it has exchanged, if any.
    std::string binding;  // MsvAvChannelBindings as sent.
    bool mic = false;
    std::optional<std::uint64_t> timestamp;  // Another than the challenge's.

    [[nodiscard]] std::string negotiate() const { return write_negotiate(flags); }
    [[nodiscard]] std::string authenticate(const std::string& challenge) const {
        const auto parsed = parse_ntlm_challenge(challenge);
        std::string pairs;
        append_pair(pairs, AvId::timestamp, le64(timestamp.value_or(*parsed->target_info.timestamp)));
        if (mic) append_pair(pairs, AvId::flags, le32(kAvFlagMic));
        if (!binding.empty()) append_pair(pairs, AvId::channel_bindings, binding);
        append_pair(pairs, AvId::end, {});
        const std::string blob = client_blob(0, "clientch", pairs);
        const Secret response = response_key(right_hash(), user, proven_domain);
        const std::string proof_text = proof(response, parsed->server_challenge, blob);
        const Secret base = session_base_key(response, proof_text);

        AuthenticateFields fields;
        fields.flags = parsed->flags & flags_of_proof;
        fields.user = user;
        fields.domain = domain;
        const std::string nt_response = proof_text + blob;
        fields.nt_response = nt_response;
        const std::string exchanged = key.empty() ? std::string() : exchange_key(base, key);
        fields.session_key = exchanged;
        std::string message = write_authenticate(fields);
        if (mic) {
            const Secret session = key.empty() ? base.clone() : Secret(key);
            message.replace(kMicAt, 16, message_integrity(session, negotiate(), challenge, message));
        }
        return message;
    }
};

class AcceptorTest : public ::testing::Test {
protected:
    AcceptorOptions options() {
        return {{binding_}, hardening_, "web.lab.example", clock_, random_, domains_};
    }
    Result<auth::AcceptStep> log_on(const Client& client) {
        acceptor_ = make_acceptor(accounts_, options());
        auto challenge = acceptor_->step(client.negotiate());
        EXPECT_TRUE(challenge.ok());
        return acceptor_->step(client.authenticate(challenge->token));
    }
    void expect_refused(const Client& client, ErrorId id, const char* word) {
        auto step = log_on(client);
        ASSERT_FALSE(step.ok()) << word;
        EXPECT_EQ(step.error().id, id) << step.error().detail;
        EXPECT_NE(step.error().detail.find(word), std::string::npos) << step.error().detail;
        EXPECT_EQ(acceptor_->sealing(), nullptr);
        EXPECT_EQ(acceptor_->integrity(), nullptr);
        EXPECT_FALSE(acceptor_->step(client.negotiate()).ok()) << "went on";
    }
    void expect_accepted(const Client& client) {
        auto step = log_on(client);
        ASSERT_TRUE(step.ok()) << step.error().message();
        ASSERT_TRUE(step->identity);
        EXPECT_EQ(step->identity->user(), "alice");
        EXPECT_EQ(step->identity->transport(), auth::Transport::ntlm);
        EXPECT_TRUE(step->token.empty());
    }

    Accounts accounts_;
    ManualClock clock_;
    Counted random_;
    std::string binding_;
    Domains* domains_ = nullptr;
    auth::CbtHardening hardening_ = auth::CbtHardening::relaxed;
    std::unique_ptr<auth::Acceptor> acceptor_;
};

using Pairs = std::vector<std::pair<AvId, std::string>>;

Pairs pairs_of(std::string_view target_info) {
    Pairs all;
    AvPairReader reader(target_info);
    while (const auto pair = reader.next()) all.emplace_back(pair->id, std::string(pair->value));
    return all;
}

TEST_F(AcceptorTest, ChallengesAsWindowsDoes) {
    constexpr std::uint32_t lan_manager = 0x80;
    const auto acceptor = make_acceptor(accounts_, options());
    auto step = acceptor->step(write_negotiate(kSealing | lan_manager));
    ASSERT_TRUE(step.ok());
    const auto challenge = parse_ntlm_challenge(step->token);
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->flags, kSealing | kNtlmTargetTypeServer | kNtlmTargetInfo | kNtlmVersion);
    EXPECT_EQ(challenge->server_challenge, std::string("\0\1\2\3\4\5\6\7", 8));
    const Pairs expected = {{AvId::netbios_domain, utf16("WEB")},
                            {AvId::netbios_computer, utf16("WEB")},
                            {AvId::dns_domain, utf16("web.lab.example")},
                            {AvId::dns_computer, utf16("web.lab.example")},
                            {AvId::timestamp, le64(file_time(clock_.wall()))}};
    EXPECT_EQ(pairs_of(challenge->target_info_pairs), expected);
    EXPECT_NE(step->token.find(utf16("WEB")), std::string::npos);
}

TEST_F(AcceptorTest, TellsOnlyTheNamesOfAMachineThatHasSome) {
    for (const std::string& name : {std::string("\xff\xfe"), std::string("...")}) {
        AcceptorOptions odd = options();
        odd.computer = name;
        auto step = make_acceptor(accounts_, odd)->step(write_negotiate(kSealing));
        ASSERT_TRUE(step.ok());
        EXPECT_FALSE(pairs_of(parse_ntlm_challenge(step->token)->target_info_pairs).front().second.empty());
    }
}

TEST_F(AcceptorTest, SendsTargetInformationUnasked) {
    auto step = make_acceptor(accounts_, options())->step(write_negotiate(kGo & ~kNtlmTargetInfo));
    ASSERT_TRUE(step.ok());
    const auto challenge = parse_ntlm_challenge(step->token);
    EXPECT_TRUE(challenge->target_info.timestamp);
    EXPECT_EQ(challenge->flags & (kNtlmRequestTarget | kNtlmTargetTypeServer), 0u);
}

// Go's clients inside TLS: nothing is protected, so there is nothing to seal with.
TEST_F(AcceptorTest, LetsClientsInThatProtectNothing) {
    expect_accepted({});
    EXPECT_EQ(acceptor_->sealing(), nullptr);
    EXPECT_NE(acceptor_->integrity(), nullptr);
    Client old;
    old.flags_of_proof = ~kNtlmExtendedSessionSecurity;
    expect_accepted(old);
    EXPECT_EQ(acceptor_->integrity(), nullptr);
}

TEST_F(AcceptorTest, SealsOnlyWhatBothAgreedOn) {
    Client client;
    client.flags = kSealing;
    client.key = "sixteen bytes ok";
    client.mic = true;
    expect_accepted(client);
    EXPECT_NE(acceptor_->sealing(), nullptr);
    for (const std::uint32_t lacks : {std::uint32_t{kNtlmSeal}, std::uint32_t{kNtlmSign},
                                      std::uint32_t{kNtlm128}, std::uint32_t{kNtlmExtendedSessionSecurity}}) {
        client.flags_of_proof = ~lacks;
        expect_accepted(client);
        EXPECT_EQ(acceptor_->sealing(), nullptr) << lacks;
    }
}

// 3.2.5.1.2: "clients which incorrectly use NIL for the UserDom".
TEST_F(AcceptorTest, TakesAProofWithTheDomainAndOneWithout) {
    Client client;
    client.domain = "LAB";
    expect_accepted(client);
    client.proven_domain = "LAB";
    expect_accepted(client);
    client.domain = "OTHER";
    expect_refused(client, ErrorId::auth_rejected, "wrong password");
}

TEST_F(AcceptorTest, TakesAPrincipalName) {
    Client client;
    client.user = "alice@lab.example";
    expect_accepted(client);
}

TEST_F(AcceptorTest, ExchangesAKeyOrNotWhereNothingIsSealed) {
    Client client;
    client.flags = kGo | kNtlmKeyExchange;
    client.mic = true;
    expect_accepted(client);
    client.key = "sixteen bytes ok";
    expect_accepted(client);
    client.key = "five.";
    expect_refused(client, ErrorId::auth_protocol, "16 bytes");
    client.key.clear();
    client.flags |= kNtlmSign;
    expect_refused(client, ErrorId::auth_protocol, "16 bytes");
}

TEST_F(AcceptorTest, RefusesAProofForAnotherChallenge) {
    Client client;
    client.timestamp = 1;
    expect_refused(client, ErrorId::auth_rejected, "another challenge");
    // Of another connection at the same moment: only the eight random bytes differ.
    client.timestamp.reset();
    const auto first = make_acceptor(accounts_, options());
    const std::string proof_there = client.authenticate(first->step(client.negotiate())->token);
    const auto second = make_acceptor(accounts_, options());
    ASSERT_TRUE(second->step(client.negotiate()).ok());
    auto replayed = second->step(proof_there);
    ASSERT_FALSE(replayed.ok());
    EXPECT_EQ(replayed.error().id, ErrorId::auth_rejected);
    EXPECT_TRUE(first->step(proof_there).ok());
}

TEST_F(AcceptorTest, WantsThePromisedMic) {
    Client client;
    client.mic = true;
    const auto acceptor = make_acceptor(accounts_, options());
    std::string message = client.authenticate(acceptor->step(client.negotiate())->token);
    message[kMicAt] ^= 1;
    auto step = acceptor->step(message);
    ASSERT_FALSE(step.ok());
    EXPECT_EQ(step.error().id, ErrorId::auth_rejected);
    EXPECT_NE(step.error().detail.find("MIC"), std::string::npos);
}

TEST_F(AcceptorTest, TakesBindingsAsTheHardeningSays) {
    binding_ = "tls-server-end-point:own";
    Client client;
    expect_accepted(client);
    client.binding = std::string(16, '\0');  // An application that gave none.
    expect_accepted(client);
    client.binding = binding_hash(binding_);
    expect_accepted(client);
    client.binding = binding_hash("tls-server-end-point:another");
    expect_refused(client, ErrorId::auth_rejected, "another TLS connection");

    hardening_ = auth::CbtHardening::none;
    expect_accepted(client);
    hardening_ = auth::CbtHardening::strict;
    expect_refused(client, ErrorId::auth_rejected, "another TLS connection");
    client.binding = std::string(16, '\0');
    expect_refused(client, ErrorId::auth_rejected, "no channel binding");
    client.binding.clear();
    expect_refused(client, ErrorId::auth_rejected, "no channel binding");
    client.binding = binding_hash(binding_);
    expect_accepted(client);
    binding_.clear();  // Over HTTP nothing can be compared.
    expect_accepted(client);
}

TEST_F(AcceptorTest, WorksForAStrangerAsForAWrongPassword) {
    Client wrong;
    wrong.proven_domain = "not the one sent";
    expect_refused(wrong, ErrorId::auth_rejected, "wrong password");
    const int calls = std::exchange(random_.calls, 0);
    Client stranger;
    stranger.user = "mallory";
    expect_refused(stranger, ErrorId::auth_rejected, "unknown user");
    EXPECT_EQ(random_.calls, calls);
}

TEST_F(AcceptorTest, BlocksOnlyWhereItAsksForTheAccount) {
    for (const bool blocking : {true, false}) {
        accounts_.blocking = blocking;
        const auto acceptor = make_acceptor(accounts_, options());
        EXPECT_FALSE(acceptor->may_block());
        ASSERT_TRUE(acceptor->step(write_negotiate(kGo)).ok());
        EXPECT_EQ(acceptor->may_block(), blocking);
    }
}

// A domain whose dana has alice's password, and an account here that is called otherwise.
class Domain final : public Domains {
public:
    Result<DomainProof> prove(const DomainClaim& claim) override {
        asked.push_back(claim);
        const std::string_view response = claim.response;
        const Secret key = response_key(right_hash(), claim.user, claim.domain);
        if (proof(key, claim.challenge, response.substr(16)) != response.substr(0, 16))
            return Error(ErrorId::auth_rejected, "the domain says no");
        return DomainProof{session_base_key(key, response.substr(0, 16)), {"of-dana", {}, "", false, "dana"}};
    }
    std::vector<DomainClaim> asked;
};

Client of_domain(std::string user = "dana", std::string domain = "ADEX") {
    Client client;
    client.user = std::move(user);
    client.domain = client.proven_domain = std::move(domain);
    return client;
}

TEST_F(AcceptorTest, AsksTheDomainAboutItsUsers) {
    Domain domain;
    domains_ = &domain;
    Client client = of_domain();
    client.flags = kSealing;
    client.key = std::string(16, 'k');
    client.mic = true;
    auto step = log_on(client);
    ASSERT_TRUE(step.ok()) << step.error().detail;
    ASSERT_TRUE(step->identity);
    EXPECT_EQ(step->identity->user(), "of-dana");
    EXPECT_EQ(step->identity->unix_user(), "dana");
    EXPECT_FALSE(step->identity->administrator());
    EXPECT_NE(acceptor_->sealing(), nullptr);
    ASSERT_EQ(domain.asked.size(), 1U);
    EXPECT_EQ(domain.asked[0].user, "dana");
    EXPECT_EQ(domain.asked[0].domain, "ADEX");
    EXPECT_EQ(domain.asked[0].challenge.size(), 8U);
}

TEST_F(AcceptorTest, ChecksMicAndBindingOfADomainsUserItself) {
    Domain domain;
    domains_ = &domain;
    binding_ = "tls-server-end-point:right";
    hardening_ = auth::CbtHardening::strict;
    Client client = of_domain();
    expect_refused(client, ErrorId::auth_rejected, "no channel binding");
    client.binding = binding_hash(binding_);
    client.mic = true;
    client.key = std::string(16, 'k');  // What the MIC is made with; without key exchange it is another.
    expect_refused(client, ErrorId::auth_rejected, "MIC");
    EXPECT_EQ(domain.asked.size(), 2U);
}

TEST_F(AcceptorTest, AsksNoDomainAboutOurOwn) {
    Domain domain;
    domains_ = &domain;
    Client here;
    expect_accepted(here);
    here.domain = here.proven_domain = "ADEX";  // As without a domain to ask: the proof is right.
    expect_accepted(here);
    Client wrong;
    wrong.proven_domain = "not the one sent";
    for (const char* own : {"", ".", "WEB", "web", "web.lab.example"}) {
        wrong.domain = own;
        expect_refused(wrong, ErrorId::auth_rejected, "wrong password");
    }
    EXPECT_TRUE(domain.asked.empty());
}

TEST_F(AcceptorTest, LetsNobodyInWhomTheDomainRefuses) {
    Domain domain;
    domains_ = &domain;
    for (const char* user : {"dana", "alice", "dana@ad.example"}) {
        Client wrong = of_domain(user);
        wrong.proven_domain = "not the one sent";
        expect_refused(wrong, ErrorId::auth_rejected, "the domain says no");
    }
    Client unnamed = of_domain("dana@ad.example", "");
    EXPECT_TRUE(log_on(unnamed).ok());
    EXPECT_TRUE(log_on(of_domain("dana", "")).ok()) << "nobody here is called so";
    domains_ = nullptr;
    expect_refused(of_domain(), ErrorId::auth_rejected, "unknown user");
}

TEST_F(AcceptorTest, BlocksWhereADomainMayBeAsked) {
    Domain domain;
    domains_ = &domain;
    accounts_.blocking = false;
    const auto acceptor = make_acceptor(accounts_, options());
    EXPECT_FALSE(acceptor->may_block());
    ASSERT_TRUE(acceptor->step(write_negotiate(kGo)).ok());
    EXPECT_TRUE(acceptor->may_block());
}

TEST_F(AcceptorTest, RefusesWhoDoesNotSpeakUnicode) {
    const auto acceptor = make_acceptor(accounts_, options());
    auto step = acceptor->step(write_negotiate(kSealing & ~kNtlmUnicode));
    ASSERT_FALSE(step.ok());
    EXPECT_EQ(step.error().id, ErrorId::auth_protocol);
}

TEST_F(AcceptorTest, RefusesMessagesOutOfOrderAndTooLong) {
    const Client client;
    const auto reference = make_acceptor(accounts_, options());
    const std::string challenge = reference->step(client.negotiate())->token;
    for (const std::string& message : {client.authenticate(challenge), challenge, std::string("x"),
                                       std::string(), client.negotiate() + std::string(48 * 1024, 'x')}) {
        auto step = make_acceptor(accounts_, options())->step(message);
        ASSERT_FALSE(step.ok());
        EXPECT_EQ(step.error().id, ErrorId::auth_protocol);
    }
}

}  // namespace
}  // namespace mullion::ntlm
