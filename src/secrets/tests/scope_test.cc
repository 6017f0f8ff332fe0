#include "secrets/entities/scope.h"

#include <gtest/gtest.h>

namespace mullion::secrets {
namespace {

std::string parsed(std::string_view text) {
    const auto scope = parse_scope(text);
    if (!scope.ok()) return "error: " + scope.error().detail;
    return scope->org + "/" + scope->project;
}
std::string referred(std::string_view text) {
    const auto reference = parse_reference(text);
    if (!reference.ok()) return "error: " + reference.error().detail;
    EXPECT_EQ(reference_text(*reference), text);
    return std::to_string(static_cast<int>(reference->level)) + reference->id;
}
std::string resolved(std::string_view text, const Scope& from) {
    const auto identity = resolve(*parse_reference(text), from, Space::secret);
    if (!identity.ok()) return "error: " + identity.error().detail;
    return scope_text(identity->scope) + " " + identity->id;
}

TEST(Scope, IsAccountOrganisationOrProject) {
    EXPECT_EQ(parsed("account"), "/");
    EXPECT_EQ(parsed("org:default"), "default/");
    EXPECT_EQ(parsed("project:o/p"), "o/p");
    for (const auto* text : {"account", "org:o", "project:o/p"})
        EXPECT_EQ(scope_text(*parse_scope(text)), text);
}

TEST(Scope, IsNothingElse) {
    for (const auto* text : {"", "Account", "account:", "org", "org:", "org:1", "project:o", "project:/p",
                             "project:o/", "project:o/p/q", "project:org/p", " account", "o/p"})
        EXPECT_TRUE(parsed(text).starts_with("error: ")) << text;
}

TEST(Scope, EveryTruncationIsAnotherOrRefused) {
    const std::string text = "project:organisation/some_project";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto scope = parse_scope(text.substr(0, size));
        EXPECT_TRUE(!scope.ok() || scope_text(*scope) == text.substr(0, size));
    }
}

TEST(Reference, NamesTheLevelBeforeTheFirstDot) {
    EXPECT_EQ(referred("win_pw"), "0win_pw");
    EXPECT_EQ(referred("org.win_pw"), "1win_pw");
    EXPECT_EQ(referred("account.win_pw"), "2win_pw");
}

TEST(Reference, ToAProjectIsRefusedInHarnesssWords) {
    for (const auto* text : {"project.x", "Account.x", ".x", "a.b", "ORG.x"})
        EXPECT_NE(referred(text).find("Invalid Secret Reference"), std::string::npos) << text;
    for (const auto* text : {"", "account.", "account.a.b", "org.account.x", "account. x", "1"})
        EXPECT_TRUE(referred(text).starts_with("error: ")) << text;
}

TEST(Reference, IsReadFromWhereItStands) {
    EXPECT_EQ(resolved("x", {"o", "p"}), "project:o/p x");
    EXPECT_EQ(resolved("org.x", {"o", "p"}), "org:o x");
    EXPECT_EQ(resolved("org.x", {"o", ""}), "org:o x");
    EXPECT_EQ(resolved("account.x", {"o", "p"}), "account x");
    EXPECT_EQ(resolved("x", {}), "account x");
    EXPECT_EQ(resolved("org.x", {}), "error: org.x: the account's scope has no organisation");
}

TEST(Reference, EveryTruncationIsAnotherOrRefused) {
    const std::string text = "account.a_secret-1";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto reference = parse_reference(text.substr(0, size));
        EXPECT_TRUE(!reference.ok() || reference_text(*reference) == text.substr(0, size));
    }
}

}  // namespace
}  // namespace mullion::secrets
