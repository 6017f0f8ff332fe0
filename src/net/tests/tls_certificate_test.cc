// Client certificates: asked for at the handshake, after it (TLS 1.3) and by negotiating anew (TLS 1.2); what
// stands in the files; and hosts that ask on and on or become somebody else.
#include <gtest/gtest.h>
#include <openssl/pkcs12.h>

#include <array>

#include "net/tests/certificates.h"
#include "net/tests/loop.h"
#include "net/tls.h"
#include "net/tls_server.h"
#include "net/tls_verify.h"

namespace mullion::net {
namespace {

using testing::Folder;
using testing::make;
using testing::Pair;

Task<std::string> read_once(Stream& stream) {
    std::array<char, 100'000> part;
    const auto count = co_await stream.read_some(part);
    if (!count) co_return "error " + std::string(count.error().info().id) + ": " + count.error().detail;
    co_return std::string(part.data(), *count);
}
Task<void> read_into(Stream& stream, std::shared_ptr<std::optional<std::string>> into) {
    into->emplace(co_await read_once(stream));
}
Task<void> write_all(Stream& stream, std::string text) {
    (void)co_await stream.write(text);
}

std::string der_of(const Pair& pair) {
    return to_der(pair.certificate.get());
}

class TlsCertificate : public ::testing::TestWithParam<int> {
protected:
    TlsCertificate() {
        rules.ca_file = folder.write("ca.pem", ca.pem());
        rules.client_certificate_file = folder.write("client.pem", own.pem());
        rules.client_key_file = folder.write("client.key", own.key_pem());
    }
    void connect(AskForCertificate ask) {
        auto client = TlsClient::make(rules);
        ASSERT_TRUE(client.ok()) << client.error().message();
        auto server = TlsServer::make(host.pem(), Secret(host.key_pem()), ask);
        ASSERT_TRUE(server.ok());
        SSL_CTX_set_max_proto_version(server.value()->state().context.get(), GetParam());
        server_settings = *server;
        ends = connect_both(loop, *client, *server, "localhost");
        ASSERT_TRUE(ends.client.ok() && ends.server.ok());
        (*ends.client)->expires_at(far_off());
        (*ends.server)->expires_at(far_off());
    }
    // What the server has after it asked, while the client waits for an answer as it does after a request.
    Result<void> ask(std::size_t keep = 1000) {
        answer = std::make_shared<std::optional<std::string>>();
        loop.start(read_into(**ends.client, answer));
        return loop.run((*ends.server)->request_certificate(keep));
    }
    void expect_still_talking() {
        ASSERT_TRUE(loop.run((*ends.server)->write("answer")).ok());
        while (!answer->has_value()) loop.run(one_turn(loop.executor()));
        EXPECT_EQ(**answer, "answer");
    }

