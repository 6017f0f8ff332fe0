#include "crypto/client_trust.h"

#include <gtest/gtest.h>

#include "crypto/client_certificate.h"
#include "crypto/keyed_certificate.h"
#include "crypto/tests/certificates.h"
#include "crypto/x509.h"
#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

using testing::make;
using testing::Pair;
using testing::revocation_list;

constexpr std::chrono::hours day{24};

std::string der_of(const std::string& pem) {
    const auto der = certificate_der(pem);
    EXPECT_TRUE(der.ok());
    return *der;
}
std::string thumbprint_of(const Pair& pair) {
    return describe_certificate(der_of(pair.pem()))->thumbprint;
}
const std::string upn = "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:ann@localhost,DNS:x";

class Trust : public ::testing::Test {
protected:
    Result<ProvenCertificate> verify(const Pair& leaf, const std::vector<std::string>& trusted,
                                     const std::vector<std::string>& lists = {},
                                     Duration later = Duration(0)) {
        std::vector<ClientTrust::Text> pems, crls;
        for (const auto& one : trusted) pems.push_back({"trusted", one});
        for (const auto& one : lists) crls.push_back({"list", one});
        const auto trust = ClientTrust::make(pems, crls);
        EXPECT_TRUE(trust.ok());
        return trust->verify(der_of(leaf.pem()), std::chrono::system_clock::now() + later);
    }
    void expect_refused(const Result<ProvenCertificate>& result, const std::string& why) {
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().info().id, "auth.rejected");
        EXPECT_NE(result.error().detail.find(why), std::string::npos) << result.error().detail;
    }
    Pair ca = make({.common_name = "CA", .authority = true});
    Pair good = make({.common_name = "ann", .alternative = upn, .use = "clientAuth"}, &ca);
};

TEST_F(Trust, BelievesWhatATrustedAuthoritySigned) {
    const auto proven = verify(good, {ca.pem()});
    ASSERT_TRUE(proven.ok()) << proven.error().message();
    EXPECT_EQ(proven->issuer, thumbprint_of(ca));
    EXPECT_EQ(proven->thumbprint, thumbprint_of(good));
    EXPECT_EQ(proven->upns, std::vector<std::string>{"ann@localhost"});
}

TEST_F(Trust, BelievesNobodyElse) {
    const auto other = make({.common_name = "CA", .authority = true});  // Of the same name.
    expect_refused(verify(good, {}), "unable to get");
    expect_refused(verify(good, {other.pem()}), "");
    expect_refused(verify(make({.common_name = "ann", .alternative = upn, .use = "clientAuth"}), {ca.pem()}),
                   "self");
}

TEST_F(Trust, TheSignerMustBeAbleToSign) {
    const auto web = make({.common_name = "web"}, &ca);
    const auto below = make({.common_name = "ann", .alternative = upn, .use = "clientAuth"}, &web);
    expect_refused(verify(below, {ca.pem(), web.pem()}), "");
}

TEST_F(Trust, TheDirectSignerCounts) {
    const auto middle = make({.common_name = "Middle", .authority = true}, &ca);
    const auto leaf = make({.common_name = "ann", .alternative = upn, .use = "clientAuth"}, &middle);
    expect_refused(verify(leaf, {ca.pem()}), "unable to get");
    const auto proven = verify(leaf, {middle.pem(), ca.pem()});
    ASSERT_TRUE(proven.ok()) << proven.error().message();
    EXPECT_EQ(proven->issuer, thumbprint_of(middle));
    EXPECT_TRUE(verify(leaf, {middle.pem()}).ok());
    // The leaf alone says nothing of who signed it.
    expect_refused(verify(leaf, {leaf.pem()}), "who signed it is not trusted");
}

TEST_F(Trust, WantsClientAuthenticationNamed) {
    expect_refused(verify(make({.alternative = upn}, &ca), {ca.pem()}), "not among its uses");
    expect_refused(verify(make({.alternative = upn, .use = "serverAuth"}, &ca), {ca.pem()}), "");
    EXPECT_TRUE(verify(make({.alternative = upn, .use = "serverAuth,clientAuth"}, &ca), {ca.pem()}).ok());
}

TEST_F(Trust, OnlyWhileItIsValid) {
    EXPECT_TRUE(verify(good, {ca.pem()}, {}, day * 29).ok());
    expect_refused(verify(good, {ca.pem()}, {}, day * 31), "expired");
    expect_refused(verify(good, {ca.pem()}, {}, -day * 2), "not yet valid");
}

TEST_F(Trust, NotOnceItIsRevoked) {
    const auto second = make({.alternative = upn, .serial = 7, .use = "clientAuth"}, &ca);
    const auto list = revocation_list(ca, {7});
    EXPECT_TRUE(verify(good, {ca.pem()}, {list}).ok());
    expect_refused(verify(second, {ca.pem()}, {list}), "revoked");
    // A list that is out of date tells nothing; another authority's is not asked.
    expect_refused(verify(good, {ca.pem()}, {revocation_list(ca, {7}, -1)}), "CRL has expired");
    const auto other = make({.common_name = "Other", .authority = true});
    EXPECT_TRUE(verify(good, {ca.pem()}, {revocation_list(other, {1})}).ok());
}

TEST_F(Trust, ReadsItsFilesWholeOrNotAtAll) {
    EXPECT_FALSE(ClientTrust::make({{"a", "nothing"}}, {}).ok());
    EXPECT_FALSE(ClientTrust::make({{"a", ca.pem() + "-----BEGIN CERTIFICATE-----\nAAAA\n"}}, {}).ok());
    EXPECT_FALSE(ClientTrust::make({{"a", ca.pem()}}, {{"b", ca.pem()}}).ok());
    const auto both = ClientTrust::make({{"a", ca.pem() + good.pem()}}, {});
    ASSERT_TRUE(both.ok());
    EXPECT_EQ(both->trusted(), (std::vector<std::string>{thumbprint_of(ca), thumbprint_of(good)}));
}

