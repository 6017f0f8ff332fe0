#include <gtest/gtest.h>

#include "checks/json_text.h"
#include "checks/modes/all.h"
#include "checks/modes/qwinsta.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

// --- eventlog ---

const std::vector<std::string_view> events = {
    R"(<EventCode>7000</EventCode><Logfile>System</Logfile><Message>The BITS service failed.</Message><SourceName>Service Control Manager</SourceName><TimeGenerated><cim:Datetime>2026-03-10T11:30:00.25Z</cim:Datetime></TimeGenerated><Type>Fehler</Type>)",
    R"(<EventCode>1000</EventCode><Logfile>Application</Logfile><Message xsi:nil="true"/><SourceName>Application Error</SourceName><TimeGenerated><cim:Datetime>2026-03-10T11:05:32Z</cim:Datetime></TimeGenerated><Type>Fehler</Type>)",
};

TEST(EventLog, CountsByTheNumberOfTheTypeInAnyLanguageAndTakesTimesWithoutAFraction) {
    const auto played = play(eventlog_mode(), {.words = words_of({{"filter-type", "error"},
                                                                  {"warning-events", "1"},
                                                                  {"critical-events-total-count", "~:2"}}),
                                               .answers = {rows(events)}});
    EXPECT_EQ(
        played.wql(),
        "SELECT EventCode, SourceName, Type, Logfile, TimeGenerated, Message FROM Win32_NTLogEvent where "
        "TimeGenerated > '20260310110000.000000-000' And EventType = 1");
    EXPECT_EQ(
        played.text,
        "WARNING: Number of event(s): 2 | 'events.total.count'=2;0:1;~:2;0;\n"
        "[EventID: 7000][Type: Fehler][Logfile: System][Source: Service Control Manager][Date: Tue Mar 10 "
        "11:30:00 2026][Message: The BITS service failed.]\n"
        "[EventID: 1000][Type: Fehler][Logfile: Application][Source: Application Error][Date: Tue Mar 10 "
        "11:05:32 "
        "2026][Message: ]\n");
    EXPECT_EQ(played.exit_code, 1);
}

TEST(EventLog, OptionsAreEscapedAndNumbersAreNumbers) {
    Stage stage{.words = words_of({{"timeframe", "24"},
                                   {"filter-eventid", "7036,7040"},
                                   {"filter-source", "O'Neil"},
                                   {"filter-logfile", "System"},
                                   {"filter-type", "warning"}}),
                .answers = {rows({}), rows({"<NumberOfRecords>1</NumberOfRecords>"})}};
    EXPECT_EQ(
        play(eventlog_mode(), stage).wql(),
        "SELECT EventCode, SourceName, Type, Logfile, TimeGenerated, Message FROM Win32_NTLogEvent where "
        "TimeGenerated > '20260309120000.000000-000' And (EventCode = 7036 Or EventCode = 7040) And "
        "SourceName = "
        "'O\\'Neil' And EventType = 2 And Logfile = 'System'");
    stage.compat = true;
    stage.answers.pop_back();
    const auto played = play(eventlog_mode(), stage);
    EXPECT_NE(played.wql().find(" And Type = 'warning' And"), std::string::npos);
    EXPECT_EQ(played.text, "OK: Number of event(s): 0 | 'events.total.count'=0;;;0;\n");
}

TEST(EventLog, NoEventIsToldFromNoRight) {
    const auto none = [](Answer files, std::string log = {}) {
        Words words;
        if (!log.empty()) words.set("filter-logfile", log);
        return play(eventlog_mode(), {.words = words, .answers = {rows({}), std::move(files)}});
    };
    const auto seen = none(rows({"<LogfileName>System</LogfileName><NumberOfRecords>0</NumberOfRecords>"}));
    EXPECT_EQ(seen.wql(1), "Select LogfileName,NumberOfRecords from Win32_NTEventlogFile");
    EXPECT_EQ(seen.text, "OK: Number of event(s): 0 | 'events.total.count'=0;;;0;\n");
    const auto unseen = none(rows({}), "Security");
    EXPECT_EQ(unseen.wql(1),
              "Select LogfileName,NumberOfRecords from Win32_NTEventlogFile where LogfileName = 'Security'");
    EXPECT_EQ(
        unseen.text,
        "UNKNOWN: The host shows no event log Security: the account may not be in Event Log Readers, and "
        "lacks the right to the Security log \n");
    EXPECT_EQ(none(rows({"<LogfileName>S</LogfileName><NumberOfRecords xsi:nil=\"true\"/>"})).exit_code, 3);
    EXPECT_EQ(none(failed(Error(ErrorId::wsman_access_denied, ""))).exit_code, 3);
    EXPECT_EQ(none(failed(Error(ErrorId::wsman_fault, "no such class"))).exit_code, 0);
    EXPECT_EQ(none(failed(Error(ErrorId::net_timeout, ""))).error->id, ErrorId::net_timeout);
    const auto refused = play(eventlog_mode(), {.answers = {failed(Error(ErrorId::wsman_fault, "x"))}});
    EXPECT_EQ(refused.error->id, ErrorId::wsman_fault);
    EXPECT_EQ(refused.rounds.size(), 1U);
}

