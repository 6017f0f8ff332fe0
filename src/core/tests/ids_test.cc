#include "core/ids.h"

#include <gtest/gtest.h>

#include <vector>

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

TEST(DrawnAhead, GivesEachByteOnceAndInOrder) {
    CountingRandom source;
    DrawnAhead drawn(source);
    std::uint8_t expected = 0;
    for (const std::size_t size : {0U, 1U, 16U, 500U, 511U, 513U, 2000U, 3U}) {
        std::vector<std::uint8_t> bytes(size);
        drawn.fill(bytes);
        for (const auto byte : bytes) ASSERT_EQ(byte, expected++) << size;
    }
}

}  // namespace
}  // namespace mullion
