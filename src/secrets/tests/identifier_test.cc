#include "secrets/entities/identifier.h"

#include <gtest/gtest.h>

namespace mullion::secrets {
namespace {

std::string refusal(const Result<void>& checked) {
    if (checked.ok()) return "";
    EXPECT_EQ(checked.error().id, ErrorId::secrets_invalid);
    return checked.error().detail;
}
std::string refused_id(std::string_view id) {
    return refusal(check_identifier(id));
}
std::string made_of(std::string_view name) {
    const auto id = identifier_of(name);
    return id.ok() ? *id : "error: " + id.error().detail;
}

TEST(Identifier, HasLettersDigitsUnderscoreDollarAndDash) {
    for (const auto* id :
         {"a", "_", "Z", "a0", "win_prod", "a$b", "a-b", "_$-", "A1b2", "harnessSecretManager"})
        EXPECT_EQ(refused_id(id), "") << id;
    EXPECT_EQ(refused_id(std::string(128, 'a')), "");
}

TEST(Identifier, IsRefusedInHarnesssWords) {
    EXPECT_NE(refused_id("").find("cannot be empty"), std::string::npos);
    const char* const words =
        "can be 128 characters long and can only contain alphanumeric, underscore and $ characters, and not "
        "start with a number or $";
    for (const auto& id : {std::string("1a"), std::string("$a"), std::string("-a"), std::string("a b"),
                           std::string("a.b"), std::string("a/b"), std::string("a\n"),
                           std::string("caf\u00e9"), std::string(129, 'a'), std::string("a\0b", 3)})
        EXPECT_NE(refused_id(id).find(words), std::string::npos) << id;
}

TEST(Identifier, IsNoneOfTheReservedWords) {
    for (const std::string word : {"or",       "and",
                                   "eq",       "ne",
                                   "lt",       "gt",
                                   "le",       "ge",
                                   "div",      "mod",
                                   "not",      "null",
                                   "true",     "false",
                                   "new",      "var",
                                   "return",   "step",
                                   "parallel", "stepGroup",
                                   "org",      "account",
                                   "status",   "liteEngineTask",
                                   "class",    "shellScriptProvisioner"}) {
        EXPECT_EQ(refused_id(word), word + " is a keyword, so cannot be used");
        // Case matters, and so does the whole.
        std::string other = word;
        other.front() = static_cast<char>(other.front() - 'a' + 'A');
        EXPECT_EQ(refused_id(other), "") << other;
        EXPECT_EQ(refused_id(word + "_"), "");
    }
}

TEST(Name, HasBlanksDotsAndDashesToo) {
    for (const auto* name : {"a", "_", "9", ".a", "-a", "Win prod 1.2", "a\tb"})
        EXPECT_EQ(refusal(check_name(name)), "") << name;
    EXPECT_EQ(refusal(check_name(std::string(128, 'a'))), "");
    EXPECT_NE(refusal(check_name("")).find("cannot be empty"), std::string::npos);
    for (const auto& name : {std::string(" a"), std::string("\ta"), std::string("a/b"), std::string("a$"),
                             std::string("caf\u00e9"), std::string(129, 'a')})
        EXPECT_NE(refusal(check_name(name)).find("can be 128 characters long"), std::string::npos) << name;
}

TEST(Identifier, ComesFromTheName) {
    EXPECT_EQ(made_of("win prod"), "win_prod");
    EXPECT_EQ(made_of("Win-Prod 1.2"), "Win_Prod_1_2");
    EXPECT_EQ(made_of("1st"), "_1st");
    EXPECT_EQ(made_of(std::string(128, '1')), "_" + std::string(127, '1'));
    // Two names may come to one identifier: that is refused where it is kept.
    EXPECT_EQ(made_of("a.b"), made_of("a b"));
    EXPECT_EQ(made_of("null"), "error: null is a keyword, so cannot be used");
    EXPECT_NE(made_of("a$").find("error: the name"), std::string::npos);
}

}  // namespace
}  // namespace mullion::secrets
