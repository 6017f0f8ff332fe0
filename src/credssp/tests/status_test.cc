#include "credssp/status.h"

#include <gtest/gtest.h>

#include "credssp/proof.h"
#include "encoding/hex.h"

namespace mullion::credssp {
namespace {

TEST(Status, OfAnAccountIsARejection) {
    const auto error = explain_status(0xC0000072);
    EXPECT_EQ(error.id, ErrorId::auth_rejected);
    EXPECT_EQ(error.detail,
              "credssp: the host says STATUS_ACCOUNT_DISABLED (0xC0000072): the account is disabled");
    ASSERT_EQ(error.advice.size(), 1u);
}

TEST(Status, OfAnotherKindIsItsOwnError) {
    EXPECT_EQ(explain_status(0xC000018D).id, ErrorId::credssp_error);
    const auto unknown = explain_status(0xC0001234);
    EXPECT_EQ(unknown.id, ErrorId::credssp_error);
    EXPECT_EQ(unknown.detail, "credssp: the host says 0xC0001234");
}

// SHA-256 over the words of [MS-CSSP] 3.1.5 with their NUL, nonce and key; made with openssl dgst.
TEST(Proof, IsAHashFromVersion5) {
    const std::string nonce(32, '\x11');
    const std::string key = "\x04key";
    EXPECT_EQ(encoding::to_hex(key_proof(Prover::client, 5, nonce, key)),
              "b2e82854883929a9220ca54d8ea4bd6c78569a346c555127155ec389e4c68c3e");
    EXPECT_EQ(encoding::to_hex(key_proof(Prover::server, 6, nonce, key)),
              "22257be04cdabb3d381045d89452107e7fee272dc0fd2b660c335e157cee1c4a");
}

TEST(Proof, IsTheKeyBeforeThat) {
    EXPECT_EQ(key_proof(Prover::client, 4, "", "\xffkey"), "\xffkey");
    EXPECT_EQ(key_proof(Prover::server, 2, "", "\x30key"), "\x31key");
    EXPECT_EQ(key_proof(Prover::server, 2, "", "\xffkey"), std::string("\0key", 4));
}

}  // namespace
}  // namespace mullion::credssp
