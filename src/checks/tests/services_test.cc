#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

// Every Windows host has it, and lists it to whom it lists most others.
constexpr std::string_view answering = "<Name>Winmgmt</Name><State>Running</State><ExitCode>0</ExitCode>";

const std::vector<std::string_view> automatic = {
    "<Name>BITS</Name><State>Stopped</State>",
    "<Name>Dnscache</Name><State>Running</State>",
    "<Name>MSSQL$APP</Name><State>Paused</State>",
    "<Name>Spooler</Name><State>Stop Pending</State>",
    "<Name>edgeupdate</Name><State>Stopped</State>",
    "<Name>W32Time</Name><State>Running</State>",
    answering,
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
        "Service 'Winmgmt' state: Running\n"
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
              "Service 'Winmgmt' state: Running\n"
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

// ---- an account that is told of some ----

Answer identified(std::string vendor) {
    Identified who;
    who.identity.product_vendor = std::move(vendor);
    return {std::move(who)};
}

const std::vector<std::string_view> some = {"<Name>Dnscache</Name><State>Running</State>",
                                            "<Name>W32Time</Name><State>Running</State>"};
const Words all_automatic = words_of({{"auto", ""}});

TEST(Services, SomeOfThemAreNotAll) {
    const auto played = play(
        services_mode(),
        {.words = all_automatic, .answers = {rows(some), identified("Microsoft Corporation"), rows({})}});
    ASSERT_EQ(played.rounds.size(), 3U);
    EXPECT_EQ(played.wql(2), "Select Name, StartMode From Win32_Service Where Name = 'Winmgmt'");
    EXPECT_EQ(played.exit_code, 3);
    EXPECT_EQ(played.text,
              "UNKNOWN: the host tells this account of 2 of the services that start by themselves, and not "
              "of Winmgmt, which has just answered: there are more (mullion doctor HOST --for check=services "
              "says what is missing; --only-visible judges these alone) \n"
              "Service 'Dnscache' state: Running\nService 'W32Time' state: Running\n");
}

TEST(Services, OfSomeThatAreNotAllTheStoppedOnesAreToldToo) {
    auto rest = some;
    rest.emplace_back("<Name>BITS</Name><State>Stopped</State>");
    const auto played = play(
        services_mode(),
        {.words = all_automatic, .answers = {rows(rest), identified("Microsoft Corporation"), rows({})}});
    EXPECT_TRUE(played.text.starts_with("CRITICAL: Service 'BITS' is Stopped UNKNOWN: the host tells "))
        << played.text;
}

TEST(Services, WhatAnswersMayBeStartedByHand) {
    const auto played =
        play(services_mode(), {.words = all_automatic,
                               .answers = {rows(some), identified("Microsoft Corporation"),
                                           rows({"<Name>winmgmt</Name><StartMode>Manual</StartMode>"})}});
    EXPECT_EQ(played.exit_code, 0) << played.text;
    const auto closed =
        play(services_mode(), {.words = all_automatic,
                               .answers = {rows(some), identified("Microsoft Corporation"),
                                           rows({R"(<Name>Winmgmt</Name><StartMode xsi:nil="true"/>)"})}});
    EXPECT_EQ(closed.exit_code, 3) << closed.text;
}

TEST(Services, HostsThatAreNotWindowsHaveOthers) {
    const auto played =
        play(services_mode(), {.words = all_automatic, .answers = {rows(some), identified("Mullion")}});
    EXPECT_EQ(played.exit_code, 0) << played.text;
}

TEST(Services, SomeAreEnoughForWhoSaysSo) {
    for (const auto* option : {"only-visible", "exclude"}) {
        auto words = words_of({{"auto", ""}, {option, option == std::string("exclude") ? "Winmgmt" : ""}});
        const auto& listed = option == std::string("exclude") ? automatic : some;
        EXPECT_EQ(play(services_mode(), {.words = std::move(words), .answers = {rows(listed)}}).rounds.size(),
                  1U);
    }
    const auto as_centreon =
        play(services_mode(), {.words = all_automatic, .answers = {rows(some)}, .compat = true});
    EXPECT_EQ(as_centreon.exit_code, 0);
    const auto ruled =
        play(services_mode(), {.words = words_of({{"services", "W32Time"}}), .answers = {rows({some[1]})}});
    EXPECT_EQ(ruled.exit_code, 0);
}

TEST(Services, TriggersAndWhoAnswersAreAskedTogether) {
    auto rest = some;
    rest.emplace_back("<Name>BITS</Name><State>Stopped</State>");
    const auto played =
        play(services_mode(), {.words = words_of({{"auto", ""}, {"exclude-trigger-start", ""}}),
                               .answers = {rows(rest), returned("0", "<sNames>0</sNames>"),
                                           identified("Microsoft Corporation"), rows({})}});
    EXPECT_NE(played.text.find("Service 'BITS' state: Stopped (a trigger starts it)"), std::string::npos);
    EXPECT_TRUE(played.text.starts_with("UNKNOWN: the host tells ")) << played.text;
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
    const auto played = play(services_mode(), {.words = words_of({{"auto", ""}}),
                                               .answers = {rows({"<Name>BITS</Name>", answering})}});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->id, ErrorId::wsman_malformed);
}

