// Certificates of every kind of signature. RFC 5929 4.1
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "crypto/x509.h"
#include "encoding/hex.h"
#include "source_dir/source_dir.h"

namespace mullion::crypto {
namespace {

std::string read_data(const std::string& name) {
    std::ifstream in(source_dir() + "/src/crypto/tests/data/" + name, std::ios::binary);
    EXPECT_TRUE(in.is_open()) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Row {
    const char* name;
    const char* digest;
};
// SHA-256 for the weak, and for those that have no hash of their own.
const Row rows[] = {
    {"md5", "3f6c63be53d9039a0487d592a11acc0ac5cb512d1d89d8bc6a71080023bb1cec"},
    {"sha1", "555537c97cb623f77c6b44f988c963763cd1ee5a9a2accc8d21ae67f7021b92e"},
    {"sha384",
     "fc1db8aaa80973a7a2431c306b739fb15695c22d67acd00410a64b90c658034c01cfa39a8e75a1f433124664a118d7ce"},
    {"pss",
     "da39a282c89bc4091408df10a4d5c9d5ff5fbd99d4c6b2048381439ca5f173399dce1078216f5a1dc1a3c884d42a404ffec4c3c"
     "5975773f65c8f3d3565e9f8a8"},
    {"ed25519", "be646da1a31c96f8f9330571c188650ddab8b42d79504dba9e0910660a8db6f3"},
    {"ed448", "b7414a0a72705dd15de46ca4dc455f2b15c8d8ff1e3779c01e020de737e23166"},
};

TEST(TlsServerEndPoint, HashesByTheSignaturesHash) {
    for (const Row& row : rows) {
        const auto binding = tls_server_end_point(read_data(std::string(row.name) + ".der"));
        ASSERT_TRUE(binding.ok()) << row.name << ": " << binding.error().message();
        const std::string prefix = "tls-server-end-point:";
        ASSERT_TRUE(binding->starts_with(prefix)) << row.name;
        EXPECT_EQ(encoding::to_hex(binding->substr(prefix.size())), row.digest) << row.name;
    }
}

TEST(Certificate, IsDescribed) {
    const auto info = describe_certificate(read_data("no_end.der"));
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->subject, "CN=host,O=a\\, b,C=DE");
    EXPECT_EQ(info->common_name, "host");
    EXPECT_EQ(info->names, (std::vector<std::string>{"a.example", "10.0.0.1", "fe80:0:0:0:0:0:0:1"}));
    // The year 9966 is beyond the clock; what comes out must still be late.
    EXPECT_GT(info->not_after - info->not_before, std::chrono::hours(24 * 365 * 100));
}

TEST(Certificate, IsAllOfTheBytes) {
    const std::string der = read_data("ed25519.der");
    EXPECT_TRUE(describe_certificate(der).ok());
    EXPECT_FALSE(describe_certificate(der + '\0').ok());
    EXPECT_FALSE(tls_server_end_point(der + der).ok());
    EXPECT_FALSE(describe_certificate(std::string(2 * 1024 * 1024, '0')).ok());
}

// OpenSSL would ask for a pass phrase on the terminal, and wait for ever.
TEST(CertificateDer, AsksNobodyForAPassPhrase) {
    EXPECT_FALSE(certificate_der("-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
                                 "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
                                 "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n")
                     .ok());
}

}  // namespace
}  // namespace mullion::crypto
