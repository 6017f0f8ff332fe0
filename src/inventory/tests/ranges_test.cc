#include "inventory/ranges.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mullion::inventory {
namespace {

std::vector<std::string> expanded(std::string_view text) {
    std::vector<std::string> names;
    const auto done = expand_range(text, [&](std::string_view name) { names.emplace_back(name); });
    EXPECT_TRUE(done.ok()) << text << ": " << (done.ok() ? "" : done.error().detail);
    return names;
}

using Names = std::vector<std::string>;

// What ansible-core 2.17 makes of the same texts.
TEST(Ranges, AreAnsiblesOwn) {
    EXPECT_EQ(expanded("web"), Names{"web"});
    EXPECT_EQ(expanded("a[1:3]"), (Names{"a1", "a2", "a3"}));
    EXPECT_EQ(expanded("a[08:10].x"), (Names{"a08.x", "a09.x", "a10.x"}));
    EXPECT_EQ(expanded("a[a:e:2]"), (Names{"aa", "ac", "ae"}));
    EXPECT_EQ(expanded("a[y:B]"), (Names{"ay", "az", "aA", "aB"}));
    EXPECT_EQ(expanded("a[:2]"), (Names{"a0", "a1", "a2"}));
    EXPECT_EQ(expanded("a[0:0]"), Names{"a0"});
    EXPECT_EQ(expanded("a[01:10:3]"), (Names{"a01", "a04", "a07", "a10"}));
    EXPECT_EQ(expanded("a[-1:+1]"), (Names{"a-1", "a0", "a1"}));
    EXPECT_EQ(expanded("a[1:2]x[a:b]"), (Names{"a1xa", "a1xb", "a2xa", "a2xb"}));
    EXPECT_EQ(expanded("a[5:1:-2]"), (Names{"a5", "a3"}));
    EXPECT_EQ(expanded("a[1:2]]"), (Names{"a1]", "a2]"}));
}

TEST(Ranges, MayBeEmptyAsAnsiblesAre) {
    for (const auto* text : {"a[3:1]", "a[a:e:-1]", "a[a:a:-1]", "a[01:-1]", "a[1:1:-1]", "a[2:1]b[1:3]"})
        EXPECT_EQ(expanded(text), Names{}) << text;
}

TEST(Ranges, RefusesWhatIsNone) {
    for (const auto* text : {"a[1]", "a[1:]", "a[1:2:3:4]", "a[00:3]", "a[Z:a]", "a[1:3:0]", "a[a:c:0]",
                             "a[a:5]", "a[1:b]", "a[aa:bb]", "a[1:3", "a]1:3[", "a[1:3:x]", "a[x1:x3]",
                             "a[1:99999999999999999999]", "a[:]", "[]", "["}) {
        const auto done = expand_range(text, [](std::string_view) {});
        ASSERT_FALSE(done.ok()) << text;
        EXPECT_EQ(done.error().id, ErrorId::inventory_invalid);
        EXPECT_NE(done.error().detail.find(text), std::string::npos);
    }
}

TEST(Ranges, RefusesMoreThanAMillionNames) {
    std::size_t count = 0;
    EXPECT_TRUE(expand_range("[1:1000][1:1000]", [&](std::string_view) { ++count; }).ok());
    EXPECT_EQ(count, 1'000'000U);
    for (const auto* text : {"[0:1000000]", "[1:1000][1:1001]", "[0:999999999999999][0:999999999999999]"})
        EXPECT_FALSE(expand_range(text, [](std::string_view) {}).ok()) << text;
    EXPECT_FALSE(expand_range(std::string(5000, 'a'), [](std::string_view) {}).ok());
}

TEST(Ranges, EveryTruncationIsRefusedOrShorter) {
    const std::string_view whole = "web[01:05:2]-[a:c].corp";
    const auto most = expanded(whole).size();
    for (std::size_t length = 1; length < whole.size(); ++length) {
        std::size_t count = 0;
        const auto text = whole.substr(0, length);
        const auto done = expand_range(text, [&](std::string_view) { ++count; });
        const auto open = std::count(text.begin(), text.end(), '['),
                   close = std::count(text.begin(), text.end(), ']');
        EXPECT_EQ(done.ok(), open == close) << text;
        EXPECT_LE(count, most) << text;
    }
}

}  // namespace
}  // namespace mullion::inventory
