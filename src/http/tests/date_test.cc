#include "http/date.h"

#include <gtest/gtest.h>

#include <string>

namespace mullion::http {
namespace {

const std::string example = "Sun, 06 Nov 1994 08:49:37 GMT";  // RFC 9110 5.6.7

TEST(Date, IsRead) {
    const auto date = parse_date(example);
    ASSERT_TRUE(date);
    EXPECT_EQ(date->time_since_epoch().count(), 784111777);
    EXPECT_TRUE(parse_date("Thu, 29 Feb 2024 23:59:60 GMT"));
}

TEST(Date, EveryTruncationIsRefused) {
    for (std::size_t size = 0; size < example.size(); ++size)
        EXPECT_FALSE(parse_date(std::string_view(example).substr(0, size))) << size;
}

TEST(Date, NothingElseIsOne) {
    for (const auto* text :
         {"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sun, 06 Nov 1994 08:60:37 GMT", "Thu, 29 Feb 2023 00:00:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 08:49:37 GMT "})
        EXPECT_FALSE(parse_date(text)) << text;
}

}  // namespace
}  // namespace mullion::http
