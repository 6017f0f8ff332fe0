#include <gtest/gtest.h>

#include <sys/stat.h>

#include "cim/machine.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

TEST(Machine, ReadsWithinItsLimits) {
    MadeUp made;
    made.file("/a", "0123456789").file("/n", " 42 \nmore\n").file("/empty", "");
    EXPECT_EQ(made.machine.read("/a"), "0123456789");
    made.machine.limits.file = 9;
    EXPECT_EQ(made.machine.read("/a"), std::nullopt);
    EXPECT_EQ(made.machine.read_number("/n"), std::nullopt);
    made.machine.limits.file = 100;
    EXPECT_EQ(made.machine.read_number("/n"), 42u);
    EXPECT_EQ(made.machine.read_line("/empty"), std::nullopt);
    EXPECT_EQ(made.machine.read("/none"), std::nullopt);
}

TEST(Machine, IsNotHeldUpByAPipe) {
    MadeUp made;
    ASSERT_EQ(::mkfifo(made.machine.below_root("/pipe").c_str(), 0600), 0);
    EXPECT_EQ(made.machine.read("/pipe"), std::nullopt);
}

TEST(Machine, ListsWithinItsLimits) {
    MadeUp made;
    made.file("/d/b", "").file("/d/a", "");
    EXPECT_EQ(made.machine.list("/d"), (std::vector<std::string>{"a", "b"}));
    made.machine.limits.entries = 1;
    EXPECT_EQ(made.machine.list("/d"), std::nullopt);
    EXPECT_EQ(made.machine.list("/none"), std::nullopt);
}

TEST(Readable, IsWhatXmlCanSay) {
    using namespace std::string_view_literals;
    EXPECT_EQ(readable("gr\xc3\xbc\xc3\x9f\ta\n"), "gr\xc3\xbc\xc3\x9f\ta\n");
    EXPECT_EQ(readable("a\xff\x01\x1b"), "a\\xff\\x01\\x1b");
    EXPECT_EQ(readable("\0"sv), "\\x00");
    EXPECT_EQ(readable("\xef\xbf\xbe"), "\\ufffe");
}

TEST(Readable, OfEveryTruncationIsTextAgain) {
    constexpr std::string_view text = "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80\x01z";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto shown = readable(text.substr(0, size));
        EXPECT_EQ(readable(shown), shown) << size;
        EXPECT_EQ(shown.find('\x01'), std::string::npos);
    }
}

}  // namespace
}  // namespace mullion::cim
