#include <gtest/gtest.h>

#include <set>

#include "prepare/user/plan_monitoring_user.h"

namespace mullion::prepare {
namespace {

std::int64_t number_of(const Step& step, std::string_view name) {
    for (const auto& setting : step.with)
        if (setting.name == name) return std::get<std::int64_t>(setting.value);
    return 0;
}
std::string text_of(const Step& step, std::string_view name) {
    for (const auto& setting : step.with)
        if (setting.name == name) return std::get<std::string>(setting.value);
    return "";
}

TEST(PlanMonitoringUser, GivesFourRightsOnSevenNamespaces) {
    const auto plan = plan_monitoring_user({"monitor"}).value();
    std::set<std::string> namespaces;
    for (const auto& step : plan.steps) {
        if (step.kind != "WmiNamespace") continue;
        namespaces.insert(text_of(step, "Namespace"));
        // Enable Account, Execute Methods, Remote Enable, Read Security: wbemcli.h, winnt.h.
        EXPECT_EQ(number_of(step, "Mask"), 0x1 | 0x2 | 0x20 | 0x20000) << step.id;
        EXPECT_EQ(text_of(step, "Group"), "S-1-5-32-580") << step.id;
    }
    EXPECT_EQ(namespaces, (std::set<std::string>{"root", "root\\cimv2", "root\\default", "root\\rsop",
                                                 "root\\rsop\\computer", "root\\wmi",
                                                 "root\\cimv2\\Security\\MicrosoftTpm"}));
}

TEST(PlanMonitoringUser, PutsTheAccountIntoTheFiveGroups) {
    const auto plan = plan_monitoring_user({"monitor"}).value();
    std::set<std::string> groups;
    for (const auto& step : plan.steps)
        if (step.kind == "GroupMember") groups.insert(text_of(step, "Group"));
    EXPECT_EQ(groups, (std::set<std::string>{"S-1-5-32-562", "S-1-5-32-573", "S-1-5-32-559", "S-1-5-32-558",
                                             "S-1-5-32-580"}));
}

TEST(PlanMonitoringUser, MakesALocalAccountAndKnowsOneOfADomain) {
    const auto local = plan_monitoring_user({"monitor"}).value();
    EXPECT_EQ(local.steps.front().kind, "LocalUser");
    EXPECT_EQ(local.new_account, "monitor");
    const auto other = plan_monitoring_user({"CORP\\svc"}).value();
    EXPECT_EQ(other.steps.front().kind, "KnownAccount");
    EXPECT_EQ(other.new_account, "");
    EXPECT_FALSE(plan_monitoring_user({"a\"b"}).ok());
}

TEST(PlanMonitoringUser, HasAJournalForEachAccount) {
    EXPECT_EQ(plan_monitoring_user({"monitor"})->journal, "monitoring-user-monitor");
    EXPECT_EQ(plan_monitoring_user({"CORP\\svc"})->journal, "monitoring-user-CORP_5csvc");
    EXPECT_EQ(plan_monitoring_user({"CORP_5csvc"})->journal, "monitoring-user-CORP_5f5csvc");
    EXPECT_EQ(plan_monitoring_user({"Jürgen"})->journal, "monitoring-user-J_c3_bcrgen");
}

// GENERIC_READ and GENERIC_EXECUTE as PowerShell's [int], which has a sign.
TEST(PlanMonitoringUser, GivesReadAndExecuteInRootSddl) {
    const auto plan = plan_monitoring_user({"monitor"}).value();
    for (const auto& step : plan.steps)
        if (step.id == "root-sddl") {
            EXPECT_EQ(static_cast<std::uint32_t>(number_of(step, "Mask")), 0xA0000000U);
        }
}

}  // namespace
}  // namespace mullion::prepare
