#include "secrets/use/expression.h"

#include <gtest/gtest.h>

#include <string>

namespace mullion::secrets {
namespace {

// The reference, "text" for an ordinary text, or "! DETAIL".
std::string read(std::string_view text) {
    const auto parsed = parse_expression(text);
    if (!parsed.ok()) {
        EXPECT_EQ(parsed.error().id, ErrorId::secrets_invalid);
        return "! " + parsed.error().detail;
    }
    return *parsed ? reference_text(**parsed) : "text";
}

TEST(Expression, IsReadAsHarnessWritesIt) {
    EXPECT_EQ(read("<+secrets.getValue(\"account.win_pw\")>"), "account.win_pw");
    EXPECT_EQ(read("<+secrets.getValue('org.win_pw')>"), "org.win_pw");
    EXPECT_EQ(read("<+secrets.getValue(\"win_pw\")>"), "win_pw");
    EXPECT_EQ(read("  <+ secrets . getValue ( \"account.win-pw$1\" ) >\n"), "account.win-pw$1");
}

TEST(Expression, OtherTextsAreWhatTheyAre) {
    for (const char* text : {"", "hunter2", "a<+b", "<+", "<+ 1", "<+!secret>", "x <+y> z", "<",
                             "secrets.getValue(\"a\")", "pass<+secretsauce>", "${secrets.getValue(\"a\")}"})
        EXPECT_EQ(read(text), "text") << text;
}

TEST(Expression, SaysWhatIsWrongWithOne) {
    const auto says = [](std::string_view text, std::string_view words) {
        const auto said = read(text);
        EXPECT_NE(said.find(words), std::string::npos) << text << ": " << said;
        EXPECT_EQ(said.substr(0, 2), "! ") << text;
    };
    says("<+secrets.getValue(\"project.win_pw\")>", "Invalid Secret Reference");
    says("<+secrets.getValue(\"other.win_pw\")>", "Invalid Secret Reference");
    says("<+secrets.getValue(\"\")>", "cannot be empty");
    says("<+secrets.getValue(\"a b\")>", "alphanumeric");
    says("<+secrets.getValue(\"a')>", "quotes");
    says("<+secrets.getValue(win_pw)>", "quotes");
    says("<+secrets.getValue \"win_pw\">", "brackets");
    says("<+secrets.getValue(\"win_pw\"", "no end");
    says("<+secrets.getValue(\"win_pw\")", "no end");
    says("<+secrets.getvalue(\"win_pw\")>", "none of a secret");
    says("<+pipeline.variables.password>", "none of a secret");
    says("<+secrets.getValue(\"win_pw\")>!", "whole value");
    says("pre<+secrets.getValue(\"win_pw\")>", "whole value");
    says("pre<+ secrets.", "whole value");
    says("<+secrets.getValue(\"" + std::string(longest_expression, 'a') + "\")>", "too long");
}

// What stands around it may be a password.
TEST(Expression, NeverRepeatsWhatStandsAroundIt) {
    for (const char* text : {"hunter2<+secrets.getValue(\"a\")>", "<+secrets.getValue(\"a\")>hunter2",
                             "<+hunter2>", "<+secrets.hunter2(\"a\")>"}) {
        const auto parsed = parse_expression(text);
        ASSERT_FALSE(parsed.ok()) << text;
        EXPECT_EQ(parsed.error().message().find("hunter2"), std::string::npos) << parsed.error().message();
    }
}

TEST(Expression, EveryTruncationIsATextOrRefused) {
    const std::string whole = " <+ secrets.getValue(\"account.win_pw\") > ";
    for (std::size_t size = 0; size < whole.find('>'); ++size) {
        const auto said = read(whole.substr(0, size));
        EXPECT_TRUE(said == "text" || said.starts_with("! ")) << size << ": " << said;
        EXPECT_EQ(said == "text", size < whole.find("secrets") + 1) << size;
    }
}

TEST(Expression, ANameIsAReferenceOrAnExpression) {
    const Scope project{"o", "p"};
    const auto named = [&](std::string_view text) {
        const auto identity = named_secret(text, project);
        return identity.ok() ? scope_text(identity->scope) + "/" + identity->id
                             : std::string(identity.error().detail.substr(0, 7));
    };
    EXPECT_EQ(named("win_prod"), "project:o/p/win_prod");
    EXPECT_EQ(named(" org.win_prod "), "org:o/win_prod");
    EXPECT_EQ(named("account.win_prod"), "account/win_prod");
    EXPECT_EQ(named("<+secrets.getValue('org.win_prod')>"), "org:o/win_prod");
    EXPECT_EQ(named("project.win_prod"), "Invalid");
    EXPECT_FALSE(named_secret("org.win_prod", {}).ok());
    EXPECT_FALSE(named_secret("", {}).ok());
}

}  // namespace
}  // namespace mullion::secrets
