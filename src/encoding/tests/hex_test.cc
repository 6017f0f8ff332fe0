#include "encoding/hex.h"

#include <gtest/gtest.h>

namespace mullion::encoding {
namespace {

TEST(Hex, EveryByteRoundTrips) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(from_hex(to_upper_hex(bytes)), bytes);
}

TEST(Hex, Digits) {
    EXPECT_EQ(to_hex("\x1f\xAB\xff"), "1fabff");
    EXPECT_EQ(to_upper_hex("\x1f\xAB\xff"), "1FABFF");
    EXPECT_EQ(from_hex("1fAbFF"), "\x1f\xAB\xff");
    EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, RefusesWhatIsNotHex) {
    for (const std::string_view text :
         {"1", "123", "0g", "g0", "0x12", "12 34", " 12", "1:23", "/0", ":0", "@0", "`0"}) {
        EXPECT_FALSE(from_hex(text).has_value()) << text;
    }
}

TEST(Hex, EveryTruncationIsRefusedOrShorter) {
    const std::string bytes = "\x01\x7f\x80\xff";
    const std::string text = to_hex(bytes);
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto read = from_hex(text.substr(0, length));
        EXPECT_EQ(read.has_value(), length % 2 == 0) << length;
        EXPECT_EQ(read.value_or(""), length % 2 == 0 ? bytes.substr(0, length / 2) : "") << length;
    }
}

}  // namespace
}  // namespace mullion::encoding
