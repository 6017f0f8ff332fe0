#include <gtest/gtest.h>

#include <limits>

#include "wsman/envelope.h"

namespace mullion::wsman {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Duration, ReadsWhatHostsAndClientsSend) {
    EXPECT_EQ(parse_duration("PT20S"), seconds(20));
    EXPECT_EQ(parse_duration("PT0.500S"), milliseconds(500));
    EXPECT_EQ(parse_duration("P0DT0H0M36S"), seconds(36));
    EXPECT_EQ(parse_duration("PT7200.000S"), hours(2));
    EXPECT_EQ(parse_duration("PT2147483.647S"), milliseconds(2'147'483'647));
    EXPECT_EQ(parse_duration("PT180.000S"), seconds(180));
    EXPECT_EQ(parse_duration("PT60.0S"), seconds(60));
    EXPECT_EQ(parse_duration("P1D"), hours(24));
    EXPECT_EQ(parse_duration("P1DT1H1M1.001S"), milliseconds(90'061'001));
    EXPECT_EQ(parse_duration("PT5M"), seconds(300));
    EXPECT_EQ(parse_duration("PT0.0019S"), milliseconds(1));
    EXPECT_EQ(parse_duration("PT00000000000000000000000000001S"), seconds(1));
}

TEST(Duration, RefusesEveryTruncation) {
    const std::string text = "P1DT2H3M4.567S";
    for (std::size_t length = 0; length < text.size(); ++length) {
        // Cut behind a designator it is a shorter duration; anywhere else it is none.
        const bool whole = length == 3 || length == 6 || length == 8;
        EXPECT_EQ(parse_duration(text.substr(0, length)).has_value(), whole) << text.substr(0, length);
    }
}

TEST(Duration, RefusesEverythingElse) {
    for (const char* text :
         {"",     "P",    "PT",   "P1",     "1S",    "PT1",    "PTS",    "PT-1S",  "-PT1S",  "P-1D",
          "P1Y",  "P1M",  "P0Y",  "PT1.S",  "PT.5S", "PT1S ",  " PT1S",  "PT1S1M", "PT1H1H", "P1H",
          "PT1D", "P1DT", "pt1s", "PT1,5S", "PT+1S", "PT1.5M", "PT1e3S", "P1W",    "PT1SS",  "PTT1S"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, RefusesWhatDoesNotFit) {
    EXPECT_EQ(parse_duration("PT9223372036854775.807S"),
              milliseconds(std::numeric_limits<std::int64_t>::max()));
    EXPECT_FALSE(parse_duration("PT9223372036854775.808S"));
    EXPECT_FALSE(parse_duration("P99999999999999999999D"));
    EXPECT_FALSE(parse_duration("PT18446744073709551617S"));
    EXPECT_FALSE(parse_duration("P106751991167DT23H"));
}

TEST(Duration, WritesEachForm) {
    EXPECT_EQ(format_duration(seconds(20)), "PT20S");
    EXPECT_EQ(format_duration(milliseconds(500)), "PT0.500S");
    EXPECT_EQ(format_duration(seconds(-1)), "PT-1S");
    EXPECT_EQ(format_duration_long(hours(2)), "PT7200.000S");
    EXPECT_EQ(format_duration_long(seconds(-1)), "PT0.000S");
    EXPECT_EQ(format_duration_days(seconds(36)), "P0DT0H0M36S");
    EXPECT_EQ(format_duration_days(milliseconds(90'061'999)), "P1DT1H1M1S");
}

TEST(Duration, ReadsBackWhatItWrites) {
    for (const auto value : {milliseconds(0), milliseconds(1), milliseconds(999), milliseconds(86'400'000),
                             milliseconds(std::numeric_limits<std::int64_t>::max())}) {
        EXPECT_EQ(parse_duration(format_duration(value)), value);
        EXPECT_EQ(parse_duration(format_duration_long(value)), value);
    }
}

}  // namespace
}  // namespace mullion::wsman
