#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/password_hash.h"
#include "crypto/x509.h"
#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

using encoding::to_hex;

TEST(Hash, FollowsThePublishedVectors) {
    EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");  // FIPS 180
    EXPECT_EQ(to_hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),          // RFC 4231 4.3
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(NtHash, FollowsTheVectorOfMsNlmp) {  // [MS-NLMP] 4.2.2.1.2
    const auto hash = nt_hash(Secret("Password"));
    ASSERT_TRUE(hash.ok());
    EXPECT_EQ(to_hex(hash->expose()), "a4f49c406510bdcab6824ee7c30fd852");
}

TEST(NtHash, RefusesWhatIsNotUtf8) {
    EXPECT_FALSE(nt_hash(Secret("\xff")).ok());
}

TEST(PasswordHash, VerifiesOnlyItsPassword) {
    const auto hash = hash_password(Secret("pä%$\"ss:word"));
    ASSERT_TRUE(hash.ok());
    EXPECT_TRUE(hash->starts_with("$argon2id$"));
    EXPECT_TRUE(verify_password(*hash, Secret("pä%$\"ss:word")));
    EXPECT_FALSE(verify_password(*hash, Secret("pä%$\"ss:worD")));
    EXPECT_FALSE(verify_password("", Secret("")));
    EXPECT_FALSE(verify_password("$argon2id$v=19$", Secret("x")));
}

TEST(SelfSigned, NamesWhatItWasAskedFor) {
    const auto made =
        make_self_signed({"web01.example.com", "127.0.0.1", "::1"}, std::chrono::hours(24 * 365));
    ASSERT_TRUE(made.ok()) << made.error().message();
    const auto der = certificate_der(made->certificate_pem);
    ASSERT_TRUE(der.ok());
    const auto info = describe_certificate(*der);
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->common_name, "web01.example.com");
    EXPECT_EQ(info->subject, info->issuer);
    EXPECT_EQ(info->names, (std::vector<std::string>{"web01.example.com", "127.0.0.1", "0:0:0:0:0:0:0:1"}));
    EXPECT_EQ(info->thumbprint.size(), 40U);
    EXPECT_EQ(info->sha256, to_hex(sha256(*der)));
    EXPECT_GT(info->not_after - info->not_before, std::chrono::hours(24 * 365));
    EXPECT_EQ(tls_server_end_point(*der).value(), "tls-server-end-point:" + sha256(*der));
    EXPECT_NE(made->key_pem.expose().find("BEGIN PRIVATE KEY"), std::string_view::npos);
}

TEST(Authority, SignsForOthers) {
    const auto authority = make_authority("simulated", std::chrono::hours(24));
    ASSERT_TRUE(authority.ok()) << authority.error().message();
    const auto issued =
        issue_certificate(*authority, {"web01.example.com", "127.0.0.1"}, std::chrono::hours(24));
    ASSERT_TRUE(issued.ok()) << issued.error().message();
    const auto info = describe_certificate(certificate_der(issued->certificate_pem).value());
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->issuer, "CN=simulated");
    EXPECT_EQ(info->subject, "CN=web01.example.com");
    EXPECT_EQ(info->names, (std::vector<std::string>{"web01.example.com", "127.0.0.1"}));
    const auto own = describe_certificate(certificate_der(authority->certificate_pem).value());
    ASSERT_TRUE(own.ok());
    EXPECT_EQ(own->issuer, own->subject);
    EXPECT_TRUE(own->names.empty());
    const SelfSigned without_key{authority->certificate_pem, Secret("no key")};
    EXPECT_FALSE(issue_certificate(without_key, {"web01"}, std::chrono::hours(24)).ok());
}

TEST(SelfSigned, RefusesNamesThatWouldReachTheConfiguration) {
    EXPECT_FALSE(make_self_signed({"a,DNS:b"}, std::chrono::hours(24)).ok());
    EXPECT_FALSE(make_self_signed({}, std::chrono::hours(24)).ok());
}

TEST(Certificate, RefusesEveryTruncation) {
    const auto made = make_self_signed({"a"}, std::chrono::hours(24));
    const auto der = certificate_der(made->certificate_pem);
    ASSERT_TRUE(der.ok());
    for (std::size_t size = 0; size < der->size(); ++size) {
        EXPECT_FALSE(describe_certificate(std::string_view(*der).substr(0, size)).ok()) << size;
    }
    EXPECT_FALSE(certificate_der("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").ok());
}

}  // namespace
}  // namespace mullion::crypto
