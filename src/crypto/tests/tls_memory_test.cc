// Both ends of TLS in memory.
#include "crypto/tls_memory.h"

#include <gtest/gtest.h>

#include "crypto/x509.h"

namespace mullion::crypto {
namespace {

SelfSigned made_of(KeyKind kind) {
    auto made = make_self_signed({"localhost"}, std::chrono::hours(24), kind);
    EXPECT_TRUE(made.ok());
    return std::move(*made);
}

struct Ends {
    std::unique_ptr<TlsMemory> client, server;
};

std::unique_ptr<TlsMemory> begin(Result<std::shared_ptr<const TlsMemoryContext>> context) {
    EXPECT_TRUE(context.ok()) << context.error().message();
    auto made = (*context)->begin();
    EXPECT_TRUE(made.ok());
    return std::move(*made);
}

Ends fresh(TlsVersions client, TlsVersions server, KeyKind kind = KeyKind::ec) {
    const auto made = made_of(kind);
    return {begin(TlsMemoryContext::client(client)),
            begin(TlsMemoryContext::server(made.certificate_pem, made.key_pem, server))};
}

// Token for token as over HTTP, until neither has anything to say. The last word of the server may come when
// the client is done.
Result<void> shake_hands(Ends& ends) {
    std::string said;
    for (int leg = 0; leg < 6; ++leg) {
        MULLION_ASSIGN(const std::string asked, ends.client->handshake(said));
        if (asked.empty()) return {};
        MULLION_ASSIGN(said, ends.server->handshake(asked));
        EXPECT_FALSE(said.empty()) << "nothing to answer HTTP's request with";
    }
    return Error(ErrorId::tls_handshake, "no end");
}

struct Case {
    TlsVersions versions;
    KeyKind kind;
    const char* name;
};
const Case cases[] = {{TlsVersions::modern, KeyKind::ec, "TLSv1.3"},
                      {TlsVersions::modern, KeyKind::rsa, "TLSv1.3"},
                      {TlsVersions::tls12, KeyKind::ec, "TLSv1.2"},
                      {TlsVersions::tls12, KeyKind::rsa, "TLSv1.2"},
                      {TlsVersions::legacy, KeyKind::rsa, "TLSv1.1"}};

TEST(TlsMemory, SpeaksBothWays) {
    for (const Case& one : cases) {
        Ends ends = fresh(one.versions, one.versions, one.kind);
        const auto shaken = shake_hands(ends);
        ASSERT_TRUE(shaken.ok()) << shaken.error().message();
        EXPECT_TRUE(ends.client->connected() && ends.server->connected());
        EXPECT_TRUE(ends.client->description().starts_with(one.name)) << ends.client->description();
        EXPECT_EQ(ends.client->server_public_key().value(), ends.server->server_public_key().value());
        for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{1000}, tls_record_data}) {
            const std::string clear(size, 'x');
            const auto up = ends.client->encrypt(clear);
            ASSERT_TRUE(up.ok());
            EXPECT_EQ(ends.server->decrypt(*up).value(), clear);
            const auto down = ends.server->encrypt(clear);
            ASSERT_TRUE(down.ok());
            EXPECT_EQ(ends.client->decrypt(*down).value(), clear);
        }
    }
}

TEST(TlsMemory, GivesTheBitsOfTheKeyAlone) {
    Ends rsa = fresh(TlsVersions::modern, TlsVersions::modern, KeyKind::rsa);
    ASSERT_TRUE(shake_hands(rsa).ok());
    const auto key = rsa.client->server_public_key().value();
    EXPECT_EQ(key.size(), 270u);                       // RSAPublicKey of 2048 bits.
    EXPECT_TRUE(key.starts_with("\x30\x82\x01\x0a"));  // SEQUENCE
    Ends ec = fresh(TlsVersions::modern, TlsVersions::modern, KeyKind::ec);
    ASSERT_TRUE(shake_hands(ec).ok());
    const auto point = ec.client->server_public_key().value();
    EXPECT_EQ(point.size(), 65u);
    EXPECT_EQ(point[0], 4);  // Uncompressed.
}

TEST(TlsMemory, KnowsWhatStandsBehindTheText) {
    for (const Case& one : cases) {
        Ends ends = fresh(one.versions, one.versions, one.kind);
        ASSERT_TRUE(shake_hands(ends).ok());
        const bool v13 = one.versions == TlsVersions::modern, v12 = one.versions == TlsVersions::tls12;
        // TLS 1.1: SHA-1's 20 bytes, and padding to whole blocks of AES.
        EXPECT_EQ(ends.client->trailer_length(100), v13 ? 17u : v12 ? 16u : 28u);
        EXPECT_EQ(ends.client->trailer_length(108), v13 ? 17u : v12 ? 16u : 36u);
    }
}

