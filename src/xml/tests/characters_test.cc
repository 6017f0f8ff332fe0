#include "xml/characters.h"

#include <gtest/gtest.h>

#include <string>

namespace mullion::xml {
namespace {

TEST(Characters, Names) {
    for (const std::string_view name : {"a", "_", "a-b.c1", "Größe", "été", "名", "a·"})
        EXPECT_TRUE(is_ncname(name)) << name;
    for (const std::string_view name :
         {"", "1a", "-a", ".a", "a b", "a:b", ":", "a\xFF", "·a", "a<", "×", "a\xED\xA0\x80"}) {
        EXPECT_FALSE(is_ncname(name)) << name;
    }
    for (const std::string_view name : {"a", "s:Envelope", "_:_"}) EXPECT_TRUE(is_qname(name)) << name;
    for (const std::string_view name : {"", ":a", "a:", "a:b:c", "a:1", "1:a", ":"})
        EXPECT_FALSE(is_qname(name)) << name;
}

TEST(Characters, SplitsANameAtItsColon) {
    const auto run = name_run("s:Envelope>");
    EXPECT_EQ(run.length, 10U);
    EXPECT_EQ(run.local, 2U);
    EXPECT_TRUE(run.valid);
    EXPECT_EQ(name_run("Größe x").length, 7U);
    EXPECT_EQ(name_run("Größe x").local, 0U);
    for (const std::string_view wrong : {"", ":a", "a:", "a:b:c", "a:1", "1:a", "-", "=", "a::b"})
        EXPECT_FALSE(name_run(wrong).valid) << wrong;
}

TEST(Characters, FindsWhatIsNotPlainWhereverItStands) {
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool plain = byte >= 0x20 && byte < 0x80 && c != '"' && c != '&' && c != '<' && c != '>';
        for (std::size_t before = 0; before < 20; ++before) {
            const std::string text = std::string(before, 'x') + c + std::string(20 - before, 'y');
            ASSERT_EQ(plain_run(text), plain ? text.size() : before) << byte << ' ' << before;
        }
    }
}

// At every place of a word, since eight bytes are looked at together.
TEST(Characters, FindsWhatIsForbiddenWhereverItStands) {
    const std::string_view forbidden[] = {std::string_view("\0", 1),
                                          "\x01",
                                          "\x08",
                                          "\x0B",
                                          "\x1F",
                                          "\x80",
                                          "\xC3",
                                          "\xC0\x80",
                                          "\xED\xA0\x80",
                                          "\xEF\xBF\xBE",
                                          "\xEF\xBF\xBF",
                                          "\xF4\x90\x80\x80"};
    for (const auto bad : forbidden) {
        for (std::size_t before = 0; before < 20; ++before) {
            for (std::size_t after = 0; after < 20; ++after) {
                const std::string text = std::string(before, 'x').append(bad).append(after, 'x');
                ASSERT_EQ(find_forbidden(text), before) << before << ' ' << after;
            }
        }
    }
}

TEST(Characters, LetsTheRestPass) {
    std::string text;
    for (char c = 0x20; c < 0x7F; ++c) text += c;
    text += "\x7F\t\r\nä€😀\xEE\x80\x80\xEF\xBF\xBD\xC2\x80";
    for (std::size_t before = 0; before < 20; ++before) {
        EXPECT_EQ(find_forbidden(std::string(before, 'x') + text), std::string_view::npos);
    }
}

}  // namespace
}  // namespace mullion::xml