TEST(EventLog, WrongOptionsAreRefused) {
    const auto refused = [](std::string_view option, std::string value) {
        const auto played = play(eventlog_mode(), {.words = words_of({{option, std::move(value)}})});
        return played.error ? played.error->detail : "taken";
    };
    EXPECT_EQ(refused("filter-type", "x"), "Unsupported --type option.");
    EXPECT_NE(refused("filter-eventid", "1 Or 1 = 1"), "taken");
    EXPECT_NE(refused("filter-eventid", "1,"), "taken");
    EXPECT_NE(refused("timeframe", "-1"), "taken");
    EXPECT_NE(refused("timeframe", "999999999"), "taken");
    EXPECT_EQ(refused("warning-events", "a"), "Wrong warning-events-total-count threshold 'a'.");
}

TEST(EventLog, AnEventWithoutATimeIsNoAnswer) {
    const auto played = play(eventlog_mode(), {.answers = {rows({"<EventCode>1</EventCode>"})}});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->id, ErrorId::wsman_malformed);
}

// --- updates ---

constexpr const char* three_updates = R"json([{"isMandatory":false,"title":"Removal Tool (KB890830)"
},{"isMandatory":true,"title":"2026-03 Cumulative (KB5053603)"},{"isMandatory":false,"title":"Intel | net"}])json";

TEST(Updates, AreCountedAndListed) {
    const auto played =
        play(updates_mode(), {.words = words_of({{"display-updates", ""}, {"warning-pending-updates", "1"}}),
                              .answers = {output(three_updates)}});
    const auto& command = std::get<Command>(played.rounds.at(0).at(0));
    EXPECT_TRUE(command.powershell);
    EXPECT_LT(command.text.size(), 3000U);  // Of what fits a command line of 8,191 letters, encoded.
    EXPECT_EQ(played.text,
              "WARNING: pending Windows updates: 3 | 'pending-updates'=3;0:1;;0;\n"
              "update: Removal Tool (KB890830) [mandatory: no]\n"
              "update: 2026-03 Cumulative (KB5053603) [mandatory: yes]\n"
              "update: Intel   net [mandatory: no]\n");
}

TEST(Updates, FiltersChoose) {
    const auto played =
        play(updates_mode(), {.words = words_of({{"filter-mandatory", "no"}, {"exclude-title", "KB890830"}}),
                              .answers = {output(three_updates)}});
    EXPECT_EQ(played.text, "OK: pending Windows updates: 1 | 'pending-updates'=1;;;0;\n");
    EXPECT_EQ(play(updates_mode(), {.answers = {output("[]")}}).text,
              "OK: pending Windows updates: 0 | 'pending-updates'=0;;;0;\n");
}

TEST(Updates, AScriptThatFailedSaysWhy) {
    Stage stage{
        .answers = {output("System.UnauthorizedAccessException: Access is denied.\r\n   at …", "", 1)}};
    EXPECT_EQ(
        play(updates_mode(), stage).text,
        "UNKNOWN: Cannot decode powershell output: System.UnauthorizedAccessException: Access is denied. \n");
    stage.compat = true;
    EXPECT_EQ(play(updates_mode(), stage).text, "UNKNOWN: Cannot decode powershell output \n");
}

TEST(Updates, TheScriptOrItsOutputIsShownAlone) {
    const auto shown = play(updates_mode(), {.words = words_of({{"ps-display", ""}})});
    EXPECT_TRUE(shown.rounds.empty());
    EXPECT_NE(shown.text.find("Microsoft.Update.Session"), std::string::npos);
    EXPECT_EQ(
        play(updates_mode(), {.words = words_of({{"ps-exec-only", ""}}), .answers = {output("[]")}}).text,
        "[] \n");
}

