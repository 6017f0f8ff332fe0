#include "wsman/cim/moment.h"

#include <gtest/gtest.h>

#include <array>

namespace mullion::wsman::cim {
namespace {

constexpr std::int64_t noon_2026 = 1'767'268'800'000'000;  // 2026-01-01T12:00:00Z, from date(1)

TEST(CimMoment, ReadsEveryForm) {
    struct Row {
        const char* text;
        std::int64_t unix;
        const char* dmtf;
        const char* xml;
    };
    const std::array rows{
        Row{"20260101120000.000000+000", noon_2026, "20260101120000.000000+000", "2026-01-01T12:00:00Z"},
        Row{"20260101130000.000000+060", noon_2026, "20260101130000.000000+060", "2026-01-01T13:00:00+01:00"},
        Row{"20260101063000.250000-330", noon_2026 + 250'000, "20260101063000.250000-330",
            "2026-01-01T06:30:00.25-05:30"},
        Row{"2026-01-01T12:00:00Z", noon_2026, "20260101120000.000000+000", "2026-01-01T12:00:00Z"},
        Row{"2026-01-01T12:00:00.1234567Z", noon_2026 + 123'456, "20260101120000.123456+000",
            "2026-01-01T12:00:00.123456Z"},
        Row{"2026-01-01T13:00:00.5+01:00", noon_2026 + 500'000, "20260101130000.500000+060",
            "2026-01-01T13:00:00.5+01:00"},
        Row{"2026-01-01T12:00:00", noon_2026, "20260101120000.000000+***", "2026-01-01T12:00:00"},
        Row{"2026-01-01", noon_2026 - 43'200'000'000, "20260101******.******+***", "2026-01-01"},
        Row{"20260101******.******+***", noon_2026 - 43'200'000'000, "20260101******.******+***",
            "2026-01-01"},
        Row{"20260101120000.******+000", noon_2026, "20260101120000.******+000", "2026-01-01T12:00:00Z"},
        Row{"20260101120000.12****+000", noon_2026 + 120'000, "20260101120000.120000+000",
            "2026-01-01T12:00:00.12Z"},
        Row{"2026**********.******+***", noon_2026 - 43'200'000'000, "2026**********.******+***",
            "2026-01-01"},
        Row{"19691231235959.999999+000", -1, "19691231235959.999999+000", "1969-12-31T23:59:59.999999Z"},
        Row{"2024-02-29T00:00:00Z", 1'709'164'800'000'000, "20240229000000.000000+000",
            "2024-02-29T00:00:00Z"},
    };
    for (const auto& row : rows) {
        const auto moment = parse_moment(row.text);
        ASSERT_TRUE(moment) << row.text;
        EXPECT_EQ(unix_microseconds(*moment), row.unix) << row.text;
        EXPECT_EQ(format_dmtf(*moment), row.dmtf);
        EXPECT_EQ(format_xml(*moment), row.xml);
    }
    const auto time = parse_moment("07:08:09.5Z");
    ASSERT_TRUE(time);
    EXPECT_FALSE(time->has_date);
    EXPECT_EQ(format_xml(*time), "07:08:09.5Z");
    EXPECT_EQ(format_dmtf(*time), "");
    EXPECT_FALSE(unix_microseconds(*time));
}

TEST(CimMoment, RefusesWhatIsNone) {
    for (const char* text : {"",
                             "x",
                             "2026",
                             "20260101",
                             "20260101120000",
                             "20261301120000.000000+000",
                             "20260132120000.000000+000",
                             "20250229120000.000000+000",
                             "20260101240000.000000+000",
                             "20260101126000.000000+000",
                             "20260101120060.000000+000",
                             "20260101120000.000000+841",
                             "20260101120000.000000:000",
                             "20260101120000.*0****+000",
                             "****0101120000.000000+000",
                             "2026**01120000.000000+000",
                             "20260101120000.000000+**0",
                             "20260101120000.000000+0000",
                             "2026-1-1",
                             "2026-01-01T",
                             "2026-01-01 12:00:00",
                             "2026-01-01T24:00:00Z",
                             "2026-01-01T12:00Z",
                             "2026-01-01T12:00:00.Z",
                             "2026-01-01T12:00:00z",
                             "2026-01-01T12:00:00+14:01",
                             "2026-01-01T12:00:00+01:60",
                             "2026-01-01T12:00:00+1:00",
                             "-2026-01-01T12:00:00Z",
                             "12026-01-01T12:00:00Z",
                             "2026-02-30",
                             "12:00",
                             "12:00:00.",
                             "2026-01-01T12:00:00.0000000000000000000000000000000000000000000000Z",
                             "P1D"})
        EXPECT_FALSE(parse_moment(text)) << text;
}

TEST(CimMoment, EveryTruncationIsRefusedOrSaysLess) {
    for (const std::string whole :
         {"20260101120000.123456+060", "2026-01-01T12:00:00.25+01:00", "12:00:00.25Z"}) {
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto text = whole.substr(0, length);
            const auto moment = parse_moment(text);
            if (moment) {
                EXPECT_EQ(parse_moment(format_xml(*moment)), moment) << text;
            }
            if (whole[4] != '-' && whole[2] != ':') {
                EXPECT_FALSE(moment) << text;
            }
        }
    }
}

TEST(CimMoment, ComesFromTheClock) {
    EXPECT_EQ(format_xml(moment_of(noon_2026 + 1).value()), "2026-01-01T12:00:00.000001Z");
    EXPECT_EQ(format_xml(moment_of(-1).value()), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(format_xml(moment_of(253'402'300'799'999'999).value()), "9999-12-31T23:59:59.999999Z");
    EXPECT_FALSE(moment_of(253'402'300'800'000'000));
    EXPECT_EQ(format_xml(moment_of(-62'167'219'200'000'000).value()), "0000-01-01T00:00:00Z");
    EXPECT_FALSE(moment_of(-62'167'219'200'000'001));
    EXPECT_FALSE(moment_of(std::numeric_limits<std::int64_t>::max()));
    EXPECT_FALSE(moment_of(std::numeric_limits<std::int64_t>::min()));
}

TEST(CimInterval, ReadsBothForms) {
    constexpr std::int64_t second = 1'000'000;
    constexpr std::int64_t whole = (86'400 + 2 * 3'600 + 3 * 60 + 4) * second + 500'000;
    EXPECT_EQ(parse_interval("00000001020304.500000:000")->microseconds, whole);
    EXPECT_EQ(parse_interval("P1DT2H3M4.5S")->microseconds, whole);
    EXPECT_EQ(format_dmtf(Interval{whole}), "00000001020304.500000:000");
    EXPECT_EQ(format_xml(Interval{whole}), "P1DT2H3M4.5S");
    EXPECT_EQ(parse_interval("PT90M")->microseconds, 5'400 * second);
    EXPECT_EQ(parse_interval("PT7200.000S")->microseconds, 7'200 * second);
    EXPECT_EQ(parse_interval("P1D")->microseconds, 86'400 * second);
    EXPECT_EQ(parse_interval("PT1H30S")->microseconds, 3'630 * second);
    EXPECT_EQ(parse_interval("00000003******.******:000")->microseconds, 3 * 86'400 * second);
    EXPECT_EQ(format_dmtf(*parse_interval("P99999999DT23H59M59.999999S")), "99999999235959.999999:000");
}

TEST(CimInterval, RefusesWhatIsNone) {
    for (const char* text : {"",
                             "P",
                             "PT",
                             "P1",
                             "1D",
                             "P1Y",
                             "P1M",
                             "-P1D",
                             "P-1D",
                             "PT1S1M",
                             "PT1M1H",
                             "PT1.S",
                             "PT.5S",
                             "PT1.5M",
                             "P1DT",
                             "PT1H5",
                             "P100000000D",
                             "P99999999DT24H",
                             "PT123456789S",
                             "P1D ",
                             "00000001240000.000000:000",
                             "00000001006000.000000:000",
                             "00000001000060.000000:000",
                             "00000001020304.500000+000",
                             "00000001020304.500000:001",
                             "0000000*020304.500000:000",
                             "00000001020304.5000*0:000"})
        EXPECT_FALSE(parse_interval(text)) << text;
}

TEST(CimInterval, EveryTruncationIsRefusedOrSaysLess) {
    for (const std::string whole : {"00000001020304.500000:000", "P1DT2H3M4.5S"}) {
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto interval = parse_interval(whole.substr(0, length));
            if (interval) {
                EXPECT_LT(interval->microseconds, parse_interval(whole)->microseconds);
            }
            if (whole[0] != 'P') {
                EXPECT_FALSE(interval);
            }
        }
    }
}

}  // namespace
}  // namespace mullion::wsman::cim
