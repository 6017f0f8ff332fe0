#include "core/nearest.h"

#include <gtest/gtest.h>

namespace mullion {
namespace {

const std::vector<std::string_view> names{"web01", "web02", "db01", "Service/Auth/Basic", "MaxConnections"};

TEST(Nearest, FindsWhatFingersMeant) {
    EXPECT_EQ(nearest("wbe02", names), "web02") << "swapped neighbours";
    EXPECT_EQ(nearest("we02", names), "web02") << "one left out";
    EXPECT_EQ(nearest("web022", names), "web02") << "one too many";
    EXPECT_EQ(nearest("WEB01", names), "web01");
    EXPECT_EQ(nearest("Basik", names), "Service/Auth/Basic") << "the last part alone";
    EXPECT_EQ(nearest("MaxConections", names), "MaxConnections");
}

TEST(Nearest, GivesNothingWhereNothingIsNear) {
    EXPECT_EQ(nearest("mail", names), "");
    EXPECT_EQ(nearest("", names), "");
    EXPECT_EQ(nearest("web01", {}), "");
    EXPECT_EQ(nearest(std::string(200, 'w'), names), "");
}

}  // namespace
}  // namespace mullion
