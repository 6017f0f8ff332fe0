#include "aws/moment.h"

#include <gtest/gtest.h>

namespace mullion::aws {
namespace {

TEST(Moment, IsWrittenAndRead) {
    const auto at = parse_moment("2015-08-30T12:36:00Z");
    ASSERT_TRUE(at);
    EXPECT_EQ(basic_moment(*at), "20150830T123600Z");
    EXPECT_EQ(plain_moment(*at), "2015-08-30T12:36:00Z");
    EXPECT_EQ(parse_moment("2015-08-30T12:36:00.123Z"), at);
    EXPECT_EQ(parse_moment("2024-02-29T00:00:00Z").has_value(), true);
    for (const char* wrong : {"2015-02-29T12:36:00Z", "2015-13-30T12:36:00Z", "2015-08-30T24:36:00Z",
                              "2015-08-30 12:36:00Z", "2015-08-30T12:36:00+01:00", "2015-08-30T12:36:00.Z",
                              "2015-08-30T12:36:0xZ", "9999-08-30T12:36:00Z"})
        EXPECT_FALSE(parse_moment(wrong)) << wrong;
}

TEST(Moment, RefusesEveryTruncation) {
    const std::string whole = "2015-08-30T12:36:00.5Z";
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_moment(whole.substr(0, size))) << size;
}

}  // namespace
}  // namespace mullion::aws
