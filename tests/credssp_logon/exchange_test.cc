// Both ends, and who is in between.
#include "exchange.h"

#include "credssp/proof.h"
#include "credssp/status.h"

namespace mullion::credssp {
namespace {

using namespace testing;
using crypto::KeyKind;
using crypto::TlsVersions;

TEST(Exchange, LogsOnAndHandsOver) {
    for (const auto versions : {TlsVersions::modern, TlsVersions::tls12, TlsVersions::legacy}) {
        for (const auto kind : {KeyKind::rsa, KeyKind::ec}) {
            Pair setup;
            setup.client = setup.server = versions;
            setup.key = kind;
            Exchange exchange(setup);
            exchange.run();
            ASSERT_TRUE(exchange.done()) << (exchange.error ? exchange.error->message() : "");
            EXPECT_EQ(exchange.identity->user(), "alice");
            EXPECT_EQ(exchange.identity->transport(), auth::Transport::credssp);
            EXPECT_TRUE(exchange.identity->administrator());
            const auto& delegated = exchange.identity->delegated();
            ASSERT_TRUE(delegated);
            EXPECT_EQ(delegated->domain, "LAB");
            EXPECT_EQ(delegated->user, "alice");
            EXPECT_EQ(delegated->password.expose(), password);
            EXPECT_NE(exchange.client->how().find("credssp 6 with negotiate, TLSv1."), std::string::npos);
        }
    }
}

TEST(Exchange, SealsBothWays) {
    for (const auto versions : {TlsVersions::modern, TlsVersions::tls12, TlsVersions::legacy}) {
        Pair setup;
        setup.client = setup.server = versions;
        Exchange exchange(setup);
        EXPECT_EQ(exchange.client->sealing(), nullptr);
        exchange.run();
        ASSERT_TRUE(exchange.done());
        auto& up = *exchange.client->sealing();
        auto& down = *exchange.server->sealing();
        EXPECT_EQ(up.largest(), 16384u);
        for (const std::size_t size : {std::size_t{1}, std::size_t{16384}, std::size_t{500}}) {
            const std::string clear(size, 'z');
            const auto message = up.seal(clear);
            ASSERT_TRUE(message.ok());
            EXPECT_EQ(message->original_length, size);
            EXPECT_EQ(down.unseal(message->signature, message->data).value(), clear);
            const auto answer = down.seal(clear);
            EXPECT_EQ(up.unseal(answer->signature, answer->data).value(), clear);
        }
    }
}

TEST(Exchange, ReplayedAndReorderedMessagesAreRefused) {
    Exchange exchange;
    exchange.run();
    ASSERT_TRUE(exchange.done());
    const auto one = exchange.client->sealing()->seal("one").value();
    const auto two = exchange.client->sealing()->seal("two").value();
    EXPECT_FALSE(exchange.server->sealing()->unseal(two.signature, two.data).ok());
    Exchange again;
    again.run();
    const auto message = again.client->sealing()->seal("one").value();
    EXPECT_TRUE(again.server->sealing()->unseal(message.signature, message.data).ok());
    EXPECT_FALSE(again.server->sealing()->unseal(message.signature, message.data).ok());
}

TEST(Exchange, UserNamesKeepTheirForm) {
    for (const auto& [user, domain, name] :
         {std::array{"alice", "", "alice"}, std::array{".\\alice", "", "alice"},
          std::array{"alice@lab.test", "", "alice@lab.test"}}) {
        Pair setup;
        setup.user = user;
        Exchange exchange(setup);
        exchange.run();
        if (!exchange.identity) continue;  // Whether the service knows a name is not CredSSP's.
        EXPECT_EQ(exchange.identity->delegated()->domain, domain);
        EXPECT_EQ(exchange.identity->delegated()->user, name);
    }
}

TEST(Exchange, AWrongPasswordIsSaidByItsStatus) {
    Pair setup;
    setup.said_password = "wrong";
    Exchange exchange(setup);
    exchange.run();
    ASSERT_TRUE(exchange.error && !exchange.error_is_the_clients);
    EXPECT_EQ(exchange.error->id, ErrorId::auth_rejected);
    const auto told = exchange.client->step(exchange.last_word);
    ASSERT_FALSE(told.ok());
    EXPECT_EQ(told.error().id, ErrorId::auth_rejected);
    EXPECT_NE(told.error().detail.find("STATUS_LOGON_FAILURE"), std::string::npos);
    EXPECT_FALSE(exchange.identity);
    EXPECT_EQ(exchange.server->sealing(), nullptr);
}

TEST(Exchange, NoVersionOfTlsInCommon) {
    Pair setup;
    setup.server = TlsVersions::legacy;
    Exchange exchange(setup);
    // The host has TLS 1.0 only; that it answers with an alert is the client's bad luck here.
    std::string hello = exchange.client->step({}).value().token;
    const auto answer =
        exchange.client->step(std::string("\x15\x03\x01\x00\x02\x02\x46", 7));  // protocol_version
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::credssp_tls12);
    EXPECT_FALSE(exchange.server->step(hello).ok());
}

TEST(Exchange, EveryCutOfEveryTokenIsRefused) {
    Exchange whole;
    whole.run();
    ASSERT_TRUE(whole.done());
    for (std::size_t which = 0; which < whole.tokens.size(); ++which) {
        const std::size_t size = whole.tokens[which].size();
        for (std::size_t length = 0; length < size; length += 1 + length / 16) {
            Exchange exchange;
            std::size_t count = 0;
            exchange.on_the_way = [&](std::string token) {
                return count++ == which ? token.substr(0, std::min(length, token.size() - 1)) : token;
            };
            exchange.run();
            // A session ticket says nothing: cut between two records it is one ticket less.
            ASSERT_FALSE(exchange.done() && which != 3) << which << ": " << length;
            if (which != 3) {
                EXPECT_TRUE(exchange.error) << which << ": " << length;
            }
        }
    }
}

TEST(Exchange, EveryChangedTokenIsRefused) {
    Exchange whole;
    whole.run();
    for (std::size_t which = 0; which < whole.tokens.size(); ++which) {
        const std::size_t size = whole.tokens[which].size();
        for (std::size_t at = 0; at < size; at += 1 + size / 24) {
            Exchange exchange;
            std::size_t count = 0;
            exchange.on_the_way = [&](std::string token) {
                if (count++ == which) token[std::min(at, token.size() - 1)] ^= 0x20;
                return token;
            };
            exchange.run();
            EXPECT_FALSE(exchange.done()) << which << ": " << at;
        }
    }
}

// Ends the client's TLS with a certificate of his own, begins another one with the host, and passes on what
// is said inside. What the client would hand over comes past him last.
class ManInTheMiddle {
public:
    explicit ManInTheMiddle(unsigned said_version)
        : to_client_(test_server_tls(TlsVersions::tls12, KeyKind::ec)->begin().value()),
          to_host_(test_client_tls(TlsVersions::tls12)->begin().value()),
          said_version_(said_version) {}

