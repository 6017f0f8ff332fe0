#include "os/pam_service.h"

#include <gtest/gtest.h>

#include <string>

namespace mullion::os {
namespace {

TEST(PamService, NamesLeadNowhereElse) {
    for (const char* name : {"mullion", "mullion-2", "a_b.c", "X"})
        EXPECT_TRUE(is_pam_service_name(name)) << name;
    for (const char* name : {"", "other", "..", ".mullion", "-x", "a/b", "/etc/shadow", "a b", "a\n"})
        EXPECT_FALSE(is_pam_service_name(name)) << name;
    EXPECT_TRUE(is_pam_service_name(std::string(64, 'a')));
    EXPECT_FALSE(is_pam_service_name(std::string(65, 'a')));
    EXPECT_FALSE(is_pam_service_name(std::string_view("a\0b", 3)));
}

TEST(PamService, WithoutAFileIsAnErrorThatSaysWhatToDo) {
    const auto checked = check_pam_service({"mullion-no-such-service"});
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().id, ErrorId::serve_pam);
    EXPECT_NE(checked.error().detail.find("/etc/pam.d/mullion-no-such-service"), std::string::npos);
    ASSERT_FALSE(checked.error().advice.empty());
    EXPECT_NE(checked.error().advice[0].find("packaging/pam/mullion"), std::string::npos);
}

}  // namespace
}  // namespace mullion::os
