#include "checks/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace mullion::checks {
namespace {

TEST(Bytes, NumbersArePrintedAsPerlPrintsThem) {
    EXPECT_EQ(perl_number(80), "80");
    EXPECT_EQ(perl_number(0.1 + 0.2), "0.3");
    EXPECT_EQ(perl_number(1e15), "1e+15");
    EXPECT_EQ(perl_number(123456789012345), "123456789012345");
    EXPECT_EQ(perl_number(-0.0), "0");
    EXPECT_EQ(perl_number(1e-5), "1e-05");
    EXPECT_EQ(perl_number(std::numeric_limits<double>::infinity()), "Inf");
    EXPECT_EQ(perl_number(std::numeric_limits<double>::quiet_NaN()), "NaN");
}

TEST(Bytes, WholePartsAreHeldTo64Bits) {
    EXPECT_EQ(whole(-3.7), -3);
    EXPECT_EQ(whole(1e300), INT64_MAX);
    EXPECT_EQ(whole(-1e300), INT64_MIN);
    EXPECT_EQ(whole(std::numeric_limits<double>::quiet_NaN()), 0);
}

TEST(Bytes, SizesAreDividedBeforeTheyAreRounded) {
    EXPECT_EQ(format_bytes(0), "0.00 B");
    EXPECT_EQ(format_bytes(1023), "1023.00 B");
    EXPECT_EQ(format_bytes(1024), "1.00 KB");
    EXPECT_EQ(format_bytes(1024 * 1024 - 1), "1024.00 KB");  // Centreon too: the unit was chosen before.
    EXPECT_EQ(format_bytes(1099509530624), "1024.00 GB");
    EXPECT_EQ(format_bytes(32210153472), "30.00 GB");
    EXPECT_EQ(format_bytes(1e18), "909494.70 TB");
    EXPECT_EQ(format_bytes(-2048), "-2.00 KB");
}

TEST(Bytes, BitsAreDividedByAThousandAndHaveNoBlank) {
    EXPECT_EQ(format_bits(999), "999.00b");
    EXPECT_EQ(format_bits(1230), "1.23Kb");
    EXPECT_EQ(format_bits(2.5e12), "2.50Tb");
}

TEST(Bytes, DurationsLeaveOutWhatIsZero) {
    EXPECT_EQ(format_duration(798300.03, "d"), "9d 5h 45m");
    EXPECT_EQ(format_duration(86400, "d"), "1d");
    EXPECT_EQ(format_duration(31'556'926 + 2'629'743 + 604'800 + 1), "1y 1M 1w 1s");
    EXPECT_EQ(format_duration(31'556'926, "d"), "365d 5h 48m 46s");
    EXPECT_EQ(format_duration(0, "d"), "0d");
    EXPECT_EQ(format_duration(0.4, "d"), "0.4d");
    EXPECT_EQ(format_duration(0), "0");
    EXPECT_EQ(format_duration(-61), "-1m 1s");
}

}  // namespace
}  // namespace mullion::checks
