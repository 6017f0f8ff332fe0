#include "simulate/words.h"

#include <gtest/gtest.h>

#include <string>

namespace mullion::simulate {
namespace {

TEST(Delay, TakesUnits) {
    EXPECT_EQ(parse_delay("50ms"), Duration(50));
    EXPECT_EQ(parse_delay("1.5s"), Duration(1500));
    EXPECT_EQ(parse_delay("2"), Duration(2000));
    EXPECT_EQ(parse_delay("2m"), Duration(120'000));
    EXPECT_EQ(parse_delay("1h"), Duration(3'600'000));
    EXPECT_EQ(parse_delay("0"), Duration(0));
    EXPECT_EQ(parse_delay("never"), never);
}

TEST(Delay, RefusesWhatIsNone) {
    for (const char* text : {"", "ms", "-1s", "1 s", "1e3", "1..5s", ".5s", "5.", "25h", "1d", "never ",
                             "0x10", "99999999999999999999999999999999999s"})
        EXPECT_FALSE(parse_delay(text)) << text;
}

TEST(Size, TakesDecimalAndBinaryUnits) {
    EXPECT_EQ(parse_size("500"), 500u);
    EXPECT_EQ(parse_size("64KiB"), 65'536u);
    EXPECT_EQ(parse_size("64KB"), 64'000u);
    EXPECT_EQ(parse_size("100MB"), 100'000'000u);
    EXPECT_EQ(parse_size("0.5MiB"), 524'288u);
    for (const char* text : {"", "KB", "1 KB", "-1", "2048GiB", "1TB", "1kb"})
        EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Code, IsOf32Bits) {
    EXPECT_EQ(parse_code("0x803381A6"), 0x803381A6u);
    EXPECT_EQ(parse_code("2150859174"), 0x803381A6u);
    EXPECT_EQ(parse_code("-1"), 0xFFFFFFFFu);
    for (const char* text : {"", "0x", "0x1FFFFFFFF", "4294967296", "-2147483649", "1.0", "five"})
        EXPECT_FALSE(parse_code(text)) << text;
}

TEST(Words, EveryTruncationIsAnotherWordOrNone) {
    const std::string delay = "1500ms";
    for (std::size_t length = 0; length < delay.size(); ++length)
        EXPECT_NE(parse_delay(delay.substr(0, length)), Duration(1500)) << length;
    const std::string size = "100MiB";
    for (std::size_t length = 0; length < size.size(); ++length)
        EXPECT_NE(parse_size(size.substr(0, length)), 100u << 20) << length;
    const std::string code = "0x803381A6";
    for (std::size_t length = 0; length < code.size(); ++length)
        EXPECT_NE(parse_code(code.substr(0, length)), 0x803381A6u) << length;
}

}  // namespace
}  // namespace mullion::simulate
