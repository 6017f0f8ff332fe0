// Both ends of TLS over loopback: which certificates are accepted, and what each refusal is called.
#include "net/tls.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "crypto/x509.h"
#include "net/tests/certificates.h"
#include "net/tests/loop.h"

namespace mullion::net {
namespace {

using testing::Folder;
using testing::make;
using testing::Pair;
using testing::Wish;

std::shared_ptr<const TlsServer> server_of(const Pair& pair, const std::string& more = "") {
    auto made = TlsServer::make(pair.pem() + more, Secret(pair.key_pem()));
    EXPECT_TRUE(made.ok());
    return *made;
}

class Tls : public ::testing::Test {
protected:
    Tls() { rules.ca_file = folder.write("ca.pem", ca.pem()); }

    Ends talk(const Pair& host, const std::string& name = "localhost",
              const std::string& address = "127.0.0.1") {
        auto client = TlsClient::make(rules);
        EXPECT_TRUE(client.ok()) << client.error().message();
        if (!client) return {};
        return connect_both(loop, *client, server_of(host), name, address);
    }
    void expect_refused(const Pair& host, ErrorId id, const std::string& name = "localhost") {
        const auto ends = talk(host, name);
        ASSERT_FALSE(ends.client.ok()) << "accepted";
        EXPECT_EQ(ends.client.error().info().id, row(id).id) << ends.client.error().message();
    }
    void expect_accepted(const Pair& host, const std::string& name = "localhost") {
        const auto ends = talk(host, name);
        EXPECT_TRUE(ends.client.ok()) << ends.client.error().message();
        EXPECT_TRUE(ends.server.ok()) << ends.server.error().message();
    }