TEST_F(Trust, EveryTruncationIsRefused) {
    const auto trust = ClientTrust::make({{"a", ca.pem()}}, {});
    const auto der = der_of(good.pem());
    for (std::size_t size = 0; size < der.size(); ++size)
        EXPECT_FALSE(
            trust->verify(std::string_view(der).substr(0, size), std::chrono::system_clock::now()).ok());
    EXPECT_FALSE(trust->verify(der + "x", std::chrono::system_clock::now()).ok());
}

// The stores: what a certificate may do depends on where it lies.
class Stores : public Trust {
protected:
    Result<ProvenCertificate> ask(const Pair& leaf, Duration later = Duration(0)) {
        const auto trust = ClientTrust::make(texts);
        EXPECT_TRUE(trust.ok());
        named = trust->trusted();
        return trust->verify(der_of(leaf.pem()), std::chrono::system_clock::now() + later);
    }
    ClientTrust::Texts texts;
    std::vector<std::string> named;
    Pair middle = make({.common_name = "Middle", .authority = true}, &ca);
    Pair below = make({.common_name = "ann", .alternative = upn, .serial = 5, .use = "clientAuth"}, &middle);
    Pair own = make({.common_name = "own", .alternative = upn, .use = "clientAuth"});
};

TEST_F(Stores, AnIntermediateIsNothingWithoutItsRoot) {
    texts.intermediates = {{"ca", middle.pem()}};
    expect_refused(ask(below), "unable to get");
    EXPECT_TRUE(named.empty());
    texts.roots = {{"root", ca.pem()}};
    const auto proven = ask(below);
    ASSERT_TRUE(proven.ok()) << proven.error().message();
    EXPECT_EQ(proven->issuer, thumbprint_of(middle));
    EXPECT_EQ(named, (std::vector<std::string>{thumbprint_of(ca), thumbprint_of(middle)}));
}

TEST_F(Stores, ARevokedIntermediateSignsNothing) {
    texts.intermediates = {{"ca", middle.pem()}};
    texts.roots = {{"root", ca.pem()}};
    texts.revocation_lists = {{"list", revocation_list(ca, {77})}};
    EXPECT_TRUE(ask(below).ok());
    texts.revocation_lists = {{"list", revocation_list(ca, {1})}};  // The intermediate's serial number.
    expect_refused(ask(below), "revoked");
}

TEST_F(Stores, PeopleAreBelievedByThemselves) {
    expect_refused(ask(own), "self");
    texts.people = {{"people", own.pem()}};
    const auto proven = ask(own);
    ASSERT_TRUE(proven.ok()) << proven.error().message();
    EXPECT_EQ(proven->issuer, thumbprint_of(own));
    EXPECT_EQ(named, std::vector<std::string>{thumbprint_of(own)});
    expect_refused(ask(own, day * 31), "expired");
}

TEST_F(Stores, PeopleSignNobody) {
    texts.people = {{"people", ca.pem()}};
    expect_refused(ask(good), "unable to get");
    texts.people = {{"people", good.pem()}};  // Of a signer that is not trusted.
    expect_refused(ask(good), "unable to get");
    EXPECT_TRUE(named.empty());
}

TEST_F(Stores, ACertificateOfThePeoplesNameIsNotTheirs) {
    texts.people = {{"people", own.pem()}};
    expect_refused(ask(make({.common_name = "own", .alternative = upn, .use = "clientAuth"})), "self");
}

class OwnClient : public ::testing::TestWithParam<KeyKind> {};

TEST_P(OwnClient, IsBelievedWhereItIsTrusted) {
    const auto made = make_client_certificate("J\xc3\xb6rg, \"A\" \\B", "j\xc3\xb6rg,DNS:evil@localhost",
                                              GetParam(), day * 3650);
    ASSERT_TRUE(made.ok()) << made.error().message();
    const auto trust = ClientTrust::make({{"own", made->certificate_pem}}, {});
    ASSERT_TRUE(trust.ok());
    const auto proven =
        trust->verify(der_of(made->certificate_pem), std::chrono::system_clock::now() + day * 3600);
    ASSERT_TRUE(proven.ok()) << proven.error().message();
    EXPECT_EQ(proven->issuer, proven->thumbprint);
    EXPECT_EQ(proven->upns, std::vector<std::string>{"j\xc3\xb6rg,DNS:evil@localhost"});
    const auto info = describe_certificate(der_of(made->certificate_pem));
    EXPECT_EQ(info->common_name, "J\xc3\xb6rg, \"A\" \\B");
    EXPECT_TRUE(info->names.empty());
    const Secret pem(made->certificate_pem);
    EXPECT_TRUE(read_keyed_certificate({pem, made->key_pem, nullptr, "own"}).ok());
}

INSTANTIATE_TEST_SUITE_P(Kinds, OwnClient, ::testing::Values(KeyKind::rsa, KeyKind::ec));

TEST(OwnClientName, HasOneTo64Bytes) {
    EXPECT_FALSE(make_client_certificate("", "a@b", KeyKind::ec, day).ok());
    EXPECT_FALSE(make_client_certificate(std::string(65, 'a'), "a@b", KeyKind::ec, day).ok());
}

}  // namespace
}  // namespace mullion::crypto
