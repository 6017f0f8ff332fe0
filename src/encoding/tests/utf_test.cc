#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "encoding/utf16.h"
#include "encoding/utf8.h"

namespace mullion::encoding {
namespace {

using namespace std::string_literals;

TEST(Utf, EveryCharacterRoundTrips) {
    for (char32_t code = 0; code <= 0x10FFFF; ++code) {
        if (code == 0xD800) code = 0xE000;
        std::string text;
        append_utf8(text, code);
        const auto character = decode_utf8(text);
        ASSERT_TRUE(character.valid && character.code == code && character.length == text.size())
            << static_cast<unsigned>(code);
        for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
            const auto wide = utf8_to_utf16(text, order);
            ASSERT_TRUE(wide.has_value());
            ASSERT_EQ(utf16_to_utf8(*wide, order), text);
        }
    }
}

TEST(Utf, KnownBytes) {
    EXPECT_EQ(utf8_to_utf16("aä€😀", ByteOrder::little), "a\0\xE4\0\xAC\x20\x3D\xD8\x00\xDE"s);
    EXPECT_EQ(utf8_to_utf16("aä€😀", ByteOrder::big), "\0a\0\xE4\x20\xAC\xD8\x3D\xDE\x00"s);
    EXPECT_EQ(utf16_to_utf8("", ByteOrder::big), "");
}

TEST(Utf, RefusesMalformedUtf8) {
    for (const std::string_view bytes : {"\x80",
                                         "\xBF",
                                         "\xC0\x80",
                                         "\xC1\xBF",
                                         "\xC3",
                                         "\xC3(",
                                         "\xE0\x80\x80",
                                         "\xE0\x9F\xBF",
                                         "\xE2\x82",
                                         "\xE2(\x80",
                                         "\xED\xA0\x80",
                                         "\xED\xBF\xBF",
                                         "\xF0\x80\x80\x80",
                                         "\xF0\x8F\xBF\xBF",
                                         "\xF0\x9F\x98",
                                         "\xF4\x90\x80\x80",
                                         "\xF5\x80\x80\x80",
                                         "\xF8\x88\x80\x80\x80",
                                         "\xFE",
                                         "\xFF"}) {
        for (const std::string& before : {""s, "1234567"s, "12345678"s, "123456789abcdefgh"s}) {
            EXPECT_FALSE(is_utf8(before + std::string(bytes)));
            EXPECT_FALSE(is_utf8(before + std::string(bytes) + before));
        }
        EXPECT_FALSE(utf8_to_utf16(bytes, ByteOrder::little).has_value());
        EXPECT_TRUE(is_utf8(to_valid_utf8(bytes)));
    }
}

TEST(Utf, RefusesMalformedUtf16) {
    for (const std::string& bytes : {"a"s, "\x3D\xD8"s, "\x3D\xD8"s + "a\0"s, "\x00\xDE\x3D\xD8"s,
                                     "\x00\xDE"s, "\x3D\xD8\x3D\xD8"s, "\x3D\xD8\x00"s}) {
        EXPECT_FALSE(utf16_to_utf8(bytes, ByteOrder::little).has_value());
    }
}

TEST(Utf, TruncationsAreRefusedInsideACharacter) {
    const std::string text = "aä€😀z";
    const std::size_t ends[] = {0, 1, 3, 6, 10, 11};
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const bool whole = std::find(std::begin(ends), std::end(ends), length) != std::end(ends);
        EXPECT_EQ(is_utf8(text.substr(0, length)), whole) << length;
    }
    const std::string wide = *utf8_to_utf16("a😀z", ByteOrder::big);
    for (std::size_t length = 0; length <= wide.size(); ++length) {
        EXPECT_EQ(utf16_to_utf8(wide.substr(0, length), ByteOrder::big).has_value(),
                  length % 2 == 0 && length != 4)
            << length;
    }
}

// Unicode 15, 3.9: one U+FFFD for each longest part that could have begun a character.
TEST(Utf, ReplacesForShowing) {
    EXPECT_EQ(to_valid_utf8("a\xE2\x82z\xFFq"), "a\xEF\xBF\xBDz\xEF\xBF\xBDq");
    EXPECT_EQ(to_valid_utf8("\xF0\x80\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(to_valid_utf8("grüß"), "grüß");
}

TEST(Utf, ShortensBetweenCharacters) {
    EXPECT_EQ(shortened("grüß", 6), "grüß");
    EXPECT_EQ(shortened("grüß", 5), "grü… (6 bytes)");
    EXPECT_EQ(shortened("a😀z", 5), "a😀… (6 bytes)");
    for (std::size_t most = 1; most < 5; ++most) EXPECT_EQ(shortened("a😀z", most), "a… (6 bytes)") << most;
    EXPECT_EQ(shortened(std::string(10, '\x80'), 4), "\x80… (10 bytes)") << "what is no UTF-8 ends somewhere";
}

}  // namespace
}  // namespace mullion::encoding