    Folder folder;
    Loop loop;
    TlsVerification rules;
    Pair ca = make({.common_name = "Test CA", .authority = true});
    Pair good = make({}, &ca);
};

Task<std::string> read_to_end(Stream& stream) {
    std::string all;
    std::array<char, 5000> part;
    while (true) {
        const auto count = co_await stream.read_some(part);
        if (!count) co_return "error " + std::string(count.error().info().id);
        if (*count == 0) co_return all;
        all.append(part.data(), *count);
    }
}
Task<void> write_and_close(Stream& stream, std::string text) {
    (void)co_await stream.write(text);
    stream.close();
}

TEST_F(Tls, CarriesBytesBothWaysAndEndsInOrder) {
    auto ends = talk(good);
    ASSERT_TRUE(ends.client.ok() && ends.server.ok());
    const std::string much(3'000'000, 'x');
    loop.start(write_and_close(**ends.client, much));
    EXPECT_EQ(loop.run(read_to_end(**ends.server)), much);
}

TEST_F(Tls, TellsBothSidesTheFacts) {
    const auto ends = talk(good);
    ASSERT_TRUE(ends.client.ok() && ends.server.ok());
    const auto* client = (*ends.client)->tls();
    const auto* server = (*ends.server)->tls();
    ASSERT_TRUE(client && server);
    EXPECT_EQ(client->version, "TLSv1.3");
    EXPECT_FALSE(client->peer_certificate.empty());
    EXPECT_EQ(client->peer_certificate, server->own_certificate);
    EXPECT_TRUE(server->peer_certificate.empty());
}

TEST_F(Tls, AnIdleConnectionIsNotStaleUntilThePeerEndsIt) {
    auto ends = talk(good);
    ASSERT_TRUE(ends.client.ok() && ends.server.ok());
    EXPECT_FALSE((*ends.client)->stale());
    EXPECT_FALSE((*ends.server)->stale());
    (*ends.server)->close();
    EXPECT_TRUE((*ends.client)->stale());
}

TEST_F(Tls, RefusesAnAuthorityItDoesNotKnow) {
    const auto other = make({.common_name = "Other CA", .authority = true});
    expect_refused(make({}, &other), ErrorId::tls_untrusted);
    expect_refused(make({}), ErrorId::tls_untrusted);
}

TEST_F(Tls, TheSystemsStoreDoesNotTrustATestAuthority) {
    rules.ca_file.clear();
    expect_refused(good, ErrorId::tls_untrusted);
}

TEST_F(Tls, TrustsTheHostsOwnCertificateWhenItIsNamed) {
    const auto own = make({});
    rules.ca_file = folder.write("own.pem", own.pem());
    expect_accepted(own);
    expect_refused(good, ErrorId::tls_untrusted);
}

TEST_F(Tls, TrustsWhatCryptoMakesForAService) {
    auto made = crypto::make_self_signed({"localhost", "127.0.0.1"}, std::chrono::hours(24));
    ASSERT_TRUE(made.ok());
    rules.ca_file = folder.write("own.pem", made->certificate_pem);
    auto client = TlsClient::make(rules);
    auto server = TlsServer::make(made->certificate_pem, made->key_pem);
    ASSERT_TRUE(client.ok() && server.ok());
    EXPECT_TRUE(connect_both(loop, *client, *server, "").client.ok());
}

TEST_F(Tls, ReadsSeveralAuthoritiesFromAFileOrAFolder) {
    const auto other = make({.common_name = "Other CA", .authority = true});
    rules.ca_file = folder.write("both.pem", other.pem() + ca.pem());
    expect_accepted(good);
    const Folder two;
    (void)two.write("one.pem", other.pem());
    (void)two.write("unhashed name.crt", ca.pem());
    (void)two.write("README", "no certificate");
    rules.ca_file = two.path();
    expect_accepted(good);
}

TEST_F(Tls, ChecksAChainWithAnAuthorityInTheMiddle) {
    const auto middle = make({.common_name = "Middle CA", .authority = true}, &ca);
    const auto leaf = make({}, &middle);
    auto client = TlsClient::make(rules);
    ASSERT_TRUE(client.ok());
    EXPECT_TRUE(connect_both(loop, *client, server_of(leaf, middle.pem()), "localhost").client.ok());
    EXPECT_FALSE(connect_both(loop, *client, server_of(leaf), "localhost").client.ok());
}

TEST_F(Tls, RefusesAnotherNameAndSaysWhich) {
    const auto ends = talk(good, "web01.example.test");
    ASSERT_FALSE(ends.client.ok());
    EXPECT_EQ(ends.client.error().info().id, "tls.name");
    EXPECT_NE(ends.client.error().detail.find("web01.example.test"), std::string::npos);
    EXPECT_NE(ends.client.error().detail.find("localhost"), std::string::npos) << ends.client.error().detail;
}

TEST_F(Tls, ChecksAddressesAsAddresses) {
    expect_accepted(good, "127.0.0.1");
    expect_accepted(good, "::1");
    expect_refused(good, ErrorId::tls_name, "127.0.0.2");
    // An address written as a DNS name is no address (RFC 6125).
    expect_refused(make({.alternative = "DNS:127.0.0.1"}, &ca), ErrorId::tls_name, "127.0.0.1");
}

TEST_F(Tls, AnOddNameIsNotNoName) {
    const auto below = make({.alternative = "DNS:a.example.test"}, &ca);
    for (const auto& name : {std::string("."), std::string("localhost\0.elsewhere", 20), std::string("%"),
                             std::string(".example.test")}) {
        expect_refused(below, ErrorId::tls_name, name);
    }
    rules.check_name = false;
    expect_accepted(below, ".");
}

TEST_F(Tls, RefusesADateThatIsOver) {
    expect_refused(make({.from_days = -20, .until_days = -2}, &ca), ErrorId::tls_expired);
    expect_refused(make({.from_days = 2, .until_days = 20}, &ca), ErrorId::tls_expired);
}

TEST_F(Tls, SkippingTheAuthorityStillChecksNameAndDate) {
    rules.check_chain = false;
    rules.ca_file.clear();
    expect_accepted(make({}));
    expect_refused(make({}), ErrorId::tls_name, "elsewhere.test");
    expect_refused(make({.from_days = -20, .until_days = -2}), ErrorId::tls_expired);
}

TEST_F(Tls, SkippingTheNameStillChecksTheAuthority) {
    rules.check_name = false;
    expect_accepted(good, "elsewhere.test");
    expect_refused(make({}), ErrorId::tls_untrusted, "elsewhere.test");
}

TEST_F(Tls, APinReplacesAuthorityAndName) {
    const auto own = make({});
    const auto der = crypto::certificate_der(own.pem());
    ASSERT_TRUE(der.ok());
    const auto info = crypto::describe_certificate(*der);
    ASSERT_TRUE(info.ok());
    rules.ca_file.clear();
    rules.pin = "sha256:" + info->sha256;
    expect_accepted(own, "elsewhere.test");
    expect_refused(good, ErrorId::tls_pin);
}

TEST_F(Tls, RefusesAPinThatIsNone) {
    for (const std::string pin : {"sha256:", "sha256:12", "sha1:aa", "sha256:zz", "garbage"}) {
        rules.pin = pin;
        const auto client = TlsClient::make(rules);
        ASSERT_FALSE(client.ok()) << pin;
        EXPECT_EQ(client.error().info().id, "tls.files");
    }
}

TEST_F(Tls, LooksIntoTheRevocationList) {
    rules.crl_file = folder.write("crl.pem", revocation_list(ca, {7}));
    expect_accepted(good);
    const auto revoked = make({.serial = 7}, &ca);
    expect_refused(revoked, ErrorId::tls_revoked);
    rules.check_revocation = false;
    expect_accepted(revoked);
}

TEST_F(Tls, AListThatIsOldOrOfAnotherAuthorityDoesNotPass) {
    rules.crl_file = folder.write("crl.pem", revocation_list(ca, {}, -1));
    expect_refused(good, ErrorId::tls_revoked);
    const auto other = make({.common_name = "Other CA", .authority = true});
    rules.crl_file = folder.write("crl.pem", revocation_list(other, {}));
    expect_refused(good, ErrorId::tls_revoked);
}

TEST_F(Tls, ADamagedCertificateHidesNoOther) {
    const std::string damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    rules.ca_file = folder.write("damaged.pem", damaged + ca.pem());
    const auto client = TlsClient::make(rules);
    ASSERT_FALSE(client.ok());
    EXPECT_NE(client.error().detail.find("certificate 1 cannot be read"), std::string::npos)
        << client.error().detail;
    const auto server = TlsServer::make(good.pem() + damaged + ca.pem(), Secret(good.key_pem()));
    ASSERT_FALSE(server.ok());
    EXPECT_NE(server.error().detail.find("certificate 2"), std::string::npos) << server.error().detail;
}

TEST_F(Tls, SaysWhichFileCannotBeUsed) {
    const auto refused = [](const std::string& ca, const std::string& crl, const std::string& certificate,
                            const std::string& key, const std::string& said) {
        TlsVerification wrong;
        wrong.ca_file = ca;
        wrong.crl_file = crl;
        wrong.client_certificate_file = certificate;
        wrong.client_key_file = key;
        const auto client = TlsClient::make(wrong);
        ASSERT_FALSE(client.ok());
        EXPECT_EQ(client.error().info().id, "tls.files");
        EXPECT_NE(client.error().detail.find(said), std::string::npos) << client.error().detail;
    };
    const auto empty = folder.write("empty.pem", "");
    const auto certificate = folder.write("client.pem", good.pem());
    const auto locked = folder.write("locked.pem", good.key_pem("secret"));
    const auto foreign = folder.write("foreign.pem", ca.key_pem());
    refused("/nonexistent/ca.pem", "", "", "", "/nonexistent/ca.pem");
    refused(empty, "", "", "", empty);
    refused("", empty, "", "", empty);
    refused("", "", certificate, "", "no private key");
    refused("", "", "", foreign, "needs its certificate");
}

TEST_F(Tls, HttpOnTheTlsPortIsToldSo) {
    auto listener = listen(loop.executor(), "127.0.0.1", 0);
    ASSERT_TRUE(listener.ok());
    const auto accepted = std::make_shared<std::optional<Result<std::unique_ptr<Stream>>>>();
    loop.start(accept_one(loop.executor(), **listener, server_of(good), accepted));
    const Endpoint endpoint{"127.0.0.1", (*listener)->port(), nullptr, ""};
    auto client = loop.run(connect(loop.executor(), loop.pool(), endpoint, far_off()));
    ASSERT_TRUE(client.ok());
    ASSERT_TRUE(loop.run((*client)->write("POST /wsman HTTP/1.1\r\nHost: x\r\n\r\n")).ok());
    const auto answer = loop.run(read_to_end(**client));
    EXPECT_TRUE(answer.starts_with("HTTP/1.0 400 ")) << answer;
    EXPECT_NE(answer.find("HTTPS"), std::string::npos);
    (*client)->close();
    while (!accepted->has_value()) loop.run(one_turn(loop.executor()));
    ASSERT_FALSE((*accepted)->ok());
    EXPECT_EQ((*accepted)->error().info().id, "tls.not_tls");
}

Task<void> answer_with(Executor executor, Listener& listener, std::string text) {
    auto accepted = co_await listener.accept();
    auto stream = co_await adopt(executor, *accepted, nullptr, far_off());
    std::array<char, 2000> part;
    (void)co_await (*stream)->read_some(part);
    (void)co_await (*stream)->write(text);
    (void)co_await (*stream)->read_some(part);
}

TEST_F(Tls, SaysWhenThePortDoesNotSpeakTls) {
    const std::vector<std::pair<std::string, ErrorId>> answers{
        {"HTTP/1.1 400 Bad Request\r\n\r\n", ErrorId::tls_not_tls},
        {"SSH-2.0-OpenSSH_9.2\r\n", ErrorId::tls_not_tls},
        {std::string("\x15\x03\x03\x00\x02\x02\x28", 7), ErrorId::tls_handshake}};
    auto client = TlsClient::make(rules);
    ASSERT_TRUE(client.ok());
    for (const auto& [text, id] : answers) {
        auto listener = listen(loop.executor(), "127.0.0.1", 0);
        ASSERT_TRUE(listener.ok());
        loop.start(answer_with(loop.executor(), **listener, text));
        const Endpoint endpoint{"127.0.0.1", (*listener)->port(), *client, "localhost"};
        const auto stream = loop.run(connect(loop.executor(), loop.pool(), endpoint, far_off()));
        ASSERT_FALSE(stream.ok());
        EXPECT_EQ(stream.error().info().id, row(id).id) << stream.error().message();
    }
}

TEST_F(Tls, FailsAfterItsDeadlineAndAfterClosing) {
    auto ends = talk(good);
    ASSERT_TRUE(ends.client.ok() && ends.server.ok());
    (*ends.client)->expires_at(in_ms(-1));
    std::array<char, 1> byte;
    const auto expired = loop.run((*ends.client)->read_some(byte));
    ASSERT_FALSE(expired.ok());
    EXPECT_EQ(expired.error().info().id, "net.read_timeout");
    (*ends.client)->close();
    const auto closed = loop.run((*ends.client)->read_some(byte));
    ASSERT_FALSE(closed.ok());
    EXPECT_EQ(closed.error().info().id, "net.closed");
}

}  // namespace
}  // namespace mullion::net
