#include "core/ids.h"

#include <gtest/gtest.h>

namespace mullion {
namespace {

TEST(Guid, HasVersionAndVariant) {
    CountingRandom random;
    EXPECT_EQ(new_guid(random), "00010203-0405-4607-8809-0A0B0C0D0E0F");
}

TEST(Guid, IsRecognisedInBothCasesOnly) {
    EXPECT_TRUE(is_guid("4283CBDC-3706-415B-88BD-B385F3E51A53"));
    EXPECT_TRUE(is_guid("4283cbdc-3706-415b-88bd-b385f3e51a53"));
    EXPECT_FALSE(is_guid("{283CBDC-3706-415B-88BD-B385F3E51A5}"));
    EXPECT_FALSE(is_guid("4283CBDC-3706-415B-88BD-B385F3E51A5"));
    EXPECT_FALSE(is_guid("4283CBDC037060415B088BD0B385F3E51A53"));
    EXPECT_FALSE(is_guid(""));
}

TEST(Guid, OfTheSystemDiffer) {
    EXPECT_NE(new_guid(system_random()), new_guid(system_random()));
}

}  // namespace
}  // namespace mullion
