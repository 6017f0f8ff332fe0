#include "cli/terminal_text.h"

#include <gtest/gtest.h>

#include "cli/printable.h"
#include "encoding/utf16.h"
#include "encoding/utf8.h"

namespace mullion::cli {
namespace {

std::string shown(std::string_view text, bool returns = true) {
    TerminalText terminal(returns);
    auto out = terminal.add(text);
    return out + terminal.flush();
}

// What was sent, and what a terminal gets.
struct Row {
    std::string_view sent, shown;
};
constexpr Row rows[] = {
    {"plain text\n", "plain text\n"},
    {"gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\xaa\x9f\r\n\tx",
     "gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\xaa\x9f\r\n\tx"},
    {"\x1b[2J\x1b]52;c;cm0K\x07", "\\x1b[2J\\x1b]52;c;cm0K\\x07"},
    {"a\x08\x0c\x0b\x7f", "a\\x08\\x0c\\x0b\\x7f"},
    {"\xc2\x9b"
     "31m\xc2\x85",
     "\\x9b31m\\x85"},
    {"\x9b"
     "31m",
     "\\x9b31m"},
    {"\xe2\x80\xae"
     "exe.gpj\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f",
     "\\u202eexe.gpj\\u2066\\u061c\\u200f"},
    {"one\xe2\x80\xa8two\xe2\x80\xa9", "one\\u2028two\\u2029"},
    {"\xe2\x80\x9cquoted\xe2\x80\x9d \xd8\xa7 \xc2\xa0", "\xe2\x80\x9cquoted\xe2\x80\x9d \xd8\xa7 \xc2\xa0"},
    {"cut \xe2\x82", "cut \\xe2\\x82"},
    {"\xff\xc0\xaf", "\\xff\\xc0\\xaf"},
    {"one\rtwo", "one\rtwo"},
};

TEST(TerminalText, ShowsWhatWouldBeObeyed) {
    for (const auto& row : rows) EXPECT_EQ(shown(row.sent), row.shown);
    EXPECT_EQ(shown(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(TerminalText, IsTheSameInPiecesOfAnySize) {
    for (const bool returns : {true, false}) {
        for (const auto& row : rows) {
            for (std::size_t piece = 1; piece <= row.sent.size(); ++piece) {
                TerminalText terminal(returns);
                std::string out;
                for (std::size_t at = 0; at < row.sent.size(); at += piece)
                    out += terminal.add(row.sent.substr(at, piece));
                EXPECT_EQ(out + terminal.flush(), shown(row.sent, returns)) << row.shown << " by " << piece;
            }
        }
    }
}

TEST(TerminalText, EveryTruncationIsShown) {
    for (const auto& row : rows) {
        for (std::size_t length = 0; length <= row.sent.size(); ++length) {
            const auto text = shown(row.sent.substr(0, length));
            EXPECT_GE(text.size(), length);
            EXPECT_TRUE(encoding::is_utf8(text)) << text;
            EXPECT_EQ(shown(text), text);
        }
    }
}

TEST(TerminalText, KeepsTheBeginningOfALineWhereItIsOurs) {
    EXPECT_EQ(shown("one\r\ntwo\rother | three\r", false), "one\r\ntwo\\x0dother | three\\x0d");
    EXPECT_EQ(shown("\r\r\n", false), "\\x0d\r\n");
}

TEST(EscapedJson, LeavesNothingThatSteers) {
    EXPECT_EQ(escaped_json("\"\x7f \xc2\x9b \xe2\x80\xae \xe2\x81\xa9 \xd8\x9c\""),
              R"("\u007f \u009b \u202e \u2069 \u061c")");
    const std::string harmless = "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xc2\xa0 \xd8\xa7 \xe2\x80\x9c\"";
    EXPECT_EQ(escaped_json(harmless), harmless);
    for (char32_t code = 0x7F; code < 0x3000; ++code) {
        if (!steers(code)) continue;
        std::string text;
        encoding::append_utf8(text, code);
        const auto escaped = escaped_json(text);
        EXPECT_TRUE(escaped.starts_with("\\u") && escaped.size() == 6) << escaped;
    }
}

}  // namespace
}  // namespace mullion::cli
