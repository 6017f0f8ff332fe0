#include "ntlm/keys.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ntlm/messages_write.h"
#include "ntlm/tests/published.h"

namespace mullion::ntlm {
namespace {

using encoding::to_hex;
using published::bytes;

Secret published_response_key() {
    return response_key(crypto::nt_hash(Secret("Password")).value(), "User", "Domain");
}

// [MS-NLMP] 4.2.4.1 and 4.2.4.2.
TEST(Keys, AreThePublishedOnes) {
    const Secret key = published_response_key();
    EXPECT_EQ(to_hex(key.expose()), "0c868a403bfd7a93a3001ef22ef02e3f");
    const std::string proof_text = proof(key, published::server_challenge, published::temp);
    EXPECT_EQ(to_hex(proof_text), "68cd0ab851e51c96aabc927bebef6a1c");
    const Secret base = session_base_key(key, proof_text);
    EXPECT_EQ(to_hex(base.expose()), "8de40ccadbc14a82f15cb0ad0de95ca3");
    const std::string exchanged = exchange_key(base, published::session_key);
    EXPECT_EQ(to_hex(exchanged), "c5dad2544fc9799094ce1ce90bc9d03e");
    EXPECT_EQ(exchange_key(base, exchanged), published::session_key);
}

TEST(Keys, LmResponseOfTheExampleIsAProofToo) {
    EXPECT_EQ(
        to_hex(proof(published_response_key(), published::server_challenge, published::client_challenge)),
        "86c35097ac9cec102554764a57cccc19");
}

// 4.2.4.4.
TEST(Keys, SignAndSealAsPublished) {
    const Secret session(published::session_key);
    EXPECT_EQ(to_hex(seal_key(session, published::flags, End::client).expose()),
              "59f600973cc4960a25480a7c196e4c58");
    EXPECT_EQ(to_hex(sign_key(session, End::client).expose()), "4788dc861b4782f35d43fd98fe1a2d39");
}

// The other strengths, and the service's keys: 4.2.3.4 has the one of 56 bits (its flags and session key).
TEST(Keys, AreWeakenedAsTheFlagsSay) {
    const Secret session(bytes("eb93429a8bd952f8b89c55b87f475edc"));
    EXPECT_EQ(to_hex(seal_key(session, 0x820a8233, End::client).expose()),
              "04dd7f014d8504d265a25cc86a3a7c06");
    EXPECT_EQ(to_hex(sign_key(session, End::client).expose()), "60e799be5c72fc92922ae8ebe961fb8d");
    const Secret five(std::string("\xeb\x93\x42\x9a\x8b") + std::string(11, 'x'));
    EXPECT_TRUE(seal_key(session, 0, End::server).same_as(seal_key(five, 0, End::server)));
    EXPECT_FALSE(seal_key(session, kNtlm56, End::server).same_as(seal_key(five, kNtlm56, End::server)));
    EXPECT_FALSE(seal_key(session, kNtlm128, End::server).same_as(seal_key(session, kNtlm128, End::client)));
    EXPECT_FALSE(sign_key(session, End::server).same_as(sign_key(session, End::client)));
}

TEST(Keys, TakeTheUserInUpperCaseAndTheDomainAsItIs) {
    const Secret hash("0123456789abcdef");
    const auto key = [&](const char* user, const char* domain) {
        return to_hex(response_key(hash, user, domain).expose());
    };
    EXPECT_EQ(key("Günter", "Lab"), key("GÜNTER", "Lab"));
    EXPECT_NE(key("günter", "Lab"), key("günter", "LAB"));
    EXPECT_NE(key("günter", ""), key("gunter", ""));
}

}  // namespace
}  // namespace mullion::ntlm
