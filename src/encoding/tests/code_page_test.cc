#include "encoding/code_page.h"

#include <gtest/gtest.h>

#include "encoding/utf16.h"

namespace mullion::encoding {
namespace {

std::string every_byte() {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
}

TEST(CodePage437, EveryByteRoundTrips) {
    const std::string text = cp437_to_utf8(every_byte());
    EXPECT_TRUE(is_utf8(text));
    EXPECT_EQ(utf8_to_cp437(text), every_byte());
}

TEST(CodePage437, LowerHalfIsAscii) {
    const std::string lower = every_byte().substr(0, 128);
    EXPECT_EQ(cp437_to_utf8(lower), lower);
}

// Rows of the published table, typed by hand.
TEST(CodePage437, UpperHalf) {
    EXPECT_EQ(cp437_to_utf8("\x80\x81\x82\x8E\x99\x9A\xE1"), "ÇüéÄÖÜß");
    EXPECT_EQ(cp437_to_utf8("\x9B\x9C\x9D\x9E\x9F"), "¢£¥₧ƒ");
    EXPECT_EQ(cp437_to_utf8("\xB0\xB1\xB2\xB3\xC4\xDA\xDB"), "░▒▓│─┌█");
    EXPECT_EQ(cp437_to_utf8("\xE0\xE3\xE6\xEA\xFB\xFD\xFE\xFF"), "απµΩ√²■\xC2\xA0");
}

TEST(CodePage437, ReplacesWhatItLacks) {
    EXPECT_EQ(utf8_to_cp437("a€b漢😀c"), "a?b??c");
    EXPECT_EQ(utf8_to_cp437("a\xFF\xE2\x82z"), "a???z");  // Malformed, byte by byte.
    EXPECT_EQ(utf8_to_cp437("\xED\xA0\x80"), "???");      // A surrogate.
    EXPECT_EQ(utf8_to_cp437("\xC3"), "?");
}

}  // namespace
}  // namespace mullion::encoding
