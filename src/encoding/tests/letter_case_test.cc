#include "encoding/letter_case.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "encoding/utf16.h"

namespace mullion::encoding {
namespace {

TEST(UpperCase, IsOneUnitForOne) {
    const std::pair<const char*, const char*> names[] = {
        {"user", "USER"},
        {"USER-1_{}", "USER-1_{}"},
        {"günter ÿ", "GÜNTER Ÿ"},
        {"straße", "STRAßE"},
        {"İstanbul ılık i", "İSTANBUL ıLıK I"},
        {"ſ µ", "ſ µ"},
        {"ǆ đ ǝ ƀ", "Ǆ Đ Ǝ Ƀ"},
        {"οδυσσεύς", "ΟΔΥΣΣΕΎΣ"},
        {"жук ёж ӏ", "ЖУК ЁЖ Ӏ"},
        {"հայ", "ՀԱՅ"},
        {"ệ ᾳ ἀ", "Ệ ᾼ Ἀ"},
        {"ａｂｚ", "ＡＢＺ"},
        {"𐐨 😀", "𐐨 😀"},
        {"王小明 أ", "王小明 أ"},
        {"÷ × z{", "÷ × Z{"},
    };
    for (const auto& [from, to] : names) {
        std::string text = *utf8_to_utf16(from, ByteOrder::little);
        to_upper_case(text);
        EXPECT_EQ(text, *utf8_to_utf16(to, ByteOrder::little)) << from;
    }
}

TEST(UpperCase, IsUpperCaseOfItself) {
    std::string all;
    for (unsigned unit = 0; unit < 0x10000; ++unit) {
        all += static_cast<char>(unit & 0xff);
        all += static_cast<char>(unit >> 8);
    }
    to_upper_case(all);
    std::string twice = all;
    to_upper_case(twice);
    EXPECT_EQ(twice, all);
}

TEST(FoldedCase, IsTheSameForWhatDiffersInCaseAlone) {
    unsigned capitals = 0;
    for (char32_t code = 0; code < 0x11000; ++code) {
        const auto upper = upper_case(code), folded = folded_case(code);
        EXPECT_EQ(upper_case(folded), upper) << static_cast<unsigned>(code);
        EXPECT_EQ(folded_case(upper), folded) << static_cast<unsigned>(code);
        EXPECT_EQ(folded_case(folded), folded) << static_cast<unsigned>(code);
        if (folded != code) ++capitals;
    }
    EXPECT_GT(capitals, 900u);
}

TEST(FoldedCase, IsSmall) {
    const std::pair<char32_t, char32_t> letters[] = {{U'A', U'a'},
                                                     {U'Z', U'z'},
                                                     {U'a', U'a'},
                                                     {U'_', U'_'},
                                                     {U'@', U'@'},
                                                     {U'[', U'['},
                                                     {U'Ü', U'ü'},
                                                     {U'Ÿ', U'ÿ'},
                                                     {U'Σ', U'σ'},
                                                     {U'ς', U'σ'},
                                                     {U'Ё', U'ё'},
                                                     {U'×', U'×'},
                                                     {U'ß', U'ß'},
                                                     {U'İ', U'İ'},
                                                     {U'ı', U'ı'},
                                                     {U'Ⱥ', U'ⱥ'},
                                                     {U'\x10400', U'\x10400'},
                                                     {U'Ａ', U'ａ'},
                                                     {0x10FFFF, 0x10FFFF}};
    for (const auto& [from, to] : letters) EXPECT_EQ(folded_case(from), to) << static_cast<unsigned>(from);
}

}  // namespace
}  // namespace mullion::encoding
