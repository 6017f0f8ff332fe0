#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "secrets/masking/masks.h"

namespace mullion::secrets {
namespace {

const std::string stars(mask_text);

TEST(Masks, AreNoneUntilSomethingIsSecret) {
    Masks masks;
    EXPECT_FALSE(masks.any());
    EXPECT_EQ(masks.patterns(), nullptr);
    EXPECT_EQ(masks.masked("text"), "text");
    masks.add(Secret(""));
    EXPECT_FALSE(masks.any());
    EXPECT_TRUE(masks.notices().empty());
}

TEST(Masks, AreMadeAnewOnlyForWhatIsNew) {
    Masks masks;
    masks.add(Secret("hunter22"));
    const auto first = masks.patterns();
    masks.add(Secret("hunter22"));
    EXPECT_EQ(masks.patterns(), first);
    masks.add(Secret("correct horse"));
    EXPECT_NE(masks.patterns(), first);
    EXPECT_EQ(masks.masked("hunter22 correct horse"), stars + " " + stars);
    EXPECT_EQ(masked(first, "hunter22 correct horse"), stars + " correct horse");
}

TEST(Masks, SayOnceWhatIsTooShortOrTooLong) {
    Masks masks;
    masks.add(Secret("ab"));
    EXPECT_EQ(masks.patterns(), nullptr);
    auto notices = masks.notices();
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_NE(notices[0].find("fewer than 3 bytes"), std::string::npos);
    EXPECT_EQ(notices[0].find("ab:"), std::string::npos);
    masks.add(Secret("cd"));
    EXPECT_TRUE(masks.notices().empty());
    masks.add(Secret(std::string(9000, 'x')));
    notices = masks.notices();
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_NE(notices[0].find("more than 8 KiB"), std::string::npos);
    masks.add(Secret(std::string(1024 * 1024 + 1, 'y')));
    notices = masks.notices();
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_NE(notices[0].find("more than 1 MiB"), std::string::npos);
}

TEST(Masks, KeepToTheirLimit) {
    Masks masks(20'000);
    std::vector<Secret> values;
    for (int i = 100; i < 400; ++i) values.emplace_back("secret number " + std::to_string(i));
    masks.add(values);
    EXPECT_LE(masks.patterns()->nodes(), 20'001U);
    EXPECT_EQ(masks.masked("secret number 100"), stars);
    EXPECT_EQ(masks.masked("736563726574206e756d62657220313030"), stars);  // In hex.
    // Plain, and not at all.
    EXPECT_EQ(masks.masked("secret number 399"), "secret number 399");
    const auto notices = masks.notices();
    ASSERT_EQ(notices.size(), 2U);
    EXPECT_NE(notices[0].find("no encoded form"), std::string::npos);
    EXPECT_NE(notices[1].find("not masked"), std::string::npos);
}

TEST(Masks, TenThousandAreNoTrouble) {
    Masks masks;
    std::vector<Secret> values;
    for (int i = 10'000; i < 20'000; ++i)
        values.emplace_back("Pw-" + std::to_string(i * 7919) + "-xyzzy-plugh");
    masks.add(values);
    EXPECT_EQ(masks.masked("its Pw-79190000-xyzzy-plugh, and Pw-158372081-xyzzy-plugh"),
              "its " + stars + ", and " + stars);
    EXPECT_TRUE(masks.notices().empty());
}

}  // namespace
}  // namespace mullion::secrets
