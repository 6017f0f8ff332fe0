#include "ntlm/messages_write.h"

#include <gtest/gtest.h>

#include "ntlm/tests/published.h"

namespace mullion::ntlm {
namespace {

using encoding::to_hex;

TEST(WriteMessages, ANegotiateIsReadBack) {
    const std::string message = write_negotiate(kNtlmUnicode | kNtlmSeal);
    EXPECT_EQ(message.size(), 40U);
    EXPECT_EQ(parse_ntlm_negotiate(message)->flags, kNtlmUnicode | kNtlmSeal | kNtlmVersion);
}

TEST(WriteMessages, AChallengeIsThePublishedOne) {
    std::string message =
        write_challenge({published::flags, published::server_challenge, "Server", published::pairs});
    std::string expected = published::challenge;
    message.replace(48, 8, 8, '\0');  // The version is ours.
    expected.replace(48, 8, 8, '\0');
    EXPECT_EQ(to_hex(message), to_hex(expected));
}

TEST(WriteMessages, AChallengeIsReadBack) {
    const std::string message =
        write_challenge({published::flags, published::server_challenge, "", published::pairs});
    const auto challenge = parse_ntlm_challenge(message);
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->server_challenge, published::server_challenge);
    EXPECT_EQ(challenge->target_info_pairs, published::pairs);
    EXPECT_TRUE(challenge->has_target_info);
}

TEST(WriteMessages, AnAuthenticateIsReadBack) {
    std::string pairs;
    append_pair(pairs, AvId::flags, le32(kAvFlagMic));
    append_pair(pairs, AvId::timestamp, le64(0x0123456789abcdef));
    append_pair(pairs, AvId::end, {});
    const std::string proof(16, 'p');
    const std::string blob = client_blob(7, published::client_challenge, pairs);
    const std::string nt_response = proof + blob;
    const std::string message = write_authenticate(
        {kNtlmUnicode, "Günter", "Lab", "", std::string(24, '\0'), nt_response, published::session_key});
    const auto authenticate = parse_ntlm_authenticate(message);
    ASSERT_TRUE(authenticate);
    EXPECT_EQ(authenticate->user, "Günter");
    EXPECT_EQ(authenticate->domain, "Lab");
    EXPECT_EQ(authenticate->proof(), proof);
    EXPECT_EQ(authenticate->blob(), blob);
    EXPECT_EQ(authenticate->session_key, published::session_key);
    EXPECT_EQ(authenticate->target_info.timestamp, 0x0123456789abcdefU);
    EXPECT_EQ(authenticate->mic_at, kMicAt);
    EXPECT_EQ(message.substr(kMicAt, 16), std::string(16, '\0'));
}

TEST(WriteMessages, TheBlobIsThePublishedOne) {
    EXPECT_EQ(to_hex(client_blob(0, published::client_challenge, published::pairs)), to_hex(published::temp));
}

TEST(WriteMessages, FileTimeCountsFrom1601) {  // [MS-DTYP] 2.3.3
    EXPECT_EQ(file_time(WallTime()), 116444736000000000U);
    EXPECT_EQ(file_time(WallTime(std::chrono::seconds(1))), 116444736010000000U);
}

}  // namespace
}  // namespace mullion::ntlm
