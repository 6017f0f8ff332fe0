#include "wql/like.h"

#include "wql/tests/support.h"

namespace mullion::wql {
namespace {

constexpr std::size_t plenty = 10'000;

bool like(std::string_view text, std::string_view pattern) {
    const auto read = parse_like(pattern, plenty);
    const auto* good = std::get_if<LikePattern>(&read);
    if (good == nullptr) {
        ADD_FAILURE() << pattern << ": " << std::get<LikeFault>(read).expected;
        return false;
    }
    return good->matches(text);
}

TEST(Like, KnowsWildcards) {
    const struct {
        const char *pattern, *text;
        bool wanted;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"abc", "ABC", true},
        {"abc", "abcd", false},
        {"%", "", true},
        {"%", "anything", true},
        {"%%%", "x", true},
        {"a%", "a", true},
        {"a%", "abc", true},
        {"a%", "ba", false},
        {"%a", "bca", true},
        {"%a", "ab", false},
        {"%win%", "Microsoft Windows", true},
        {"%win%", "Linux", false},
        {"%ab%ab%", "xabyabz", true},
        {"%ab%ab%", "xaby", false},
        {"%aab", "aaaab", true},
        {"a%b%c", "a-b-b-c", true},
        {"a%b%c", "a-c-b", false},
        {"_", "a", true},
        {"_", "", false},
        {"_", "ab", false},
        {"_", "ü", true},
        {"_", "😀", true},
        {"M_rs", "M3rs", true},
        {"%_", "", false},
        {"_%_", "ab", true},
        {"_%_", "a", false},
        {"[abc]", "B", true},
        {"[abc]", "d", false},
        {"[a-f]x", "Ex", true},
        {"[a-f]x", "gx", false},
        {"[A-F]x", "ex", true},
        {"[a-cx-z0-9]", "y", true},
        {"[a-cx-z0-9]", "5", true},
        {"[a-cx-z0-9]", "d", false},
        {"[^a-f]", "g", true},
        {"[^a-f]", "A", false},
        {"[^a-f]", "", false},
        {"a^b", "a^b", true},
        {"[a^]", "^", true},
        {"[a-]", "-", true},
        {"[-a]", "-", true},
        {"[_]", "_", true},
        {"[_]", "a", false},
        {"%[_][_]%", "a__b", true},
        {"%[_][_]%", "a_b_c", false},
        {"100[%]", "100%", true},
        {"100[%]", "1000", false},
        {"[[]a]", "[a]", true},
        {"[ä-ü]", "Ö", true},
        {"GRÜN%", "grünlich", true},
        {"a]", "a]", true},
        {"C:\\temp%", "c:\\TEMP\\x", true},
        {"\xff", "\xff", true},
        {"\xff", "\xfe", false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(like(row.text, row.pattern), row.wanted) << row.pattern << " " << row.text;
}

TEST(Like, RefusesWhatIsNoPattern) {
    const struct {
        const char *pattern, *expected;
    } rows[] = {
        {"[", "a ']' behind the '['"},      {"a[b", "a ']' behind the '['"},
        {"[^", "a ']' behind the '['"},     {"[]", "a character between"},
        {"[^]", "a character between"},     {"[f-a]", "a range of characters"},
        {"[Z-a]", "a range of characters"}, {"%[a-", "a ']' behind the '['"},
        {"[a-b", "a ']' behind the '['"},
    };
    for (const auto& row : rows) {
        const auto read = parse_like(row.pattern, plenty);
        const auto* fault = std::get_if<LikeFault>(&read);
        ASSERT_TRUE(fault) << row.pattern;
        EXPECT_FALSE(fault->too_long);
        EXPECT_TRUE(std::string_view(fault->expected).starts_with(row.expected)) << row.pattern;
    }
    const auto read = parse_like("abcd", 3);
    ASSERT_TRUE(std::holds_alternative<LikeFault>(read));
    EXPECT_TRUE(std::get<LikeFault>(read).too_long);
    EXPECT_TRUE(std::holds_alternative<LikePattern>(parse_like("a%%%%b", 3)));
}

TEST(Like, EveryTruncationIsRefusedOrAPattern) {
    const std::string_view whole = "a%_[^b-d0-9][ä-ü]%[[]z";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto text = whole.substr(0, size);
        const auto open = text.rfind('['), shut = text.rfind(']');
        const bool inside = open != std::string_view::npos &&
                            (shut == std::string_view::npos || shut < open) && !text.ends_with("[[]");
        const auto read = parse_like(std::string(text), plenty);
        EXPECT_EQ(std::holds_alternative<LikeFault>(read), inside) << text;
    }
}

// With backtracking over every % this would take longer than the sun has.
TEST(Like, DoesNotBlowUp) {
    std::string pattern, text(20'000, 'a');
    for (int i = 0; i < 60; ++i) pattern += "%a";
    EXPECT_TRUE(like(text, pattern));
    EXPECT_FALSE(like(text, pattern + "b"));
    EXPECT_FALSE(like(text, pattern + "%b%_"));
}

}  // namespace
}  // namespace mullion::wql