    Folder folder;
    Loop loop;
    Pair ca = make({.common_name = "Test CA", .authority = true});
    Pair host = make({}, &ca);
    Pair own = make({.common_name = "ann", .use = "clientAuth"});
    TlsVerification rules;
    std::shared_ptr<const TlsServer> server_settings;
    std::shared_ptr<std::optional<std::string>> answer;
    Ends ends;
};

TEST_P(TlsCertificate, IsShownAtTheHandshakeWhenItIsAskedFor) {
    connect(AskForCertificate::at_handshake);
    EXPECT_EQ((*ends.server)->tls()->peer_certificate, der_of(own));
    EXPECT_TRUE((*ends.client)->tls()->asked_for_certificate);
}

TEST_P(TlsCertificate, IsNotShownUnasked) {
    connect(AskForCertificate::later);
    EXPECT_TRUE((*ends.server)->tls()->peer_certificate.empty());
    EXPECT_FALSE((*ends.client)->tls()->asked_for_certificate);
}

TEST_P(TlsCertificate, NobodyNeedsOne) {
    rules.client_certificate_file = rules.client_key_file = "";
    connect(AskForCertificate::at_handshake);
    EXPECT_TRUE((*ends.server)->tls()->peer_certificate.empty());
}

TEST_P(TlsCertificate, IsShownAfterTheHandshake) {
    connect(AskForCertificate::later);
    const auto asked = ask();
    ASSERT_TRUE(asked.ok()) << asked.error().message();
    EXPECT_EQ((*ends.server)->tls()->peer_certificate, der_of(own));
    expect_still_talking();
    EXPECT_TRUE((*ends.client)->tls()->asked_for_certificate);
    EXPECT_FALSE((*ends.client)->stale());
    EXPECT_FALSE((*ends.server)->stale());
}

TEST_P(TlsCertificate, WhatTheClientWasWritingIsKept) {
    connect(AskForCertificate::later);
    const std::string body(40'000, 'b');
    ASSERT_TRUE(loop.run((*ends.client)->write("half" + body)).ok());
    const auto asked = ask(100'000);
    ASSERT_TRUE(asked.ok()) << asked.error().message();
    EXPECT_EQ((*ends.server)->tls()->peer_certificate, der_of(own));
    std::string got;
    while (got.size() < body.size() + 4) got += loop.run(read_once(**ends.server));
    EXPECT_EQ(got, "half" + body);
    expect_still_talking();
}

TEST_P(TlsCertificate, WhoWritesOnAndOnIsNotWaitedFor) {
    connect(AskForCertificate::later);
    loop.start(write_all(**ends.client, std::string(200'000, 'b')));
    const auto asked = loop.run((*ends.server)->request_certificate(50'000));
    ASSERT_FALSE(asked.ok());
    EXPECT_EQ(asked.error().info().id, "http.too_large");
}

TEST_P(TlsCertificate, WhoHasNoneIsNobodyAndStaysConnected) {
    rules.client_certificate_file = rules.client_key_file = "";
    connect(AskForCertificate::later);
    const auto asked = ask();
    EXPECT_TRUE((*ends.server)->tls()->peer_certificate.empty());
    if (!asked.ok()) return;  // Under TLS 1.2 OpenSSL's own client was told to refuse all of it.
    expect_still_talking();
}

// service-protocol.md 3.9: 16 KB at most.
TEST_P(TlsCertificate, HasABoundedSize) {
    for (const std::size_t names : {200U, 240U}) {
        std::string alternative = "DNS:localhost";
        for (std::size_t i = 0; i < names; ++i)
            alternative += ",DNS:n" + std::to_string(1000 + i) + "." + std::string(60, 'a') + ".test";
        own = make({.common_name = "ann", .alternative = alternative, .use = "clientAuth"});
        const bool fits = der_of(own).size() <= 16'384;
        EXPECT_EQ(fits, names == 200U) << der_of(own).size();
        rules.client_certificate_file = folder.write("client.pem", own.pem());
        rules.client_key_file = folder.write("client.key", own.key_pem());
        connect(AskForCertificate::later);
        const auto asked = ask();
        EXPECT_EQ(asked.ok(), fits);
        EXPECT_EQ((*ends.server)->tls()->peer_certificate, fits ? der_of(own) : "");
    }
}

TEST_P(TlsCertificate, AClientThatNeverAnswersMeetsTheDeadline) {
    connect(AskForCertificate::later);
    (*ends.server)->expires_at(in_ms(50));
    const auto asked = loop.run((*ends.server)->request_certificate(1000));
    ASSERT_FALSE(asked.ok());
    EXPECT_EQ(asked.error().info().id, "net.read_timeout");
}

TEST_P(TlsCertificate, IsAskedForOnce) {
    connect(AskForCertificate::at_handshake);
    EXPECT_TRUE(loop.run((*ends.server)->request_certificate(1000)).ok());  // Nobody reads: nothing is sent.
    EXPECT_EQ((*ends.server)->tls()->peer_certificate, der_of(own));
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsCertificate, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& one) { return one.param == TLS1_2_VERSION ? "Tls12" : "Tls13"; });

class TlsClientFiles : public ::testing::Test {
protected:
    void expect(ErrorId id, const std::string& certificate, const std::string& key = "",
                const std::string& password = "") {
        const auto made = load(certificate, key, password);
        ASSERT_FALSE(made.ok());
        EXPECT_EQ(made.error().info().id, row(id).id) << made.error().message();
        EXPECT_NE(made.error().detail.find(certificate), std::string::npos) << made.error().detail;
    }
    static Result<std::shared_ptr<const TlsClient>> load(const std::string& certificate,
                                                         const std::string& key = "",
                                                         const std::string& password = "") {
        TlsVerification rules;
        rules.check_chain = false;
        rules.client_certificate_file = certificate;
        rules.client_key_file = key;
        rules.client_key_password_file = password;
        return TlsClient::make(rules);
    }
    [[nodiscard]] std::string pfx(const char* password) const {
        auto* file =
            PKCS12_create(password, "ann", own.key.get(), own.certificate.get(), nullptr, 0, 0, 0, 0, 0);
        BIO* bio = BIO_new(BIO_s_mem());
        i2d_PKCS12_bio(bio, file);
        PKCS12_free(file);
        return testing::pem_of(bio);
    }

    Folder folder;
    Pair own = make({.common_name = "ann", .use = "clientAuth"});
    Pair other = make({});
    std::string certificate = folder.write("client.pem", own.pem());
    std::string right = folder.write("right", "correct horse\nand more\n");
    std::string wrong = folder.write("wrong", "battery staple\n");
};

TEST_F(TlsClientFiles, TheKeyMayBeInTheCertificatesFile) {
    EXPECT_TRUE(load(folder.write("both.pem", own.pem() + own.key_pem())).ok());
    EXPECT_TRUE(load(folder.write("turned.pem", own.key_pem() + own.pem())).ok());
    EXPECT_TRUE(load(certificate, folder.write("key.pem", own.key_pem())).ok());
    expect(ErrorId::tls_files, certificate);
}

TEST_F(TlsClientFiles, AnEncryptedKeyNeedsItsPassword) {
    const auto locked = folder.write("locked.pem", own.key_pem("correct horse"));
    EXPECT_TRUE(load(certificate, locked, right).ok());
    expect(ErrorId::tls_client_key_password, certificate, locked, wrong);
    expect(ErrorId::tls_client_key_password, certificate, locked);
}

TEST_F(TlsClientFiles, Pkcs12IsToldByItsContent) {
    const auto locked = folder.write("any.name", pfx("correct horse"));
    EXPECT_TRUE(load(locked, "", right).ok());
    expect(ErrorId::tls_client_key_password, locked, "", wrong);
    expect(ErrorId::tls_client_key_password, locked);
    EXPECT_TRUE(load(folder.write("open.pfx", pfx(""))).ok());
    EXPECT_TRUE(load(folder.write("none.pfx", pfx(nullptr))).ok());
    expect(ErrorId::tls_files, locked, certificate, right);
    expect(ErrorId::tls_files, folder.write("cut.pfx", pfx("x").substr(0, 500)));
}

TEST_F(TlsClientFiles, TheKeyOfAnotherIsToldSo) {
    expect(ErrorId::tls_client_key, certificate, folder.write("other.key", other.key_pem()));
}

TEST_F(TlsClientFiles, WhatHasExpiredOrIsNotValidYetIsNotSent) {
    const auto old = make({.from_days = -30, .until_days = -1});
    expect(ErrorId::tls_client_expired, folder.write("old.pem", old.pem() + old.key_pem()));
    const auto early = make({.from_days = 1});
    expect(ErrorId::tls_client_expired, folder.write("early.pem", early.pem() + early.key_pem()));
}

TEST_F(TlsClientFiles, AnAuthorityInTheMiddleComesBehindInAnyOrder) {
    const auto ca = make({.common_name = "CA", .authority = true});
    const auto middle = make({.common_name = "Middle", .authority = true}, &ca);
    const auto leaf = make({.common_name = "leaf"}, &middle);
    const auto made =
        load(folder.write("all.pem", ca.pem() + middle.pem() + other.pem() + leaf.key_pem() + leaf.pem()));
    ASSERT_TRUE(made.ok()) << made.error().message();
    auto* context = (*made)->state().context.get();
    STACK_OF(X509)* chain = nullptr;
    SSL_CTX_get0_chain_certs(context, &chain);
    EXPECT_EQ(to_der(SSL_CTX_get0_certificate(context)), der_of(leaf));
    ASSERT_EQ(sk_X509_num(chain), 2);
    EXPECT_EQ(to_der(sk_X509_value(chain, 0)), der_of(middle));
    EXPECT_EQ(to_der(sk_X509_value(chain, 1)), der_of(ca));
}

// A host under TLS 1.2 that negotiates again and again, as the server's side below `Stream` does it.
class Negotiating : public ::testing::Test {
protected:
    Negotiating() {
        rules.ca_file = folder.write("ca.pem", ca.pem());
        rules.client_certificate_file = folder.write("client.pem", own.pem() + own.key_pem());
        context.reset(SSL_CTX_new(TLS_server_method()));
        SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
        SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
        SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);  // Resumed, it would show no certificate.
        use(host);
    }
    void use(const Pair& pair) {
        SSL_CTX_use_certificate(context.get(), pair.certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), pair.key.get());
    }
    // Both engines in memory; the client's checks are those of start_tls.
    void begin() {
        auto made = TlsClient::make(rules);
        ASSERT_TRUE(made.ok());
        settings = *made;
        check = std::make_unique<ServerCheck>(settings->state(), "localhost");
        client.reset(SSL_new(settings->state().context.get()));
        server.reset(SSL_new(context.get()));
        BIO *left = nullptr, *right = nullptr;
        BIO_new_bio_pair(&left, 0, &right, 0);
        SSL_set_bio(client.get(), left, left);
        SSL_set_bio(server.get(), right, right);
        check->attach(*client);
        SSL_set_connect_state(client.get());
        SSL_set_accept_state(server.get());
        ASSERT_TRUE(pump());
        check->settle(*client);
        ASSERT_FALSE(check->refusal());
    }
    bool pump() {
        for (int i = 0; i < 40 && !check->refusal(); ++i) {
            char byte = 0;
            SSL_do_handshake(client.get());
            SSL_read(client.get(), &byte, 1);
            SSL_do_handshake(server.get());
            SSL_read(server.get(), &byte, 1);
        }
        return !check->refusal() && SSL_is_init_finished(client.get()) && SSL_is_init_finished(server.get());
    }
    bool again() {
        SSL_renegotiate(server.get());
        return pump();
    }

    Folder folder;
    Pair ca = make({.common_name = "Test CA", .authority = true});
    Pair host = make({}, &ca);
    Pair own = make({.common_name = "ann", .use = "clientAuth"});
    TlsVerification rules;
    SslContext context;
    std::shared_ptr<const TlsClient> settings;
    std::unique_ptr<ServerCheck> check;
    SslHandle client, server;
};

TEST_F(Negotiating, TheSameHostMayDoSoAFewTimes) {
    begin();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(again()) << i;
}

TEST_F(Negotiating, AFloodIsEnded) {
    begin();
    int times = 0;
    while (times < 100 && again()) ++times;
    EXPECT_LT(times, 20);
    ASSERT_TRUE(check->refusal());
    EXPECT_EQ(check->refusal()->info().id, "tls.handshake");
}

TEST_F(Negotiating, AnotherHostIsNotThisOne) {
    begin();
    const auto twin = make({}, &ca);  // Of the same name, and trusted as well.
    SSL_use_certificate(server.get(), twin.certificate.get());
    SSL_use_PrivateKey(server.get(), twin.key.get());
    EXPECT_FALSE(again());
    ASSERT_TRUE(check->refusal());
    EXPECT_EQ(check->refusal()->info().id, "tls.untrusted");
}

TEST_F(Negotiating, WithoutAClientCertificateNothingIsNegotiatedAnew) {
    rules.client_certificate_file.clear();
    begin();
    SSL_renegotiate(server.get());
    (void)pump();
    EXPECT_EQ(SSL_total_renegotiations(client.get()), 0);
}

}  // namespace
}  // namespace mullion::net
