#include "kerberos/token.h"

#include <gtest/gtest.h>

#include "core/clock.h"
#include "encoding/der.h"
#include "kerberos/initiator.h"
#include "kerberos/replay_cache.h"

namespace mullion::kerberos {
namespace {

using encoding::der_element;

constexpr const char* kCipher = "0123456789abcdefghij";

std::string request(const std::string& kvno = der_element(0xa1, der_element(0x02, "\x01"))) {
    const std::string encrypted =
        der_element(0xa0, der_element(0x02, "\x12")) + kvno + der_element(0xa2, der_element(0x04, kCipher));
    const std::string number = der_element(0x02, "\x05");
    return der_element(0x6e, der_element(0x30, der_element(0xa0, number) + der_element(0xa1, number) +
                                                   der_element(0xa2, der_element(0x03, "abcde")) +
                                                   der_element(0xa3, der_element(0x61, "ticket")) +
                                                   der_element(0xa4, der_element(0x30, encrypted))));
}
std::string token(std::string_view kind, const std::string& message, std::string_view mechanism = oid) {
    return der_element(0x60, der_element(0x06, mechanism) + std::string(kind) + message);
}

TEST(KerberosToken, IsReadWithItsKind) {
    using namespace std::string_literals;
    const std::string first = token("\x01\x00"s, request());
    const auto found = parse_token(first);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->kind, TokenKind::request);
    EXPECT_EQ(found->message, request());
    EXPECT_EQ(parse_token(token("\x03\x00"s, "x"))->kind, TokenKind::error);
    EXPECT_FALSE(parse_token(token("\x04\x00"s, "x")));
    EXPECT_FALSE(parse_token(token("\x01\x00"s, "x", windows_oid)));
    EXPECT_FALSE(parse_token(first + "x"));
}

TEST(KerberosToken, TheTagIsTheAuthenticatorsEnd) {
    EXPECT_EQ(parse_authenticator_tag(request()), "456789abcdefghij");
    EXPECT_EQ(parse_authenticator_tag(request("")), "456789abcdefghij");
    EXPECT_FALSE(parse_authenticator_tag(request() + "x"));
    EXPECT_FALSE(parse_authenticator_tag(request(der_element(0xa3, "x"))));
}

TEST(KerberosToken, EveryTruncationIsRefused) {
    using namespace std::string_literals;
    const std::string whole = token("\x01\x00"s, request());
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse_token(whole.substr(0, size)));
    const std::string message = request();
    for (std::size_t size = 0; size < message.size(); ++size)
        EXPECT_FALSE(parse_authenticator_tag(message.substr(0, size)));
}

TEST(ReplayCache, RemembersForAWindowAtLeast) {
    using Seen = ReplayCache::Seen;
    ManualClock clock;
    ReplayCache cache(clock, std::chrono::seconds(600), 3);
    EXPECT_EQ(cache.remember("a"), Seen::never);
    EXPECT_EQ(cache.remember("a"), Seen::before);
    clock.advance(std::chrono::seconds(599));
    EXPECT_EQ(cache.remember("b"), Seen::never);
    EXPECT_EQ(cache.remember("a"), Seen::before);
    clock.advance(std::chrono::seconds(599));  // b is 599 s old.
    EXPECT_EQ(cache.remember("b"), Seen::before);
    clock.advance(std::chrono::seconds(1200));
    EXPECT_EQ(cache.remember("b"), Seen::never);
    EXPECT_EQ(cache.remember("c"), Seen::never);
    EXPECT_EQ(cache.remember("d"), Seen::never);
    EXPECT_EQ(cache.remember("e"), Seen::full);
    EXPECT_EQ(cache.remember("d"), Seen::before);
    clock.advance(std::chrono::seconds(600));
    EXPECT_EQ(cache.remember("e"), Seen::never);
    EXPECT_EQ(cache.remember("d"), Seen::before);
}

}  // namespace
}  // namespace mullion::kerberos
