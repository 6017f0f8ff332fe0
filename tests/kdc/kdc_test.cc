#include "kdc/kdc.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

namespace mullion::kdc {
namespace {

TEST(Kdc, GivesTicketsAndCountsThemAndLeavesNothing) {
    std::string keytab;
    {
        Kdc kdc;
        keytab = kdc.keytab_of("HTTP/localhost");
        EXPECT_STREQ(std::getenv("KRB5_CONFIG"), kdc.config().c_str());
        EXPECT_EQ(kdc.count("AS_REQ"), 0);
        const std::string kinit = "kinit -k -t " + kdc.user_keytab(kUser) + " " + kUser;
        ASSERT_EQ(std::system(kinit.c_str()), 0);
        ASSERT_EQ(std::system("kvno -q HTTP/localhost"), 0);
        EXPECT_EQ(kdc.count("AS_REQ"), 1);
        EXPECT_EQ(kdc.count("TGS_REQ"), 1);
        kdc.admin("modprinc -allow_tix alice");
        EXPECT_NE(std::system((kinit + " 2>/dev/null").c_str()), 0);
        kdc.stop();
        struct stat found {};
        EXPECT_EQ(::stat(keytab.c_str(), &found), 0);
    }
    struct stat found {};
    EXPECT_NE(::stat(keytab.c_str(), &found), 0);
}

}  // namespace
}  // namespace mullion::kdc