TEST(TlsMemory, KeepsWhatFollowsTheHandshake) {
    Ends ends = fresh(TlsVersions::modern, TlsVersions::modern);
    const auto hello = ends.client->handshake({});
    const auto flight = ends.server->handshake(*hello);
    const auto finished = ends.client->handshake(*flight);
    ASSERT_TRUE(ends.client->connected());
    const auto first = ends.client->encrypt("first");
    ASSERT_TRUE(ends.server->handshake(*finished + *first).ok());
    EXPECT_TRUE(ends.server->connected());
    EXPECT_EQ(ends.server->decrypt({}).value(), "first");
}

TEST(TlsMemory, RefusesEveryTruncationOfARecord) {
    for (const auto versions : {TlsVersions::modern, TlsVersions::tls12}) {
        const auto made = made_of(KeyKind::ec);
        const auto client = TlsMemoryContext::client(versions).value();
        const auto server = TlsMemoryContext::server(made.certificate_pem, made.key_pem, versions).value();
        for (std::size_t length = 1;; ++length) {
            Ends ends{client->begin().value(), server->begin().value()};
            ASSERT_TRUE(shake_hands(ends).ok());
            const auto record = ends.client->encrypt("some words");
            if (length == record->size()) break;
            EXPECT_FALSE(ends.server->decrypt(std::string_view(*record).substr(0, length)).ok()) << length;
            EXPECT_FALSE(ends.server->decrypt(*record).ok());  // And nothing more is heard.
        }
    }
}

TEST(TlsMemory, RefusesEveryTruncationOfAHandshake) {
    const auto client = TlsMemoryContext::client(TlsVersions::modern).value()->begin().value();
    const auto hello = client->handshake({}).value();
    const auto made = made_of(KeyKind::ec);
    const auto context = TlsMemoryContext::server(made.certificate_pem, made.key_pem).value();
    for (std::size_t length = 0; length < hello.size(); ++length) {
        const auto server = context->begin().value();
        const auto said = server->handshake(std::string_view(hello).substr(0, length));
        EXPECT_TRUE(!said.ok() || said->empty());  // It waits for the rest.
        EXPECT_FALSE(server->connected());
    }
}

TEST(TlsMemory, RefusesChangedReplayedAndReorderedRecords) {
    Ends ends = fresh(TlsVersions::modern, TlsVersions::modern);
    ASSERT_TRUE(shake_hands(ends).ok());
    auto record = ends.client->encrypt("some words").value();
    record.back() = static_cast<char>(record.back() ^ 1);
    EXPECT_FALSE(ends.server->decrypt(record).ok());

    Ends again = fresh(TlsVersions::modern, TlsVersions::modern);
    ASSERT_TRUE(shake_hands(again).ok());
    const auto one = again.client->encrypt("one").value();
    EXPECT_EQ(again.server->decrypt(one).value(), "one");
    EXPECT_FALSE(again.server->decrypt(one).ok());
}

TEST(TlsMemory, SaysWhenNoVersionIsInCommon) {
    Ends ends = fresh(TlsVersions::modern, TlsVersions::legacy, KeyKind::rsa);
    EXPECT_FALSE(shake_hands(ends).ok());
    EXPECT_TRUE(ends.server->version_refused());
    Ends other = fresh(TlsVersions::legacy, TlsVersions::modern, KeyKind::rsa);
    EXPECT_FALSE(shake_hands(other).ok());
    EXPECT_TRUE(other.server->version_refused());
}

TEST(TlsMemory, TellsOtherFailuresApart) {
    const auto client = begin(TlsMemoryContext::client(TlsVersions::modern));
    ASSERT_TRUE(client->handshake({}).ok());
    const auto answer =
        client->handshake(std::string("\x15\x03\x03\x00\x02\x02\x28", 7));  // handshake_failure
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::tls_handshake);
    EXPECT_FALSE(client->version_refused());
}

TEST(TlsMemory, HasLimits) {
    Ends ends = fresh(TlsVersions::modern, TlsVersions::modern);
    ASSERT_TRUE(shake_hands(ends).ok());
    EXPECT_FALSE(ends.client->encrypt(std::string(tls_record_data + 1, 'x')).ok());
    Ends more = fresh(TlsVersions::modern, TlsVersions::modern);
    EXPECT_FALSE(more.server->handshake(std::string(1024 * 1024, '\x16')).ok());
    EXPECT_FALSE(more.client->encrypt("too early").ok());
}

TEST(TlsMemory, WantsAKeyThatFits) {
    const auto one = made_of(KeyKind::ec), other = made_of(KeyKind::ec);
    const auto made = TlsMemoryContext::server(one.certificate_pem, other.key_pem);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().id, ErrorId::tls_files);
    EXPECT_FALSE(TlsMemoryContext::server("nonsense", one.key_pem).ok());
}

}  // namespace
}  // namespace mullion::crypto
