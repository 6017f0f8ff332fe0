#include "core/printable.h"

#include <gtest/gtest.h>

#include "core/log.h"

namespace mullion {
namespace {

struct Row {
    std::string_view text, line;
};

TEST(OneLine, PutsWhatSteersIntoLetters) {
    constexpr Row rows[] = {
        {"plain \xc3\xbc \xe2\x82\xac", "plain \xc3\xbc \xe2\x82\xac"},
        {"a\nb\r\tc\x7f", "a\\x0ab\\x0d\\x09c\\x7f"},
        {"\x1b[2J", "\\x1b[2J"},
        {"\xc2\x9b"
         "2J\xc2\x85",
         "\\x9b2J\\x85"},
        {"\x9b"
         "2J\xff",
         "\\x9b2J\\xff"},
        {"cut \xe2\x80", "cut \\xe2\\x80"},
        {"\xe2\x80\xae"
         "exe\xe2\x81\xa9\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f",
         "\\u202eexe\\u2069\\u061c\\u200e\\u200f"},
        {"one\xe2\x80\xa8two\xe2\x80\xa9", "one\\u2028two\\u2029"},
        {"no mark: \xe2\x80\x90\xe2\x81\xaa", "no mark: \xe2\x80\x90\xe2\x81\xaa"},
    };
    for (const auto& row : rows) EXPECT_EQ(one_line(row.text), row.line);
    EXPECT_EQ(one_line(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(OneLine, EveryTruncationIsPrintable) {
    const std::string_view text = "\xc3\xbc\xe2\x80\xae\xf0\x9f\xaa\x9f\x9b\xc2\x9b";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const auto line = one_line(text.substr(0, length));
        EXPECT_EQ(one_line(line), line);
    }
}

TEST(StderrLogger, WritesNothingThatSteers) {
    testing::internal::CaptureStderr();
    stderr_logger(LogLevel::info)
        ->warning("logon of {} refused",
                  "\xc2\x9b"
                  "2J\xe2\x80\xae\x9b\xe2\x80\xa8warning forged\n");
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(
        written.ends_with(" warning logon of \\x9b2J\\u202e\\x9b\\u2028warning forged\\x0a refused\n"))
        << written;
}

}  // namespace
}  // namespace mullion
