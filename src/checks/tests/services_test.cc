#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

const std::vector<std::string_view> automatic = {
    "<Name>BITS</Name><State>Stopped</State>",       "<Name>Dnscache</Name><State>Running</State>",
    "<Name>MSSQL$APP</Name><State>Paused</State>",   "<Name>Spooler</Name><State>Stop Pending</State>",
    "<Name>edgeupdate</Name><State>Stopped</State>", "<Name>W32Time</Name><State>Running</State>",
};

std::string refusal(Words words) {
    auto played = play(services_mode(), {.words = std::move(words)});
    EXPECT_TRUE(played.rounds.empty());
    if (!played.error) return "none";
    EXPECT_EQ(played.error->id, ErrorId::usage_invalid);
    return played.error->detail;
}

TEST(Services, AutoTellsWhichDoNotRunInTheOrderOfNames) {
    const auto played =
        play(services_mode(), {.words = words_of({{"auto", ""}}), .answers = {rows(automatic)}});
    EXPECT_EQ(played.wql(), "Select Name, State From Win32_Service Where StartMode = 'Auto'");
    EXPECT_EQ(
        played.text,
        "CRITICAL: Service 'BITS' is Stopped - Service 'MSSQL$APP' is Paused - Service 'Spooler' is Stop "
        "Pending - Service 'edgeupdate' is Stopped \n"
        "Service 'BITS' state: Stopped\n"
        "Service 'Dnscache' state: Running\n"
        "Service 'MSSQL$APP' state: Paused\n"
        "Service 'Spooler' state: Stop Pending\n"
        "Service 'W32Time' state: Running\n"
        "Service 'edgeupdate' state: Stopped\n");
    EXPECT_EQ(played.exit_code, 2);
}

TEST(Services, ExcludeLeavesOutAndSaysSo) {
    const auto played =
        play(services_mode(), {.words = words_of({{"auto", ""}, {"exclude", "^(B|M|ed)"}, {"warning", ""}}),
                               .answers = {rows(automatic)}});
    EXPECT_EQ(played.text,
              "WARNING: Service 'Spooler' is Stop Pending \n"
              "Skipping Service 'BITS'\n"
              "Service 'Dnscache' state: Running\n"
              "Skipping Service 'MSSQL$APP'\n"
              "Service 'Spooler' state: Stop Pending\n"
              "Service 'W32Time' state: Running\n"
              "Skipping Service 'edgeupdate'\n");
    EXPECT_EQ(played.exit_code, 1);
}

TEST(Services, NoRowsAreAMissingRightAndNotThatAllIsWell) {
    const auto played = play(services_mode(), {.words = words_of({{"auto", ""}}), .answers = {rows({})}});
    EXPECT_EQ(played.exit_code, 3);
    EXPECT_EQ(
        played.text,
        "UNKNOWN: The host returned no instance of Win32_Service with StartMode Auto: the account may lack "
        "rights at the service control manager (sc sdshow scmanager on the host) \n");
    const auto as_centreon =
        play(services_mode(), {.words = words_of({{"auto", ""}}), .answers = {rows({})}, .compat = true});
    EXPECT_EQ(as_centreon.text, "OK: All service states are ok \n");
}

TEST(Services, RulesSayWhichStatesAlert) {
    const auto played =
        play(services_mode(), {.words = words_of({{"services", "WinRM,BITS=stopped,nosuch,Themes!=Stopped"}}),
                               .answers = {rows({"<Name>WinRM</Name><State>Running</State>",
                                                 "<Name>BITS</Name><State>Stopped</State>",
                                                 "<Name>Themes</Name><State>Stopped</State>"})}});
    EXPECT_EQ(
        played.wql(),
        "Select Name, State From Win32_Service Where Name = 'WinRM' Or Name = 'BITS' Or Name = 'nosuch' Or "
        "Name = 'Themes'");
    EXPECT_EQ(played.text,
              "CRITICAL: Service 'BITS' is Stopped UNKNOWN: Service 'nosuch' not found \n"
              "Service 'BITS' state: Stopped\n"
              "Service 'Themes' state: Stopped\n"
              "Service 'WinRM' state: Running\n");
    EXPECT_EQ(played.exit_code, 2);
}

TEST(Services, NamesAreFoundInAnyCaseButAsCentreonsOnlyInTheHosts) {
    Stage stage{.words = words_of({{"services", "winrm"}, {"warning", ""}}),
                .answers = {rows({"<NAME>WinRM</NAME><state>Stopped</state>"})}};
    EXPECT_EQ(play(services_mode(), stage).text,
              "WARNING: Service 'WinRM' is Stopped \nService 'winrm' state: Stopped\n");
    stage.compat = true;
    EXPECT_EQ(play(services_mode(), stage).text, "UNKNOWN: Service 'winrm' not found \n");
}

TEST(Services, AQuoteInANameEndsNothing) {
    const auto played = play(services_mode(), {.words = words_of({{"services", R"(a' Or Name Like '%,b\)"}}),
                                               .answers = {rows({})}});
    EXPECT_EQ(played.wql(),
              R"(Select Name, State From Win32_Service Where Name = 'a\' Or Name Like \'%' Or Name = 'b\\')");
    EXPECT_EQ(played.exit_code, 3);
}

TEST(Services, WrongRulesAreRefusedInCentreonsWords) {
    EXPECT_EQ(refusal({}), "Need to specify at least '--services' or '--auto' option.");
    EXPECT_EQ(refusal(words_of({{"services", ","}})), "Need to specify one rule for --services option.");
    EXPECT_EQ(refusal(words_of({{"services", ""}})), "Need to specify one rule for --services option.");
    EXPECT_EQ(refusal(words_of({{"services", "=x"}})), "Need service name for rule: =x");
    EXPECT_EQ(refusal(words_of({{"services", "a,,b"}})), "Need service name for rule: ");
    EXPECT_EQ(refusal(words_of({{"services", "a!b"}})),
              "Wrong state for rule: a!b. See help for available state.");
    EXPECT_EQ(refusal(words_of({{"services", "a=Sleeping"}})),
              "Wrong state for rule: a=Sleeping. See help for available state.");
    EXPECT_NE(refusal(words_of({{"auto", ""}, {"exclude", "("}})), "none");
}

TEST(Services, ARowWithoutAStateIsNoAnswer) {
    const auto played =
        play(services_mode(), {.words = words_of({{"auto", ""}}), .answers = {rows({"<Name>BITS</Name>"})}});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->id, ErrorId::wsman_malformed);
}

TEST(Services, AStateThatIsNullIsNotRunning) {
    const auto played = play(
        services_mode(),
        {.words = words_of({{"auto", ""}}), .answers = {rows({R"(<Name>X</Name><State xsi:nil="true"/>)"})}});
    EXPECT_EQ(played.exit_code, 2);
}

}  // namespace
}  // namespace mullion::checks::tests