// --- pending-reboot ---

std::vector<Answer> registry_answers(std::string_view servicing, std::string_view update,
                                     std::string_view renames) {
    std::vector<Answer> all;
    all.push_back(rows({"<Caption>Microsoft Windows Server 2022 Datacenter</Caption>"}));
    all.push_back(returned("0", servicing));
    all.push_back(returned("0", update));
    all.push_back(renames.empty() ? returned("1") : returned("0", renames));
    all.push_back(returned("0", "<sValue>WEB1</sValue>"));
    all.push_back(returned("0", "<sValue>web1</sValue>"));
    all.push_back(failed(Error(ErrorId::wsman_fault, "invalid namespace")));
    return all;
}

TEST(PendingReboot, AsksTheRegistryAndWarns) {
    const auto played =
        play(pending_reboot_mode(),
             {.answers = registry_answers("<sNames>Packages</sNames>",
                                          "<sNames>Results</sNames><sNames>RebootRequired</sNames>", "")});
    EXPECT_EQ(played.wql(), "Select Caption From Win32_OperatingSystem");
    EXPECT_EQ(
        played.asked(1),
        R"(EnumKey root/default:StdRegProv 2147483650 SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing)");
    EXPECT_EQ(
        played.asked(3),
        R"(GetMultiStringValue root/default:StdRegProv 2147483650 SYSTEM\CurrentControlSet\Control\Session Manager PendingFileRenameOperations)");
    EXPECT_EQ(played.asked(6), "DetermineIfRebootPending root/ccm/ClientSDK:CCM_ClientUtilities");
    EXPECT_EQ(played.text,
              "WARNING: 'Microsoft Windows Server 2022 Datacenter': reboot pending is true [Windows Update: "
              "true][Component Based Servicing: false][SCCM Client: -][File Rename Operations: "
              "false][Computer Name "
              "Change: false] \n");
}

TEST(PendingReboot, RenamesAndTheClientCount) {
    auto answers = registry_answers("", "", R"(<sValue>\??\C:\old</sValue><sValue/>)");
    answers.back() =
        returned("0", "<IsHardRebootPending>true</IsHardRebootPending><RebootPending>false</RebootPending>");
    const auto played =
        play(pending_reboot_mode(), {.words = words_of({{"critical-status", "%{CCMClientSDK} eq \"true\""}}),
                                     .answers = std::move(answers)});
    EXPECT_EQ(played.exit_code, 2);
    EXPECT_NE(played.text.find("[SCCM Client: true][File Rename Operations: true]"), std::string::npos);
}

TEST(PendingReboot, NothingPendingIsWell) {
    const auto played = play(pending_reboot_mode(), {.answers = registry_answers("", "", "<sValue/>")});
    EXPECT_EQ(played.exit_code, 0);
    EXPECT_NE(played.text.find("reboot pending is false"), std::string::npos);
}

TEST(PendingReboot, AKeyThatMayNotBeReadIsNoAnswer) {
    auto answers = registry_answers("", "", "");
    answers[2] = returned("5");
    const auto played = play(pending_reboot_mode(), {.answers = std::move(answers)});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->id, ErrorId::wsman_access_denied);
    EXPECT_NE(played.error->detail.find("WindowsUpdate\\Auto Update"), std::string::npos);
}

TEST(PendingReboot, AnotherErrorThanTheHostsNoEndsIt) {
    auto answers = registry_answers("", "", "");
    answers.back() = failed(Error(ErrorId::net_closed, "cut"));
    EXPECT_EQ(play(pending_reboot_mode(), {.answers = std::move(answers)}).error->id, ErrorId::net_closed);
    auto denied = registry_answers("", "", "");
    denied[1] = failed(Error(ErrorId::wsman_access_denied, "no"));
    EXPECT_EQ(play(pending_reboot_mode(), {.answers = std::move(denied)}).error->id,
              ErrorId::wsman_access_denied);
}

TEST(PendingReboot, AsCentreonItRunsAScriptAndNeverWarnsByItself) {
    const auto played = play(
        pending_reboot_mode(),
        {.answers = {output(
             R"({"WindowsVersion":"W","CBServicing":false,"WindowsUpdate":true,"CCMClientSDK":null,"PendComputerRename":0,"PendFileRename":false,"RebootPending":1})")},
         .compat = true});
    EXPECT_NE(played.asked(0).find("StdRegProv"), std::string::npos);
    EXPECT_LT(played.asked(0).size(), 3000U);
    EXPECT_EQ(played.text,
              "OK: 'W': reboot pending is true [Windows Update: true][Component Based Servicing: false][SCCM "
              "Client: "
              "-][File Rename Operations: false][Computer Name Change: false] \n");
}

