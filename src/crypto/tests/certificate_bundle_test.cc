#include "crypto/certificate_bundle.h"

#include <gtest/gtest.h>
#include <openssl/pkcs12.h>

#include "crypto/tests/certificates.h"
#include "crypto/x509.h"

namespace mullion::crypto {
namespace {

using testing::make;
using testing::Pair;

std::string pkcs12(const Pair& leaf, const std::vector<Pair>& others, const char* password) {
    STACK_OF(X509)* stack = sk_X509_new_null();
    for (const auto& one : others) sk_X509_push(stack, one.certificate.get());
    PKCS12* file =
        PKCS12_create(password, "name", leaf.key.get(), leaf.certificate.get(), stack, 0, 0, 0, 0, 0);
    sk_X509_free(stack);
    unsigned char* bytes = nullptr;
    const int size = i2d_PKCS12(file, &bytes);
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    PKCS12_free(file);
    return out;
}

std::string der_of(const Pair& pair) {
    return certificate_der(pair.pem()).value();
}

class Bundle : public ::testing::Test {
protected:
    static std::vector<std::string> subjects(const std::string& bytes, const char* password = nullptr) {
        std::vector<std::string> out;
        const Secret text(bytes);
        const Secret word(password == nullptr ? "" : password);
        const auto all = read_certificates(text, password == nullptr ? nullptr : &word, "file");
        EXPECT_TRUE(all.ok()) << (all.ok() ? "" : all.error().message());
        if (!all.ok()) return out;
        for (const auto& one : *all) {
            EXPECT_EQ(certificate_der(one.pem).value(), one.der);
            out.push_back(describe_certificate(one.der)->subject);
        }
        return out;
    }
    static std::string refusal(const std::string& bytes, const char* password = nullptr) {
        const Secret text(bytes);
        const Secret word(password == nullptr ? "" : password);
        const auto all = read_certificates(text, password == nullptr ? nullptr : &word, "file");
        return all.ok() ? "" : std::string(all.error().info().id);
    }
    Pair ca = make({.common_name = "CA", .authority = true});
    Pair leaf = make({.common_name = "leaf"}, &ca);
};

TEST_F(Bundle, ReadsEachForm) {
    const std::vector<std::string> both{"CN=leaf", "CN=CA"};
    EXPECT_EQ(subjects(leaf.pem() + "words between\n" + ca.pem()), both);
    EXPECT_EQ(subjects(leaf.key_pem() + leaf.pem()), std::vector<std::string>{"CN=leaf"});
    EXPECT_EQ(subjects(der_of(leaf)), std::vector<std::string>{"CN=leaf"});
    EXPECT_EQ(subjects(pkcs12(leaf, {ca}, "word"), "word"), both);
    EXPECT_EQ(subjects(pkcs12(leaf, {ca}, "")), both);
    EXPECT_EQ(subjects(pkcs12(leaf, {}, nullptr)), std::vector<std::string>{"CN=leaf"});
}

TEST_F(Bundle, SaysWhatOpensIt) {
    EXPECT_EQ(refusal(pkcs12(leaf, {ca}, "word")), "tls.client_key_password");
    EXPECT_EQ(refusal(pkcs12(leaf, {ca}, "word"), "other"), "tls.client_key_password");
}

TEST_F(Bundle, RefusesTheRest) {
    EXPECT_EQ(refusal(""), "tls.files");
    EXPECT_EQ(refusal("nothing"), "tls.files");
    EXPECT_EQ(refusal(leaf.key_pem()), "tls.files");
    EXPECT_EQ(refusal(der_of(leaf) + "x"), "tls.files");
    EXPECT_EQ(refusal(leaf.pem() + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
              "tls.files");
    EXPECT_EQ(refusal(std::string(2 * 1024 * 1024, '0')), "tls.files");
    std::string many;
    for (int i = 0; i < 101; ++i) many += leaf.pem();
    EXPECT_EQ(refusal(many), "tls.files");
}

TEST_F(Bundle, EveryTruncationIsRefused) {
    const auto der = der_of(leaf), bag = pkcs12(leaf, {ca}, "word");
    for (std::size_t size = 0; size < der.size(); ++size) EXPECT_NE(refusal(der.substr(0, size)), "") << size;
    for (std::size_t size = 0; size < bag.size(); size += 7)
        EXPECT_NE(refusal(bag.substr(0, size), "word"), "") << size;
    const auto pem = leaf.pem();
    for (std::size_t size = 0; size + 1 < pem.size(); ++size)
        EXPECT_NE(refusal(pem.substr(0, size)), "") << size;
}

TEST_F(Bundle, DescribesWhatACertificateIsFor) {
    const auto authority = describe_certificate(der_of(ca));
    EXPECT_TRUE(authority->can_sign);
    EXPECT_TRUE(authority->self_signed);
    EXPECT_TRUE(authority->uses.empty());
    const auto client = describe_certificate(der_of(make({.use = "clientAuth,serverAuth,1.2.3.4"}, &ca)));
    EXPECT_FALSE(client->can_sign);
    EXPECT_FALSE(client->self_signed);
    EXPECT_EQ(client->uses, (std::vector<std::string>{"clientAuth", "serverAuth", "1.2.3.4"}));
    // In its own name, but by another key.
    const auto other = make({.common_name = "leaf", .authority = true});
    EXPECT_FALSE(describe_certificate(der_of(make({.common_name = "leaf"}, &other)))->self_signed);
}

}  // namespace
}  // namespace mullion::crypto
