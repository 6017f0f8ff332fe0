#include "auth/account_name.h"

#include <gtest/gtest.h>

namespace mullion::auth {
namespace {

using Names = std::vector<std::string>;

TEST(AccountNames, TriesTheWholeBeforeTheBareName) {
    EXPECT_EQ(account_names("alice"), (Names{"alice"}));
    EXPECT_EQ(account_names("LAB\\alice"), (Names{"LAB\\alice", "alice"}));
    EXPECT_EQ(account_names("alice@lab.example"), (Names{"alice@lab.example", "alice"}));
    EXPECT_EQ(account_names("LAB\\alice@x"), (Names{"LAB\\alice@x", "alice@x"}));
}

TEST(AccountNames, HasNoneForWhatNoAccountIsCalled) {
    for (const std::string& name : {std::string(), std::string("a:b"), std::string("a\nb"),
                                    std::string("a\0b", 3), std::string(257, 'a')}) {
        EXPECT_TRUE(account_names(name).empty()) << name;
    }
    EXPECT_EQ(account_names("LAB\\"), (Names{"LAB\\"}));
    EXPECT_EQ(account_names("@realm"), (Names{"@realm"}));
}

}  // namespace
}  // namespace mullion::auth
