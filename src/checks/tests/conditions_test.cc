#include "checks/conditions/condition.h"

#include <gtest/gtest.h>

namespace mullion::checks {
namespace {

std::optional<std::string> variable(std::string_view name) {
    if (name == "state") return "started";
    if (name == "auto_start") return "on";
    if (name == "value") return "12.5";
    if (name == "zero") return "0";
    if (name == "empty") return "";
    if (name == "pattern") return "^st.*d$";
    return {};
}

std::string valued(std::string_view text) {
    const auto condition = Condition::compile(text, "warning-status");
    if (!condition) return condition.error().detail;
    const auto value = condition->value(variable);
    return value ? *value : value.error().detail;
}

bool holds(std::string_view text) {
    const auto condition = Condition::compile(text, "warning-status");
    if (!condition) {
        ADD_FAILURE() << condition.error().detail;
        return false;
    }
    const auto result = condition->holds(variable);
    EXPECT_TRUE(result.ok()) << text;
    return result.ok() && *result;
}

TEST(Condition, OfCentreonsDocumentsHold) {
    EXPECT_FALSE(holds(R"(%{auto_start} eq "on" and not %{state} =~ /started|starting/)"));
    EXPECT_TRUE(holds("%{auto_start} eq 'on' && %{state} !~ /stopped/"));
    EXPECT_FALSE(holds(R"(not (%(value) > 0 and %(empty) eq ""))"));
    EXPECT_TRUE(holds("%{state} =~ /START/i"));
    EXPECT_TRUE(holds("%{state} =~ m{^st}"));
    EXPECT_TRUE(holds("%{state} =~ /%{pattern}/"));
    EXPECT_TRUE(holds("%{state} =~ %{pattern}"));
    EXPECT_TRUE(holds(R"("is %{state}" eq 'is started')"));
}

TEST(Condition, NumbersAndTextsAreComparedAsPerlDoes) {
    EXPECT_TRUE(holds("%{value} > 12"));
    EXPECT_TRUE(holds("%{value} == 12.50"));
    EXPECT_FALSE(holds("%{value} eq '12.50'"));
    EXPECT_TRUE(holds("'10' < '9.0e1' && '10' lt '9'"));
    EXPECT_TRUE(holds("'12 apples' == 12 and 'apples' == 0 and '0x10' == 0"));
    EXPECT_EQ(valued("2 <=> 10"), "-1");
    EXPECT_EQ(valued("'2' cmp '10'"), "1");
    EXPECT_TRUE(holds("!%{missing} and !%{zero} and !%{empty} and '0.0'"));
    EXPECT_TRUE(holds("not defined(%{missing}) and defined %{empty}"));
}

TEST(Condition, OperatorsBindAsPerls) {
    EXPECT_EQ(valued("2 + 3 * 4 - 6 / 3"), "12");
    EXPECT_EQ(valued("-7 % 3"), "2");
    EXPECT_EQ(valued("7 % -3"), "-2");
    EXPECT_EQ(valued("1 . 2 + 3"), "15");
    EXPECT_TRUE(holds("1 or 0 and 0"));
    EXPECT_FALSE(holds("(1 or 0) and 0"));
    EXPECT_TRUE(holds("not 0 and 1"));
    EXPECT_FALSE(holds("not 1 == 0 || 1"));
    EXPECT_TRUE(holds("1 xor 0"));
    EXPECT_EQ(valued("%{missing} // 'none'"), "none");
    EXPECT_EQ(valued("%{value} > 20 ? 'a' : %{value} > 10 ? 'b' : 'c'"), "b");
    EXPECT_EQ(valued("lc('ABC') . uc 'x' . length('four') . int(-3.7) . abs(-2)"), "abcX4-32");
    EXPECT_TRUE(holds("length %{state} > 6"));
    EXPECT_EQ(valued("8/2/2"), "2");
}

TEST(Condition, SaysWhereItIsWrong) {
    EXPECT_EQ(valued("%{state} eq"), "--warning-status: character 12: a value was expected, not its end");
    EXPECT_EQ(valued("%{state} =~ /a(/"),
              "--warning-status: wrong regular expression 'a(' at character 3: missing closing parenthesis");
    EXPECT_EQ(valued("%{state} =~ /a/e"), "--warning-status: unknown flag in 'e' (known: g i m s x)");
    EXPECT_EQ(valued("1 2"), "--warning-status: character 3: an operator was expected, not '2'");
    EXPECT_EQ(valued("system('ls')"), "--warning-status: character 1: there is no function 'system'");
    EXPECT_EQ(valued("1 / 0"), "--warning-status: a division by zero");
    EXPECT_NE(valued("'open").find("there is no '"), std::string::npos);
    EXPECT_NE(valued("$values->{state}").find("character 1"), std::string::npos);
    EXPECT_NE(valued("`id`").find("character 1"), std::string::npos);
    EXPECT_NE(valued(std::string(200, '(')).find("too deep"), std::string::npos);
    EXPECT_NE(valued(std::string(200, '!')).find("too deep"), std::string::npos);
    EXPECT_NE(valued(std::string(5000, ' ')).find("too long"), std::string::npos);
    std::string many = "1";
    for (int i = 0; i < 1000; ++i) many += "+1";
    EXPECT_NE(valued(many).find("too many words"), std::string::npos);
}

TEST(Condition, EveryTruncationIsRefusedOrAnother) {
    const std::string text =
        R"(%{auto_start} eq "on" and not (%{value} + 1 >= 2) or %(state) =~ m{st[a]}i ? 'x' : lc("y"))";
    ASSERT_TRUE(Condition::compile(text, "x").ok());
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto cut = Condition::compile(text.substr(0, size), "x");
        if (cut) (void)cut->value(variable);
    }
    EXPECT_FALSE(Condition::compile("", "x").ok());
}

}  // namespace
}  // namespace mullion::checks
