#include "service/access/local_visitors.h"

#include <gtest/gtest.h>

#include "os/user.h"

namespace mullion::service {
namespace {

constexpr uid_t nobody = 65534;

TEST(LocalVisitors, RootAndTheOwnerAreAdministrators) {
    const auto visitors = LocalVisitors::make(nobody);
    ASSERT_TRUE(visitors.ok());
    const auto root = visitors->admit({0, 1});
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(root->user(), "root");
    EXPECT_EQ(root->unix_user(), "root");
    EXPECT_EQ(root->transport(), auth::Transport::local);
    EXPECT_TRUE(root->administrator());
    const auto owner = visitors->admit({nobody, 1});
    ASSERT_TRUE(owner.has_value());
    EXPECT_EQ(owner->user(), os::find_user(nobody).value()->name);
    EXPECT_TRUE(owner->administrator());
}

TEST(LocalVisitors, EverybodyElseIsNobody) {
    const auto visitors = LocalVisitors::make(nobody);
    ASSERT_TRUE(visitors.ok());
    for (const uid_t uid : {uid_t{1}, uid_t{1000}, nobody - 1, nobody + 1, static_cast<uid_t>(-1)})
        EXPECT_FALSE(visitors->admit({uid, 1}).has_value()) << uid;
    EXPECT_FALSE(visitors->admit({}).has_value()) << "no identity by default";
}

TEST(LocalVisitors, AnOwnerWithoutANameIsKnownByItsNumber) {
    const auto visitors = LocalVisitors::make(3'999'999);
    ASSERT_TRUE(visitors.ok());
    EXPECT_EQ(visitors->admit({3'999'999, 1})->user(), "uid-3999999");
}

}  // namespace
}  // namespace mullion::service