    // True when the client handed something over.
    bool run(auth::Initiator& client, auth::Acceptor& host, std::optional<Error>& error) {
        std::string said;
        for (std::string up; !to_host_->connected();) {
            up = to_host_->handshake(said).value();
            if (!up.empty()) said = host.step(up).value().token;
        }
        said.clear();
        for (int leg = 0; leg < 12; ++leg) {
            auto step = client.step(said);
            if (!step.ok()) {
                error = std::move(step).error();
                return false;
            }
            if (!to_client_->connected()) {
                said = to_client_->handshake(step->token).value();
                continue;
            }
            const auto clear = to_client_->decrypt(step->token).value();
            const auto request = parse_ts_request(clear);
            if (request->auth_info) return true;
            auto answer = host.step(to_host_->encrypt(clear).value());
            const auto said_clear = answer.ok() ? to_host_->decrypt(answer->token).value() : std::string();
            auto passed = parse_ts_request(said_clear).value_or(TsRequest{});
            if (said_version_ != 0) passed.version = said_version_;
            // The host has seen through him; he makes up what he can.
            passed.error_code.reset();
            const std::string made_up(48, 'x');
            if (request->pub_key_auth) passed.pub_key_auth = made_up;
            said = to_client_->encrypt(write_ts_request(passed)).value();
        }
        return true;
    }

private:
    std::unique_ptr<crypto::TlsMemory> to_client_, to_host_;
    unsigned said_version_;
};

TEST(Exchange, AManInTheMiddleGetsNothing) {
    for (const unsigned version : {0u, 2u, 4u, 5u}) {
        Exchange exchange;
        std::optional<Error> error;
        EXPECT_FALSE(ManInTheMiddle(version).run(*exchange.client, *exchange.server, error));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->id, ErrorId::credssp_public_key) << error->message();
        EXPECT_EQ(exchange.client->sealing(), nullptr);
    }
}

