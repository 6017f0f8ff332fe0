#include "checks/regex.h"

#include <gtest/gtest.h>

namespace mullion::checks {
namespace {

bool matches(std::string_view pattern, std::string_view text, std::string_view flags = {}) {
    const auto regex = Regex::compile(pattern, "filter-name", flags);
    if (!regex) {
        ADD_FAILURE() << regex.error().message();
        return false;
    }
    const auto found = regex->matches(text);
    EXPECT_TRUE(found.ok());
    return found.ok() && *found;
}

std::string replaced(std::string_view pattern, std::string_view text, std::string_view with,
                     std::string_view flags = {}) {
    const auto regex = Regex::compile(pattern, "change-short-output", flags);
    if (!regex) return regex.error().message();
    const auto result = regex->replace(text, with);
    return result ? *result : result.error().message();
}

TEST(Regex, MatchesAnywhereAsPerlDoes) {
    EXPECT_TRUE(matches("al.*sk$", "localDisk"));
    EXPECT_FALSE(matches("^disk", "localDisk"));
    EXPECT_TRUE(matches("DISK", "localDisk", "i"));
    EXPECT_TRUE(matches("^(?!C:)", "D:\\"));
    EXPECT_TRUE(matches("a.b", "a\nb", "s"));
    EXPECT_TRUE(matches("^b", "a\nb", "m"));
    EXPECT_TRUE(matches("a b # comment", "ab", "x"));
    EXPECT_TRUE(matches("É", "é", "i"));
    EXPECT_TRUE(matches("^.$", "é"));
    EXPECT_TRUE(matches("", "anything"));
}

TEST(Regex, TextThatIsNoUtf8IsNoError) {
    EXPECT_TRUE(matches("C:", "C:\xE9\xFF"));
    EXPECT_TRUE(matches("\xE9", "\xE9"));  // A pattern in Latin 1.
}

TEST(Regex, AWrongOneNamesTheOptionAndThePlace) {
    const auto regex = Regex::compile("a(b", "filter-name");
    ASSERT_FALSE(regex.ok());
    EXPECT_EQ(regex.error().id, ErrorId::usage_invalid);
    EXPECT_NE(regex.error().detail.find("--filter-name: wrong regular expression 'a(b' at character 4"),
              std::string::npos)
        << regex.error().detail;
    EXPECT_FALSE(Regex::compile("a", "x", "e").ok());
    EXPECT_FALSE(Regex::compile(std::string(20'000, 'a'), "x").ok());
}

TEST(Regex, OneThatDoesNotEndIsAnError) {
    const auto regex = Regex::compile("^(a+)+$", "exclude");
    ASSERT_TRUE(regex.ok());
    const auto found = regex->matches(std::string(200, 'a') + "b");
    ASSERT_FALSE(found.ok());
    EXPECT_NE(found.error().detail.find("--exclude: the regular expression does not end"), std::string::npos);
}

TEST(Regex, ReplacesAsPerlsSubstitution) {
    EXPECT_EQ(replaced("OK", "OK: OK", "Up"), "Up: OK");
    EXPECT_EQ(replaced("ok", "OK: OK", "Up", "gi"), "Up: Up");
    EXPECT_EQ(replaced("(\\w+) (\\w+)", "a b", "$2 ${1} \\1 $&"), "b a a a b");
    EXPECT_EQ(replaced("b*", "abc", "-", "g"), "-a--c-");
    EXPECT_EQ(replaced("", "aé", "-", "g"), "-a-é-");
    EXPECT_EQ(replaced("a", "a", "\\$1\\n\\\\"), "$1\n\\");
    EXPECT_EQ(replaced("a", "a", "$x ${1 $"), "$x ${1 $");
    EXPECT_EQ(replaced("(a)|b", "b", "[$1]"), "[]");
    EXPECT_EQ(replaced("x", "abc", "y"), "abc");
}

}  // namespace
}  // namespace mullion::checks
