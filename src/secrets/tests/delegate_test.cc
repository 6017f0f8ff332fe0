#include "secrets/managers/delegate.h"

#include <gtest/gtest.h>

namespace mullion::secrets {
namespace {

const Delegate here{"dc1", {"linux", "vienna"}};

TEST(Delegate, HasAllSelectorsItsNameIncluded) {
    EXPECT_TRUE(may_act(here, std::vector<std::string>{}).ok());
    EXPECT_TRUE(may_act(here, {"dc1"}).ok());
    EXPECT_TRUE(may_act(here, {"vienna", "dc1", "linux"}).ok());
}

TEST(Delegate, SaysWhichTagsItLacks) {
    const auto refused = may_act(here, {"linux", "berlin", "gpu"});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::usage_unsupported);
    EXPECT_EQ(refused.error().detail,
              "There are no eligible delegates available in the account to execute the task: delegate 'dc1' "
              "lacks the tags berlin, gpu "
              "of the selectors linux, berlin, gpu");
    EXPECT_FALSE(refused.error().advice.empty());
    EXPECT_FALSE(may_act(here, {"Linux"}).ok());  // As written.
}

TEST(Delegate, HonoursBothListsOfAConnector) {
    AwsKmsConnector connector;
    connector.credential = AwsRoleOfTheMachine{};
    connector.selectors = {"linux"};
    connector.credential_selectors = {"dc1"};
    EXPECT_TRUE(may_act(here, connector).ok());
    connector.credential_selectors = {"berlin"};
    EXPECT_FALSE(may_act(here, connector).ok());
    connector.credential_selectors = {};
    connector.selectors = {"berlin"};
    EXPECT_FALSE(may_act(here, connector).ok());
}

TEST(Delegate, IsNoPlatform) {
    AwsKmsConnector connector;
    connector.credential = AwsRoleOfTheMachine{};
    connector.execute_on_delegate = false;
    auto refused = may_act(here, connector);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().detail.find("executeOnDelegate: false"), std::string::npos);
    connector.execute_on_delegate = true;
    AwsOidc oidc;
    oidc.through_platform = true;
    connector.credential = oidc;
    refused = may_act(here, connector);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().detail.find("connectivity mode"), std::string::npos);
}

}  // namespace
}  // namespace mullion::secrets
