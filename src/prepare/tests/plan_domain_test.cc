#include "prepare/domain/plan_domain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "prepare/script.h"

namespace mullion::prepare {
namespace {

DomainWords words() {
    DomainWords words;
    words.domain = "corp.example.com";
    words.user = "svc-monitor";
    return words;
}

// A copy: callers pass plans that are gone after the expression.
Step step(const Plan& plan, std::string_view id) {
    const auto found =
        std::find_if(plan.steps.begin(), plan.steps.end(), [&](const Step& one) { return one.id == id; });
    if (found == plan.steps.end()) throw std::out_of_range(std::string(id));
    return *found;
}

std::string text_of(const Step& step, std::string_view name) {
    for (const auto& setting : step.with)
        if (setting.name == name) return std::get<std::string>(setting.value);
    return "(none)";
}
std::int64_t number_of(const Step& step, std::string_view name) {
    for (const auto& setting : step.with)
        if (setting.name == name) return std::get<std::int64_t>(setting.value);
    return -1;
}

TEST(PlanDomain, HasStepsThatAreWellFormed) {
    const auto plan = plan_domain(words()).value();
    std::set<std::string> before;
    for (const auto& one : plan.steps) {
        for (const auto& need : one.needs) EXPECT_TRUE(before.contains(need)) << one.id << " needs " << need;
        EXPECT_TRUE(before.insert(one.id).second) << one.id;
        EXPECT_FALSE(one.cites.empty()) << one.id;
    }
    EXPECT_EQ(plan.new_account, "svc-monitor");
    EXPECT_EQ(plan.journal, "domain-corp.example.com");
}

// The administrative templates' values, windowsremotemanagement.admx.
TEST(PlanDomain, AllowsWinRmAndNothingInClear) {
    const auto plan = plan_domain(words()).value();
    EXPECT_EQ(number_of(step(plan, "policy-allow"), "Value"), 1);
    EXPECT_EQ(text_of(step(plan, "policy-allow"), "Name"), "AllowAutoConfig");
    EXPECT_EQ(text_of(step(plan, "policy-ipv4-filter"), "Value"), "*");
    EXPECT_EQ(text_of(step(plan, "policy-ipv6-filter"), "Value"), "*");
    for (const char* const id : {"policy-no-basic", "policy-no-credssp", "policy-no-unencrypted"})
        EXPECT_EQ(number_of(step(plan, id), "Value"), 0) << id;
}

// [MS-CRTD] 2.26 to 2.28.
TEST(PlanDomain, MakesATemplateAsTheDocumentHasIt) {
    const auto& made = step(plan_domain(words()).value(), "template");
    EXPECT_EQ(number_of(made, "EnrollmentFlags"), 0x38);
    EXPECT_EQ(number_of(made, "KeyFlags") & 0x10, 0x10);
    EXPECT_EQ(number_of(made, "NameFlags"), 0x18000000);
}

TEST(PlanDomain, GivesDcomsUsersAllOfTheRights) {
    const auto plan = plan_domain(words()).value();
    EXPECT_EQ(number_of(step(plan, "policy-dcom-access"), "Mask"), 7);
    EXPECT_EQ(number_of(step(plan, "policy-dcom-launch"), "Mask"), 31);
    for (const char* const id : {"policy-dcom-access", "policy-dcom-launch"})
        EXPECT_EQ(text_of(step(plan, id), "Group"), "S-1-5-32-562");
}

TEST(PlanDomain, TheStartupScriptIsThatOfPrepareHost) {
    const auto text = text_of(step(plan_domain(words()).value(), "listener-script"), "Text");
    EXPECT_NE(text.find("'CertificateByTemplate' @{ Template = 'WinRM' }"), std::string::npos);
    EXPECT_NE(text.find("Add-Step 'listener-https'"), std::string::npos);
    EXPECT_EQ(text.find("Add-Step 'firewall-https'"), std::string::npos);
}

// Else a run with another template, or of a newer mullion, would fail for a file of our own.
TEST(PlanDomain, KnowsItsOwnStartupScriptAgain) {
    const auto plan = plan_domain(words()).value();
    const auto& script = step(plan, "listener-script");
    EXPECT_EQ(text_of(script, "Mark"), "# mullion prepare host");
    EXPECT_TRUE(text_of(script, "Text").starts_with(text_of(script, "Mark")));
    for (const auto& one : plan.steps) {
        if (one.kind == "GpoFile") {
            EXPECT_NE(text_of(one, "Mark"), "(none)") << one.id;
        }
    }
}

// It is a value in the domain's script: none of its lines is one of that one's.
TEST(PlanDomain, TheStartupScriptStaysAValue) {
    const auto script = powershell_script(plan_domain(words()).value(), Mode::apply);
    EXPECT_EQ(script.find("\nAdd-Step 'listener-https'"), std::string::npos);
    EXPECT_NE(script.find("\nAdd-Step 'listener-script'"), std::string::npos);
}

// [MS-CAESO] 4.4.5.3.2.4: an enrolment policy without the forest's ID is passed over, so a domain that has
// had automatic enrolment so far would have it no more.
TEST(PlanDomain, NamesTheDirectorysEnrolmentPolicyBeforeAnythingElseOfIt) {
    const auto plan = plan_domain(words()).value();
    const auto& id = step(plan, "enrollment-directory-id");
    EXPECT_EQ(text_of(id, "Name"), "PolicyID");
    EXPECT_EQ(text_of(id, "Type"), "String");
    int others = 0;
    for (const auto& one : plan.steps) {
        if (one.id == id.id || text_of(one, "Key").find("PolicyServers") == std::string::npos) continue;
        EXPECT_TRUE(std::ranges::count(one.needs, id.id)) << one.id;
        ++others;
    }
    EXPECT_EQ(others, 6);
    EXPECT_EQ(text_of(step(plan, "enrollment-directory-url"), "Key"), text_of(id, "Key"));
}

TEST(PlanDomain, LeavesEnrolmentToAPolicyThatIsThere) {
    auto own = words();
    own.no_auto_enrollment = true;
    const auto plan = plan_domain(own).value();
    for (const auto& one : plan.steps) EXPECT_FALSE(one.id.starts_with("enrollment-")) << one.id;
}

TEST(PlanDomain, RefusesWrongNames) {
    const auto with = [](auto member, const char* value) {
        auto wrong = words();
        wrong.*member = value;
        const auto plan = plan_domain(wrong);
        return plan.ok() ? std::string() : plan.error().detail;
    };
    EXPECT_NE(with(&DomainWords::domain, "corp"), "");
    EXPECT_NE(with(&DomainWords::user, "CORP\\x"), "");
    EXPECT_NE(with(&DomainWords::gpo, "a'b"), "");
    EXPECT_NE(with(&DomainWords::gpo, "Auto-Enrollment"), "");
    EXPECT_NE(with(&DomainWords::gpo, "auto-enrollment"), "");
    EXPECT_NE(with(&DomainWords::certificate_template, ""), "");
    EXPECT_NE(with(&DomainWords::allow_from, "nowhere"), "");
}

}  // namespace
}  // namespace mullion::prepare