TEST(Services, AStateThatIsNullIsNotRunning) {
    const auto played =
        play(services_mode(), {.words = words_of({{"auto", ""}}),
                               .answers = {rows({R"(<Name>X</Name><State xsi:nil="true"/>)", answering})}});
    EXPECT_EQ(played.exit_code, 2);
}

// ---- what Centreon has not ----

const std::vector<std::string_view> ended = {
    "<Name>gone</Name><State>Stopped</State><ExitCode>1067</ExitCode><ServiceSpecificExitCode>0</"
    "ServiceSpecificExitCode>",
    "<Name>never</Name><State>Stopped</State><ExitCode>1077</ExitCode><ServiceSpecificExitCode>0</"
    "ServiceSpecificExitCode>",
    "<Name>null</Name><State>Stopped</State><ExitCode xsi:nil=\"true\"/>",
    "<Name>own</Name><State>Stopped</State><ExitCode>1066</ExitCode><ServiceSpecificExitCode>7</"
    "ServiceSpecificExitCode>",
    "<Name>paused</Name><State>Paused</State><ExitCode>0</ExitCode>",
    "<Name>well</Name><State>Stopped</State><ExitCode>0</ExitCode>",
    answering,
};

TEST(Services, ExitCodesExcuseWhatEndedWellOrNeverBegan) {
    const auto played = play(services_mode(), {.words = words_of({{"auto", ""}, {"exit-code-only", ""}}),
                                               .answers = {rows(ended)}});
    EXPECT_EQ(
        played.wql(),
        "Select Name, State, ExitCode, ServiceSpecificExitCode From Win32_Service Where StartMode = 'Auto'");
    EXPECT_EQ(
        played.text.substr(0, played.text.find('\n')),
        "CRITICAL: Service 'gone' is Stopped (exit code 1067) - Service 'null' is Stopped - Service 'own' is "
        "Stopped (exit code 7 of its own) - Service 'paused' is Paused ");
    const auto ruled = play(services_mode(),
                            {.words = words_of({{"services", "well,never=stopped"}, {"exit-code-only", ""}}),
                             .answers = {rows({ended[1], ended[5]})}});
    EXPECT_EQ(ruled.text.substr(0, ruled.text.find('\n')),
              "CRITICAL: Service 'never' is Stopped (exit code 1077) ");
}

TEST(Services, WhatATriggerStartsMayBeStopped) {
    Stage stage{.words = words_of({{"auto", ""}, {"exclude-trigger-start", ""}, {"exclude", "^edge"}}),
                .answers = {rows(automatic), returned("0", "<sNames>0</sNames>")}};
    const auto played = play(services_mode(), stage);
    ASSERT_EQ(played.rounds.size(), 2U);
    EXPECT_EQ(
        played.asked(1),
        "EnumKey root/default:StdRegProv 2147483650 SYSTEM\\CurrentControlSet\\Services\\BITS\\TriggerInfo");
    EXPECT_EQ(played.text.substr(0, played.text.find("Dnscache")),
              "CRITICAL: Service 'MSSQL$APP' is Paused - Service 'Spooler' is Stop Pending \n"
              "Service 'BITS' state: Stopped (a trigger starts it)\nService '");
    stage.answers = {rows(automatic), returned("2")};
    EXPECT_NE(play(services_mode(), stage).text.find("CRITICAL: Service 'BITS' is Stopped - "),
              std::string::npos);
    stage.answers = {rows(automatic), returned("5")};
    EXPECT_EQ(play(services_mode(), stage).error->id, ErrorId::wsman_access_denied);
    const auto ruled = play(services_mode(),
                            {.words = words_of({{"services", "bits,W32Time"}, {"exclude-trigger-start", ""}}),
                             .answers = {rows({automatic[0], automatic[5]}), returned("0")}});
    EXPECT_EQ(ruled.exit_code, 0) << ruled.text;
}

TEST(Services, CountsAreOfStates) {
    const auto played =
        play(services_mode(), {.words = words_of({{"auto", ""}, {"add-counts", ""}, {"exclude", "^[BMS]"}}),
                               .answers = {rows(automatic)}});
    EXPECT_NE(played.text.find("| 'services.total.count'=4;;;0; 'services.stopped.count'=1;;;0; "
                               "'services.start.pending.count'=0;;;0; 'services.stop.pending.count'=0;;;0; "
                               "'services.running.count'=3;;;0; 'services.continue.pending.count'=0;;;0; "
                               "'services.pause.pending.count'=0;;;0; 'services.paused.count'=0;;;0; "
                               "'services.unknown.count'=0;;;0;\n"),
              std::string::npos)
        << played.text;
    const auto limited =
        play(services_mode(),
             {.words = words_of({{"services", "W32Time"}, {"critical-services-running-count", "2:"}}),
              .answers = {rows({automatic[5]})}});
    EXPECT_EQ(limited.text.substr(0, limited.text.find('|')), "CRITICAL: services running: 1 ");
    EXPECT_EQ(refusal(words_of({{"auto", ""}, {"warning-services-paused-count", "x"}})),
              "Wrong warning-services-paused-count threshold 'x'.");
}

}  // namespace
}  // namespace mullion::checks::tests
