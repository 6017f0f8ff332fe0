#include "net/reverse_name.h"

#include <gtest/gtest.h>

namespace mullion::net {
namespace {

TEST(ReverseName, OfTheLoopbackIsInEveryHostsFile) {
    const auto name = reverse_name("127.0.0.1");
    ASSERT_TRUE(name.ok()) << name.error().message();
    EXPECT_NE(name->find("localhost"), std::string::npos) << *name;
}

TEST(ReverseName, OfWhatIsNoAddressIsAnError) {
    const auto name = reverse_name("web01");
    ASSERT_FALSE(name.ok());
    EXPECT_EQ(name.error().id, ErrorId::net_name);
}

}  // namespace
}  // namespace mullion::net