// A host made by hand, of any version, in TLS of its own.
class OldHost {
public:
    explicit OldHost(unsigned version)
        : version_(version), tls_(test_server_tls(TlsVersions::tls12, KeyKind::rsa)->begin().value()) {}

    std::string answer(const std::string& token) {
        if (!tls_->connected()) return tls_->handshake(token).value();
        const std::string clear = tls_->decrypt(token).value();
        const auto request = parse_ts_request(clear);
        TsRequest answer;
        answer.version = version_;
        std::string inner, proof;
        if (request->nego_token) inner = inner_->step(*request->nego_token).value().token;
        if (!inner.empty()) answer.nego_token = inner;
        if (request->pub_key_auth) {
            EXPECT_EQ(request->client_nonce.has_value(), version_ >= 5);
            const std::string nonce(request->client_nonce.value_or(""));
            const auto key = tls_->server_public_key().value();
            EXPECT_EQ(unwrap(*inner_->sealing(), *request->pub_key_auth).value(),
                      key_proof(Prover::client, version_, nonce, key));
            proof = wrap(*inner_->sealing(), key_proof(Prover::server, version_, nonce, key)).value();
            answer.pub_key_auth = proof;
        }
        if (request->auth_info) {
            auto handed = unwrap(*inner_->sealing(), *request->auth_info).value();
            password_ = parse_ts_credentials(handed).value().password.clone();
            return {};
        }
        if (status_ != 0) answer = TsRequest{version_, {}, {}, {}, status_, {}};
        return tls_->encrypt(write_ts_request(answer)).value();
    }
    OldHost& says(std::uint32_t status) {
        status_ = status;
        return *this;
    }
    Secret password_;

private:
    unsigned version_;
    std::uint32_t status_ = 0;
    Accounts accounts_;
    std::unique_ptr<crypto::TlsMemory> tls_;
    std::unique_ptr<auth::Acceptor> inner_ = inner_server(accounts_);
};

std::optional<Error> talk(auth::Initiator& client, OldHost& host) {
    std::string said;
    for (int leg = 0; leg < 12; ++leg) {
        auto step = client.step(said);
        if (!step.ok()) return std::move(step).error();
        said = host.answer(step->token);
        if (step->complete) return std::nullopt;
    }
    return Error(ErrorId::auth_protocol, "no end");
}

TEST(Initiator, SpeaksEveryVersion) {
    for (unsigned version = 2; version <= 7; ++version) {
        Exchange exchange;
        OldHost host(version);
        const auto error = talk(*exchange.client, host);
        ASSERT_FALSE(error) << version << ": " << error->message();
        EXPECT_EQ(host.password_.expose(), password);
    }
}

TEST(Initiator, RefusesOlderVersionsThanAskedFor) {
    Pair setup;
    setup.minimum_version = 5;
    for (const unsigned version : {2u, 3u, 4u}) {
        Exchange exchange(setup);
        OldHost host(version);
        const auto error = talk(*exchange.client, host);
        ASSERT_TRUE(error);
        EXPECT_EQ(error->id, ErrorId::credssp_version);
        EXPECT_TRUE(host.password_.empty());
    }
    Exchange exchange(setup);
    OldHost host(5);
    EXPECT_FALSE(talk(*exchange.client, host));
}

TEST(Initiator, SaysTheHostsStatus) {
    for (const auto& [status, id, name] :
         {std::tuple{0xC000006Eu, ErrorId::auth_rejected, "STATUS_ACCOUNT_RESTRICTION"},
          std::tuple{0xC0000071u, ErrorId::auth_rejected, "STATUS_PASSWORD_EXPIRED"},
          std::tuple{0xC000005Eu, ErrorId::credssp_error, "STATUS_NO_LOGON_SERVERS"}}) {
        Exchange exchange;
        OldHost host(6);
        const auto error = talk(*exchange.client, host.says(status));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->id, id);
        EXPECT_NE(error->detail.find(name), std::string::npos);
    }
}