// --- what scripts print ---

TEST(JsonObjects, AreFlatAndEveryTruncationIsRefused) {
    const std::string_view whole = R"([{"a":true,"b":null,"c":"é","d":1.5,"e":[1]}])";
    const auto objects = json_objects(whole);
    ASSERT_TRUE(objects && objects->size() == 1);
    const JsonObject expected = {{"a", "true"}, {"b", std::nullopt}, {"c", "é"}, {"d", "1.5"}};
    EXPECT_EQ(objects->front(), expected);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(json_objects(whole.substr(0, size))) << size;
    EXPECT_EQ(json_objects(R"({"a":1})")->size(), 1U);
    for (const auto* text : {"1", "\"a\"", "[1]", "null", "{\"a\":\"\xff\"}"})
        EXPECT_FALSE(json_objects(text)) << text;
    EXPECT_FALSE(json_objects(std::string(100'000, '[')));
}

// --- sessions ---

constexpr std::string_view qwinsta_config =
    R"(<root><qwinsta language="es"><created>creadas</created><disconnected>d</disconnected><reconnected>r</reconnected>)"
    R"(<activestate>Activo</activestate><disconnectedstate>Desc</disconnectedstate>)"
    R"(<header_sessionname>NOMBRE</header_sessionname><header_state>ESTADO</header_state></qwinsta></root>)";

TEST(Qwinsta, EveryTruncationOfItsWordsIsRefused) {
    const auto words = read_qwinsta_words(qwinsta_config, "es");
    ASSERT_TRUE(words.ok()) << words.error().detail;
    EXPECT_EQ(words->created, "creadas");
    EXPECT_EQ(words->state_column, "ESTADO");
    EXPECT_EQ(read_qwinsta_words(qwinsta_config, "pt").error().detail,
              "Cannot find language 'pt' in config file");
    for (std::size_t size = 0; size < qwinsta_config.size(); ++size)
        EXPECT_FALSE(read_qwinsta_words(qwinsta_config.substr(0, size), "es").ok()) << size;
}

TEST(Qwinsta, EveryTruncationOfItsTableIsReadOrNone) {
    const auto qwinsta = Qwinsta::with(*qwinsta_words("en"));
    ASSERT_TRUE(qwinsta.ok());
    const std::string_view whole = " SESSIONNAME USERNAME STATE \n>a b Active\nTotal sessions created 1\n";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const auto said = qwinsta->sort_out(whole.substr(0, size));
        ASSERT_TRUE(said.ok());
        EXPECT_EQ(said->has_value(), size >= whole.find("created") + 7) << size;
    }
}

constexpr const char* qwinsta_en =
    " SESSIONNAME       USERNAME                 ID  STATE   TYPE        DEVICE \r\n"
    ">services                                    0  Disc                        \r\n"
    " console                                     1  Conn                        \r\n"
    " rdp-tcp#3         Administrator             2  Active                      \r\n"
    "                   bob                       4  Disc                        \r\n"
    "Total sessions created 12\r\nTotal sessions disconnected 5\r\nTotal sessions reconnected 3\r\n";

TEST(Sessions, AreTheHostsCounters) {
    const auto played = play(
        sessions_mode(),
        {.words = words_of({{"critical-sessions-active", "1"}}),
         .answers = {rows({"<ActiveSessions>2</ActiveSessions><InactiveSessions>3</InactiveSessions>"})}});
    EXPECT_EQ(played.wql(),
              "Select ActiveSessions, InactiveSessions From "
              "Win32_PerfRawData_LocalSessionManager_TerminalServices");
    EXPECT_EQ(played.text,
              "CRITICAL: Sessions current active : 2 | 'sessions_active'=2;;0:1;0; "
              "'sessions_disconnected_current'=3;;;0;\n");
    EXPECT_EQ(play(sessions_mode(), {.answers = {rows({})}}).exit_code, 3);
    const auto missing =
        play(sessions_mode(), {.answers = {failed(Error(ErrorId::wsman_fault, "no class"))}});
    ASSERT_TRUE(missing.error);
    EXPECT_NE(missing.error->advice.back().find("--command qwinsta"), std::string::npos);
    const auto gone = play(sessions_mode(), {.answers = {failed(Error(ErrorId::net_refused, "no host"))}});
    ASSERT_TRUE(gone.error);
    EXPECT_TRUE(gone.error->advice.empty());
}

TEST(Sessions, OfTheCommandAreCountedInTwoLooks) {
    Stage stage{.words = words_of({{"language", "en"}}), .answers = {output(qwinsta_en)}};
    const auto first = play(sessions_mode(), stage);
    EXPECT_EQ(first.asked(0), "qwinsta /COUNTER");
    EXPECT_EQ(
        first.text,
        "OK: Sessions sessions-created : Buffer creation, sessions-disconnected : Buffer creation, "
        "sessions-reconnected : Buffer creation, current active : 1, current disconnected : 2 | "
        "'sessions_active'=1;;;0; 'sessions_disconnected_current'=2;;;0;\n"
        " [DEVICE => -] [ID => 0] [SESSIONNAME => services] [STATE => Disc] [TYPE => -] [USERNAME => -]\n"
        " [DEVICE => -] [ID => 2] [SESSIONNAME => rdp-tcp#3] [STATE => Active] [TYPE => -] [USERNAME => "
        "Administrator]\n"
        " [DEVICE => -] [ID => 4] [SESSIONNAME => -] [STATE => Disc] [TYPE => -] [USERNAME => bob]\n");
    EXPECT_EQ(*first.samples.now.find("sessions_created"), "12");
    stage.samples.before = first.samples.now;
    stage.samples.before->values["sessions_created"] = "5";
    stage.samples.before->values["sessions_disconnected"] = "100";  // The host booted in between.
    const auto second = play(sessions_mode(), stage);
    EXPECT_EQ(second.report.texts.at(0).text,
              "Sessions created: 7, disconnected: 5, reconnected : 0, current active : 1, current "
              "disconnected : 2");
}

TEST(Sessions, AFilterTakesSomeAndThresholdsOfTotalsNeedTheCommand) {
    const auto played = play(sessions_mode(), {.words = words_of({{"filter-sessionname", "rdp"}}),
                                               .answers = {output(qwinsta_en)}});
    EXPECT_EQ(played.report.lines.size(), 1U);
    const auto totals = play(sessions_mode(), {.words = words_of({{"warning-sessions-created", "0"}}),
                                               .answers = {output(qwinsta_en)}});
    EXPECT_EQ(totals.asked(0), "qwinsta /COUNTER");
    const auto path = play(
        sessions_mode(), {.words = words_of({{"command-path", "C:\\x\\"}}), .answers = {output(qwinsta_en)}});
    EXPECT_EQ(path.asked(0), "C:\\x\\qwinsta /COUNTER");
}

TEST(Sessions, ColumnsAreCountedInCharacters) {
    const auto played =
        play(sessions_mode(),
             {.words = words_of({{"language", "fr"}}),
              .answers = {
                  output(" SESSION           UTILISATEUR              ID  ÉTAT    TYPE        PÉRIPHÉRIQUE \n"
                         " console           Renée                     1  Actif                       \n"
                         "Nombre total de sessions créées 3\nNombre total de sessions déconnectées 1\n"
                         "Nombre total de sessions reconnectées 0\n")}});
    EXPECT_EQ(played.report.lines.at(0),
              " [ID => 1] [PÉRIPHÉRIQUE => -] [SESSION => console] [TYPE => -] [UTILISATEUR => Renée] [ÉTAT "
              "=> Actif]");
}

TEST(Sessions, AnotherTextIsUnknownAndForgetsNothing) {
    Stage stage{.words = words_of({{"command", "qwinsta"}}),
                .answers = {output("", "Error 5 getting session names\r\nAccess is denied.")}};
    stage.samples.before = Sample{.at = 1, .values = {{"sessions_created", "5"}}};
    const auto played = play(sessions_mode(), stage);
    EXPECT_EQ(played.text,
              "UNKNOWN: Cannot find information in command output: Error 5 getting session names \n");
    EXPECT_EQ(played.samples.now, *stage.samples.before);
    EXPECT_EQ(play(sessions_mode(), {.words = words_of({{"language", "xx"}})}).error->detail,
              "Cannot find language 'xx' in config file");
}

}  // namespace
}  // namespace mullion::checks::tests
