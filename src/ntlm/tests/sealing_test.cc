#include "ntlm/sealing.h"

#include <gtest/gtest.h>

#include "crypto/weak.h"
#include "ntlm/little_endian.h"
#include "ntlm/messages_write.h"
#include "ntlm/tests/published.h"

namespace mullion::ntlm {
namespace {

using encoding::to_hex;
using published::bytes;

struct Pair {
    explicit Pair(std::uint32_t flags = published::flags)
        : client(Secret(published::session_key), flags, End::client),
          server(Secret(published::session_key), flags, End::server) {}
    Sealing client;
    Sealing server;
};

// [MS-NLMP] 4.2.4.4.
TEST(Sealing, IsThePublishedOne) {
    Pair pair;
    const auto sealed = pair.client.seal(utf16("Plaintext"));
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(to_hex(sealed->data), "54e50165bf1936dc996020c1811b0f06fb5f");
    EXPECT_EQ(to_hex(sealed->signature), "010000007fb38ec5c55d497600000000");
    EXPECT_EQ(sealed->original_length, 18U);
}

// 4.2.3.4: 56 bits and no key exchange, so that the checksum stays in clear.
TEST(Sealing, IsThePublishedOneWithoutKeyExchange) {
    Sealing client(Secret(bytes("eb93429a8bd952f8b89c55b87f475edc")), 0x820a8233, End::client);
    const auto sealed = client.seal(utf16("Plaintext"));
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(to_hex(sealed->data), "a02372f6530273f3aa1eb90190ce5200c99d");
    EXPECT_EQ(to_hex(sealed->signature), "01000000ff2aeb52f681793a00000000");
}

class Strengths : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Flags, Strengths,
                         ::testing::Values(published::flags, published::flags & ~kNtlmKeyExchange,
                                           published::flags & ~kNtlm128, 0));

TEST_P(Strengths, CarryManyMessagesBothWays) {
    Pair pair(GetParam());
    for (const std::size_t size : {1, 16, 1000, 16384, 16385, 70000, 3}) {
        std::string text(size, 'x');
        text.back() = 'y';
        auto out = pair.client.seal(text);
        ASSERT_TRUE(out.ok());
        EXPECT_EQ(pair.server.unseal(out->signature, out->data).value(), text);
        auto back = pair.server.seal(text);
        ASSERT_TRUE(back.ok());
        EXPECT_NE(back->data, out->data);
        EXPECT_EQ(pair.client.unseal(back->signature, back->data).value(), text);
    }
}

void expect_lost(Sealing& sealing) {
    EXPECT_EQ(sealing.seal("x").error().id, ErrorId::seal_broken);
    EXPECT_EQ(sealing.unseal(std::string(16, '\0'), "x").error().id, ErrorId::seal_broken);
}

TEST(Sealing, IsLostWithAnyBitOfAMessage) {
    for (std::size_t at = 0; at < 18; ++at) {
        Pair pair;
        auto sealed = pair.client.seal("ab");
        (at < 16 ? sealed->signature[at] : sealed->data[at - 16]) ^= 0x10;
        const auto opened = pair.server.unseal(sealed->signature, sealed->data);
        ASSERT_FALSE(opened.ok()) << at;
        EXPECT_EQ(opened.error().id, ErrorId::seal_broken);
        expect_lost(pair.server);
    }
}

TEST(Sealing, IsLostWithAMessageOfAnotherLength) {
    for (std::size_t length = 0; length <= 40; ++length) {
        if (length == 16) continue;
        Pair pair;
        auto sealed = pair.client.seal("a message");
        sealed->signature.resize(length, '\0');
        EXPECT_FALSE(pair.server.unseal(sealed->signature, sealed->data).ok()) << length;
        expect_lost(pair.server);
    }
    Pair pair;
    auto sealed = pair.client.seal("a message");
    EXPECT_FALSE(pair.server.unseal(sealed->signature, "").ok());
    expect_lost(pair.server);
}

TEST(Sealing, TakesMessagesInTheirOrderOnly) {
    Pair pair;
    auto first = pair.client.seal("first");
    auto second = pair.client.seal("second");
    const auto skipped = pair.server.unseal(second->signature, second->data);
    ASSERT_FALSE(skipped.ok());
    EXPECT_NE(skipped.error().detail.find("message 1 where 0 is next"), std::string::npos)
        << skipped.error().detail;
    Pair again;
    auto message = again.client.seal("first");
    ASSERT_TRUE(again.server.unseal(message->signature, message->data).ok());
    EXPECT_FALSE(again.server.unseal(message->signature, message->data).ok());
    Pair mirror;
    auto own = mirror.server.seal("own");
    EXPECT_FALSE(mirror.server.unseal(own->signature, own->data).ok());
}

TEST(Sealing, ForgetsNothingOverAnEmptyMessage) {
    Pair pair;
    EXPECT_EQ(pair.client.seal("").error().id, ErrorId::seal_broken);
    auto next = pair.client.seal("next");
    ASSERT_TRUE(next.ok());
    EXPECT_EQ(pair.server.unseal(next->signature, next->data).value(), "next");
}

TEST(ListMic, IsChecked) {
    Pair pair;
    const std::string mic = pair.client.list_mic("list");
    EXPECT_EQ(mic.size(), 16U);
    EXPECT_TRUE(pair.server.list_mic_is_right("list", mic));
    Pair other;
    EXPECT_FALSE(other.server.list_mic_is_right("lost", other.client.list_mic("list")));
    expect_lost(other.server);
    Pair cut;
    EXPECT_FALSE(cut.server.list_mic_is_right("list", cut.client.list_mic("list").substr(0, 15)));
}

// [MS-SPNG] 3.3.5.1: the first message finds the cipher's state as the list's checksum did, but its number is
// the next. pyspnego and gss-ntlmssp do the same.
TEST(ListMic, LeavesTheCipherAsItWasAndTakesANumber) {
    Pair plain;
    Pair with_list;
    ASSERT_TRUE(with_list.server.list_mic_is_right("list", with_list.client.list_mic("list")));
    auto first = plain.client.seal("message");
    auto after = with_list.client.seal("message");
    EXPECT_EQ(to_hex(after->data), to_hex(first->data));
    EXPECT_EQ(u32(first->signature, 12), 0U);
    EXPECT_EQ(u32(after->signature, 12), 1U);
    EXPECT_TRUE(with_list.server.unseal(after->signature, after->data).ok());
}

}  // namespace
}  // namespace mullion::ntlm
