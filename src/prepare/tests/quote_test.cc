#include "prepare/quote.h"

#include <gtest/gtest.h>

namespace mullion::prepare {
namespace {

TEST(Quoted, IsAValueInSingleQuotes) {
    EXPECT_EQ(literal(""), "''");
    EXPECT_EQ(literal("web01"), "'web01'");
    EXPECT_EQ(literal("it's"), "'it''s'");
    // Nothing is expanded inside them.
    EXPECT_EQ(literal("$(Remove-Item C:\\) `n \"x\""), "'$(Remove-Item C:\\) `n \"x\"'");
}

TEST(Quoted, CannotBeLeft) {
    // PowerShell takes U+2018 to U+201B for single quotation marks, too.
    EXPECT_EQ(literal("a\u2018; whoami"), "('a' + [char]0x2018 + '; whoami')");
    EXPECT_EQ(literal("a\u2019\u201a\u201b"), "('a' + [char]0x2019 + [char]0x201A + [char]0x201B)");
    EXPECT_EQ(literal("a\r\nwhoami"), "('a' + [char]0x000D + [char]0x000A + 'whoami')");
    EXPECT_EQ(literal(std::string_view("a\0b", 3)), "('a' + [char]0x0000 + 'b')");
}

TEST(Quoted, IsAsciiAndKeepsEveryCharacter) {
    EXPECT_EQ(literal("Müller"), "('M' + [char]0x00FC + 'ller')");
    EXPECT_EQ(literal("\u4e16"), "('' + [char]0x4E16)");
    EXPECT_EQ(literal("\U0001FA9F"), "('' + [char]0xD83E + [char]0xDE9F)");
    EXPECT_EQ(literal("\x9b"), "('' + [char]0xFFFD)");
    for (int byte = 0; byte < 256; ++byte)
        for (const char c : literal(std::string(3, static_cast<char>(byte)))) {
            EXPECT_GE(c, 0x20);
            EXPECT_LT(c, 0x7f);
        }
}

TEST(QuotedLines, AreJoined) {
    EXPECT_EQ(literal_lines("a\nit's\r\n"),
              "(@('a',\n    ('it''s' + [char]0x000D),\n    '') -join [string][char]0x000A)");
    EXPECT_EQ(literal_lines("\n"), "(@('',\n    '') -join [string][char]0x000A)");
}

TEST(QuotedList, IsAnArray) {
    EXPECT_EQ(literal_list({}), "@()");
    EXPECT_EQ(literal_list({"a", "b'c"}), "@('a', 'b''c')");
}

TEST(CommentText, StaysOnItsLine) {
    EXPECT_EQ(comment_text("a\nwhoami\u2028x"), "a?whoami???x");
}

}  // namespace
}  // namespace mullion::prepare
