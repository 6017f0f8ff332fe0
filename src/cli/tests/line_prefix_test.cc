#include "cli/line_prefix.h"

#include <gtest/gtest.h>

namespace mullion::cli {
namespace {

TEST(LinePrefix, StandsBeforeEachLine) {
    LinePrefix lines("web01 | ");
    EXPECT_EQ(lines.add("one\ntwo\n\nfour\n"), "web01 | one\nweb01 | two\nweb01 | \nweb01 | four\n");
    EXPECT_EQ(lines.flush(), "");
}

TEST(LinePrefix, KeepsBytesAsTheyAre) {
    LinePrefix lines("h | ");
    EXPECT_EQ(lines.add("crlf\r\n\x1b[31m\xff\n"), "h | crlf\r\nh | \x1b[31m\xff\n");
}

// However the bytes come, the lines are the same.
TEST(LinePrefix, WaitsForTheEndOfALine) {
    const std::string text = "first\r\nsecond\n\nlast";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        LinePrefix lines("h | ");
        auto written = lines.add(text.substr(0, cut));
        written += lines.add(text.substr(cut));
        written += lines.flush();
        EXPECT_EQ(written, "h | first\r\nh | second\nh | \nh | last\n") << cut;
    }
}

TEST(LinePrefix, WritesALongLineInPieces) {
    const std::size_t longest = LinePrefix::longest_line;
    for (const auto step : {std::size_t{1}, std::size_t{1000}, longest, 3 * longest}) {
        LinePrefix lines("h | ");
        const std::string text = std::string(2 * longest + 5, 'x') + "\nnext\n";
        std::string written;
        for (std::size_t at = 0; at < text.size(); at += step) written += lines.add(text.substr(at, step));
        const auto piece = "h | " + std::string(longest, 'x') + "\n";
        EXPECT_EQ(written, piece + piece + "h | xxxxx\nh | next\n") << step;
    }
}

TEST(LinePrefix, LeavesALineOfExactlyTheLimitWhole) {
    LinePrefix lines("h | ");
    const std::string text(LinePrefix::longest_line, 'x');
    EXPECT_EQ(lines.add(text), "");
    EXPECT_EQ(lines.add("\n"), "h | " + text + "\n");
}

TEST(LinePrefix, DoesNotCutACharacter) {
    LinePrefix lines("h | ");
    const std::string almost(LinePrefix::longest_line - 1, 'x');
    EXPECT_EQ(lines.add(almost + "\xe2\x82\xac"
                                 "y\n"),
              "h | " + almost + "\nh | \xe2\x82\xacy\n");
}

TEST(LinePrefix, EndsTheLastLine) {
    LinePrefix lines("h | ");
    EXPECT_EQ(lines.add("prompt>"), "");
    EXPECT_EQ(lines.flush(), "h | prompt>\n");
    EXPECT_EQ(lines.flush(), "");
}

}  // namespace
}  // namespace mullion::cli