// A client made by hand.
class HandMade {
public:
    HandMade() { options_ = {"alice", Secret(password)}; }
    // What the acceptor makes of it; `change` may alter the second message, which carries the proof.
    Result<auth::AcceptStep> run(auth::Acceptor& host, unsigned version,
                                 const std::function<void(TsRequest&)>& change) {
        std::string said;
        for (std::string up; !tls_->connected() || !up.empty();) {
            up = tls_->handshake(said).value();
            if (!up.empty()) said = host.step(up).value().token;
        }
        auto inner = inner_client(options_);
        const auto first = inner->step({}).value();
        TsRequest request;
        request.version = version;
        request.nego_token = first.token;
        MULLION_ASSIGN(const auto challenge, host.step(tls_->encrypt(write_ts_request(request)).value()));
        const auto clear = tls_->decrypt(challenge.token).value();
        const auto last = inner->step(*parse_ts_request(clear)->nego_token).value();
        const std::string nonce(nonce_size, 'n');
        request.nego_token = last.token;
        if (version >= 5) request.client_nonce = nonce;
        const auto key = tls_->server_public_key().value();
        const auto proof =
            wrap(*inner->sealing_of_proof(), key_proof(Prover::client, version, nonce, key)).value();
        request.pub_key_auth = proof;
        change(request);
        return host.step(tls_->encrypt(write_ts_request(request)).value());
    }
    std::unique_ptr<crypto::TlsMemory> tls_ = test_client_tls(TlsVersions::modern)->begin().value();

private:
    auth::Credential options_;
};

// A right password shows by the answer with the host's proof, before anything is handed over.
TEST(Acceptor, KnowsWhoItIsWithItsProof) {
    for (const std::string& said : {std::string(password), std::string("wrong")}) {
        Pair setup;
        setup.said_password = said;
        Exchange exchange(setup);
        int known = 0;
        exchange.on_the_way = [&](std::string token) {
            const auto* const who = exchange.server->proven();
            if (who != nullptr && who->user() == "alice") ++known;
            return token;
        };
        exchange.run();
        EXPECT_EQ(exchange.done(), said == password);
        EXPECT_EQ(known, said == password ? 2 : 0);  // The host's proof, and what answers it.
    }
}

TEST(Acceptor, TakesEveryVersion) {
    for (unsigned version = 2; version <= 7; ++version) {
        Exchange exchange;
        const auto step = HandMade().run(*exchange.server, version, [](TsRequest&) {});
        ASSERT_TRUE(step.ok()) << version << ": " << step.error().message();
        EXPECT_FALSE(step->identity);  // Not before it has handed over.
    }
    Exchange exchange;
    EXPECT_FALSE(HandMade().run(*exchange.server, 1, [](TsRequest&) {}).ok());
}

TEST(Acceptor, RefusesAProofThatIsNotRight) {
    const std::string other(48, 'x'), short_nonce(31, 'n'), other_nonce(32, 'm');
    const std::vector<std::function<void(TsRequest&)>> changes{
        [&](TsRequest& request) { request.pub_key_auth = other; },
        [&](TsRequest& request) { request.pub_key_auth = std::string_view(other).substr(0, 3); },
        [&](TsRequest& request) { request.client_nonce = other_nonce; },
        [&](TsRequest& request) { request.client_nonce = short_nonce; },
        [&](TsRequest& request) { request.client_nonce.reset(); },
        [&](TsRequest& request) { request.nego_token.reset(); },
        [&](TsRequest& request) { request.version = 2; },  // The proof is of version 6.
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Exchange exchange;
        const auto step = HandMade().run(*exchange.server, 6, changes[i]);
        EXPECT_FALSE(step.ok()) << i;
        EXPECT_FALSE(exchange.server->step("more").ok()) << i;
        EXPECT_EQ(exchange.server->sealing(), nullptr);
    }
}

TEST(Acceptor, HasLimits) {
    Exchange exchange;
    EXPECT_FALSE(exchange.server->step({}).ok());
    Exchange other;
    EXPECT_FALSE(other.server->step(std::string(max_message + 1, '\x16')).ok());
}

}  // namespace
}  // namespace mullion::credssp
