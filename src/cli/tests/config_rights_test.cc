#include "cli/config_rights.h"

#include <gtest/gtest.h>

namespace mullion::cli {
namespace {

Result<void> judged(const std::string& word, bool force = false) {
    return keeps_somebody_in({client::parse_config_assignment(word).value()}, force);
}

TEST(ConfigRights, RefusesToShutEverybodyOut) {
    for (const auto* sddl : {"O:NSG:BAD:P", "O:NSG:BAD:P(A;;GR;;;BA)", "O:NSG:BAD:P(A;;GA;;;SY)",
                             "O:NSG:BAD:P(D;;GA;;;WD)(A;;GA;;;BA)"}) {
        const auto refused = judged(std::string("Service/RootSDDL=") + sddl);
        ASSERT_FALSE(refused.ok()) << sddl;
        EXPECT_EQ(refused.error().id, ErrorId::usage_invalid);
        EXPECT_NE(refused.error().all_advice()[2].find("--force"), std::string::npos);
        EXPECT_TRUE(judged(std::string("Service/RootSDDL=") + sddl, true).ok()) << sddl;
    }
}

TEST(ConfigRights, LeavesEverythingElseToTheHost) {
    for (const auto* word :
         {"Service/RootSDDL=O:NSG:BAD:P(A;;GA;;;BA)", "Service/RootSDDL=O:NSG:BA",
          "Service/RootSDDL=D:(A;;GA;;;DA)", "Service/RootSDDL=nonsense", "MaxTimeoutms=1000"})
        EXPECT_TRUE(judged(word).ok()) << word;
    const auto bare = client::parse_config_assignment("Listener?Address=*+Transport=HTTP").value();
    EXPECT_TRUE(keeps_somebody_in({bare}, false).ok());
}

}  // namespace
}  // namespace mullion::cli
