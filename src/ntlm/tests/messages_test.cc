#include "ntlm/messages.h"

#include <gtest/gtest.h>

#include "ntlm/tests/published.h"

namespace mullion::ntlm {
namespace {

using published::bytes;
const std::string& kChallenge = published::challenge;
const std::string& kAuthenticate = published::authenticate;

void put_u16(std::string& message, std::size_t at, unsigned value) {
    message[at] = static_cast<char>(value & 0xff);
    message[at + 1] = static_cast<char>(value >> 8);
}

TEST(NtlmMessages, ReadsThePublishedChallenge) {
    const auto challenge = parse_ntlm_challenge(kChallenge);
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->flags, 0xe28a8233u);
    EXPECT_FALSE(challenge->target_info.timestamp);
}

TEST(NtlmMessages, ReadsThePublishedAuthenticate) {
    const auto message = parse_ntlm_authenticate(kAuthenticate);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->user, "User");
    EXPECT_EQ(message->domain, "Domain");
    EXPECT_EQ(message->nt_response.size(), 84u);
    EXPECT_EQ(message->session_key.size(), 16u);
    EXPECT_TRUE(message->is_ntlm_v2());
    EXPECT_FALSE(message->mic_at);
    EXPECT_TRUE(message->target_info.channel_binding.empty());
}

TEST(NtlmMessages, KnowsTheTypes) {
    EXPECT_EQ(ntlm_type(kChallenge), NtlmType::challenge);
    EXPECT_EQ(ntlm_type(kAuthenticate), NtlmType::authenticate);
    EXPECT_FALSE(ntlm_type("NTLMSSP"));
    EXPECT_FALSE(ntlm_type(std::string("NTLMSSP\0\4\0\0\0", 12)));
    EXPECT_FALSE(parse_ntlm_challenge(kAuthenticate));
    EXPECT_FALSE(parse_ntlm_authenticate(kChallenge));
    EXPECT_EQ(parse_ntlm_negotiate(std::string("NTLMSSP\0\1\0\0\0\1\2\0\0", 16))->flags, 0x201u);
    EXPECT_FALSE(parse_ntlm_negotiate(std::string("NTLMSSP\0\1\0\0\0\1\2\0", 15)));
}

TEST(NtlmMessages, RefusesEveryTruncation) {
    for (std::size_t length = 0; length < kChallenge.size(); ++length) {
        EXPECT_FALSE(parse_ntlm_challenge(std::string_view(kChallenge).substr(0, length))) << length;
    }
    for (std::size_t length = 0; length < kAuthenticate.size(); ++length) {
        EXPECT_FALSE(parse_ntlm_authenticate(std::string_view(kAuthenticate).substr(0, length))) << length;
    }
}

TEST(NtlmMessages, RefusesFieldsThatPointElsewhere) {
    for (const std::size_t field : {12u, 20u, 28u, 36u, 44u, 52u}) {
        for (const std::string& offset : {std::string("\xff\xff\xff\xff"), std::string("\x3f\0\0\0", 4),
                                          std::string("\0\0\0\0", 4), std::string("\xe7\0\0\0", 4)}) {
            std::string message = kAuthenticate;
            message.replace(field + 4, 4, offset);
            EXPECT_FALSE(parse_ntlm_authenticate(message)) << field;
        }
        std::string message = kAuthenticate;
        put_u16(message, field, 0xffff);
        EXPECT_FALSE(parse_ntlm_authenticate(message)) << field;
    }
}

TEST(NtlmMessages, SeesNtlmVersion1) {
    std::string message = kAuthenticate;
    put_u16(message, 20, 24);
    const auto parsed = parse_ntlm_authenticate(message);
    ASSERT_TRUE(parsed);
    EXPECT_FALSE(parsed->is_ntlm_v2());
}

TEST(NtlmMessages, RefusesAPromisedMicThatHasNoPlace) {
    std::string message = kAuthenticate;
    const std::size_t pair = message.find(bytes("02000c00"), 0x84);
    message.replace(pair, 16,
                    bytes("06000400020000000f00040000000000"));  // MsvAvFlags, and one that nobody reads.
    EXPECT_FALSE(parse_ntlm_authenticate(message));
    message[pair + 4] = 1;
    EXPECT_TRUE(parse_ntlm_authenticate(message));
}

TEST(NtlmTargetInfo, ReadsWhatMatters) {
    const std::string binding = "0123456789abcdef";
    const std::string pairs = bytes("0600040002000000") + bytes("07000800") + std::string(8, 't') +
                              bytes("0a001000") + binding + bytes("00000000") + "behind";
    const auto info = parse_ntlm_target_info(pairs);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->flags, 2u);
    EXPECT_EQ(info->timestamp, 0x7474747474747474u);
    EXPECT_EQ(info->channel_binding, binding);
}

TEST(NtlmTargetInfo, RefusesWhatIsMalformed) {
    for (const char* hex : {"", "000000", "0600040002000000", "06000200020000000000",
                            "0a00040001020304"
                            "00000000",
                            "0600040002000000"
                            "0600040000000000"
                            "00000000",
                            "0700ffff00000000"}) {
        EXPECT_FALSE(parse_ntlm_target_info(bytes(hex))) << hex;
    }
    std::string many;
    for (int i = 0; i < 64; ++i) many += bytes("01000000");
    EXPECT_FALSE(parse_ntlm_target_info(many + bytes("00000000")));
    EXPECT_TRUE(parse_ntlm_target_info(many.substr(4) + bytes("00000000")));
}

}  // namespace
}  // namespace mullion::ntlm
