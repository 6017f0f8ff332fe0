// With checks in mind: which grant is missing for which mode, from what the host answers.
#include <gtest/gtest.h>

#include <algorithm>

#include "doctor/monitoring/evidence.h"
#include "doctor/monitoring/layers.h"
#include "doctor/tests/played_host.h"
#include "wsman/cim/value.h"
#include "wsman/fault.h"

namespace mullion::doctor {
namespace {

using auth::Transport;
using Lines = std::vector<std::string>;
using Cells = std::vector<std::pair<std::string, std::string>>;

constexpr const char* system_counters = "Win32_PerfRawData_PerfOS_System";

checks::Rows rows_of(const std::vector<Cells>& table) {
    checks::Rows rows;
    for (const auto& cells : table) {
        wsman::cim::Instance row;
        for (const auto& [name, text] : cells)
            row.set(name, text == "null" ? wsman::cim::Value()
                                         : wsman::cim::Value(wsman::cim::Scalar(std::string_view(text))));
        rows.push_back(std::move(row));
    }
    return rows;
}

Told rows(const std::vector<Cells>& table) {
    return {checks::Answer{rows_of(table)}};
}

Told nothing() {
    return rows({});
}

// WMI says it, inside of WinRM's.
Told denied_by_wmi(std::uint32_t code = wbem::access_denied, std::uint32_t outside = 5) {
    auto fault = wsman::make_fault(outside, "Access denied ", "WMI Provider");
    fault.provider_code = code;
    return {checks::Answer{wsman::to_error(fault)}, fault};
}

Told fault(std::uint32_t code) {
    const auto made = wsman::make_fault(code);
    return {checks::Answer{wsman::to_error(made)}, made};
}

Told returned(std::string_view number, std::string_view output = {}) {
    wsman::cim::MethodResult result;
    result.return_value = wsman::cim::Value(wsman::cim::Scalar(number));
    if (!output.empty()) result.outputs.set("sValue", wsman::cim::Value(wsman::cim::Scalar(output)));
    return {checks::Answer{std::move(result)}};
}

Told output(std::string out, std::uint32_t code = 0) {
    return {checks::Answer{checks::CommandOutput{code, std::move(out), {}}}};
}

// A Windows server that tells all there is.
struct Windows : PlayedHost {
    Windows() {
        told["identify"] = {checks::Answer{checks::Identified{}}};
        told["Win32_OperatingSystem"] = rows({{{"Caption", "Microsoft Windows Server 2022"},
                                               {"FreePhysicalMemory", "5519780"},
                                               {"TotalVisibleMemorySize", "8388148"},
                                               {"Version", "10.0.20348"},
                                               {"LastBootUpTime", "20260301061502.500000+000"}}});
        told["Win32_Process"] = rows({{{"Handle", "4"}, {"Name", "System"}, {"CommandLine", "x"}},
                                      {{"Handle", "800"}, {"Name", "svchost.exe"}, {"CommandLine", "x"}}});
        told["Win32_Service"] = rows({service("WinRM", "800"), service("Winmgmt", "800")});
        told["Win32_NTLogEvent"] =
            rows({{{"EventCode", "6013"}, {"TimeGenerated", "20260301120000.000000+000"}}});
        told[system_counters] = rows({{{"Frequency_Sys100NS", "10000000"},
                                       {"SystemUpTime", "134168121025000000"},
                                       {"Timestamp_Object", "134176104031234567"}}});
        told["Win32_PerfRawData_PerfOS_Processor"] = rows({{{"Name", "0"},
                                                            {"PercentProcessorTime", "1000"},
                                                            {"Timestamp_Sys100NS", "134176104031234567"}}});
        told["StdRegProv"] = returned("0", "WEB01");
        told["CIM_DataFile"] = rows({{{"Name", "c:\\windows\\win.ini"}, {"FileSize", "92"}}});
        told["command"] = output("[]");
    }
    static Cells service(std::string name, std::string process) {
        return {{"Name", std::move(name)},
                {"State", "Running"},
                {"StartMode", "Auto"},
                {"ProcessId", std::move(process)}};
    }
};

class Looked {
public:
    Looked(PlayedHost& host, std::vector<std::string> modes) {
        auto subject = subject_with({Transport::ntlm});
        subject.monitoring = Monitoring{std::move(modes)};
        diagnosis = examine(subject, host, [](const Finding&) {});
    }
    [[nodiscard]] const Finding& finding(const std::string& check) const {
        for (const auto& one : diagnosis.findings)
            if (one.check == check) return one;
        throw std::runtime_error("no finding " + check);
    }
    [[nodiscard]] const ModeRow& mode(const std::string& name) const {
        for (const auto& row : diagnosis.modes)
            if (row.mode == name) return row;
        throw std::runtime_error("no mode " + name);
    }
    [[nodiscard]] std::string works(const std::string& name) const {
        return std::string(to_string(mode(name).works));
    }
    // Of the first that is missing.
    [[nodiscard]] Lines grants(const std::string& name) const {
        Lines grants;
        const auto& lacks = mode(name).lacks;
        if (!lacks.empty())
            for (const auto& cause : lacks.front().causes) grants.push_back(cause.grant);
        return grants;
    }

    Diagnosis diagnosis;
};

const Lines counters_or_broken = {"Performance Monitor Users", "the host's counters are broken"};

TEST(ForChecks, LooksAtTheLayersThatTheModesNeedAndAtNoOthers) {
    Windows host;
    const Looked looked(host, {"memory", "uptime"});
    Lines outline;
    for (const auto& finding : looked.diagnosis.findings)
        outline.push_back(finding.check + " " + std::string(to_string(finding.state)));
    EXPECT_EQ(outline, (Lines{"name ok",          "reverse ok",       "tcp ok",        "tls skipped",
                              "http ok",          "schemes ok",       "clock ok",      "kdc skipped",
                              "ticket skipped",   "logon ntlm ok",    "cim ok",        "counters ok",
                              "eventlog skipped", "services skipped", "files skipped", "registry skipped",
                              "shell skipped",    "quota skipped",    "modes ok",      "config ok",
                              "safety ok"}));
    EXPECT_EQ(looked.diagnosis.failure(), nullptr);
    EXPECT_EQ(looked.works("memory"), "yes");
    EXPECT_EQ(looked.works("uptime"), "yes");
    EXPECT_EQ(looked.diagnosis.modes.size(), 2U);
    EXPECT_EQ(looked.finding("modes").seen, "2 of 2 work with this account");
    for (const auto& asked : host.asked)
        EXPECT_FALSE(asked.starts_with("run ")) << "no shell is opened for it";
}

TEST(ForChecks, AsksNothingTwice) {
    Windows host;
    const Looked looked(host, {"memory", "uptime", "services", "list-services", "eventlog"});
    EXPECT_EQ(std::count(host.asked.begin(), host.asked.end(), "ask " + std::string(system_counters)), 1);
    // System and Security.
    EXPECT_EQ(std::count(host.asked.begin(), host.asked.end(), "ask Win32_NTLogEvent"), 2);
}

TEST(ForChecks, WinrmsOwnGateIsToldFromTheNamespace) {
    Windows host;
    for (auto& [name, told] : host.told)
        if (name != "identify") told = fault(5);
    const Looked gate(host, {"memory", "services"});
    EXPECT_EQ(gate.finding("cim").error->id, ErrorId::wsman_access_denied);
    // Nothing in that fault says that WMI was not asked: its right is said too, last.
    EXPECT_EQ(gate.grants("memory"), (Lines{"Remote Management Users", "Read and Execute in WinRM's RootSDDL",
                                            "Enable Account, Remote Enable on root/cimv2"}));
    EXPECT_EQ(gate.works("memory"), "no");
    EXPECT_EQ(gate.finding("services").because, "cim");
    EXPECT_EQ(gate.finding("modes").because, "cim");

    for (auto& [name, told] : host.told)
        if (name != "identify") told = denied_by_wmi();
    const Looked wmi(host, {"memory", "services"});
    EXPECT_EQ(wmi.grants("memory"), Lines{"Enable Account, Remote Enable on root/cimv2"});
    EXPECT_EQ(wmi.grants("services"), Lines{"Enable Account, Remote Enable on root/cimv2"});
    EXPECT_NE(wmi.finding("cim").seen.find("0x80041003, access denied by WMI"), std::string::npos);
}

// Some hosts say no more than 5, of whatever it is.
TEST(ForChecks, ABareDenialBehindAnOpenGateIsTheClasss) {
    Windows host;
    host.told[system_counters] = fault(5);
    host.told["Win32_Process"] = fault(5);
    const Looked looked(host, {"uptime", "processes", "memory"});
    EXPECT_EQ(looked.grants("uptime"), Lines{"Performance Monitor Users"});
    EXPECT_EQ(looked.works("processes"), "no");
    EXPECT_TRUE(looked.grants("processes").empty()) << "no right is known that would explain it";
    EXPECT_EQ(looked.works("memory"), "yes");
    host.told["Win32_Process"] = denied_by_wmi();
    EXPECT_TRUE(Looked(host, {"processes"}).grants("processes").empty());
}

TEST(ForChecks, ALocalAccountMayAlsoBeAnAdministratorWithoutItsRights) {
    Windows host;
    host.told["Win32_OperatingSystem"] = fault(5);
    auto subject = subject_with({Transport::ntlm});
    subject.user = "monitor";
    subject.monitoring = Monitoring{{"memory"}};
    const auto diagnosis = examine(subject, host, [](const Finding&) {});
    const auto& causes = diagnosis.modes.front().lacks.front().causes;
    ASSERT_EQ(causes.size(), 4U);
    EXPECT_EQ(causes[2].grant, "a local administrator's full token (UAC)");
}

TEST(ForChecks, CountersAreTheGroupsOrBroken) {
    const auto with = [](Told told) {
        Windows host;
        host.told[system_counters] = std::move(told);
        return Looked(host, {"uptime", "memory"});
    };
    const auto empty = with(nothing());
    EXPECT_EQ(empty.grants("uptime"), counters_or_broken);
    EXPECT_EQ(empty.works("uptime"), "no");
    EXPECT_EQ(empty.works("memory"), "yes");
    EXPECT_EQ(empty.finding("counters").state, State::failed);
    EXPECT_NE(empty.finding("counters").seen.find("no instance, and no error"), std::string::npos);
    EXPECT_EQ(with(denied_by_wmi()).grants("uptime"), Lines{"Performance Monitor Users"});
    const auto missing = with(denied_by_wmi(wbem::invalid_class, 0x80338000));
    EXPECT_EQ(missing.grants("uptime"), Lines{"the host's counters are broken"});
    EXPECT_EQ(missing.mode("uptime").lacks.front().causes.front().how,
              (Lines{"lodctr /R", "winmgmt /resyncperf"}));
    EXPECT_EQ(missing.finding("counters").error->id, ErrorId::wsman_fault);
}

// The group is for all counters: where others are answered it is not what is missing.
TEST(ForChecks, OneClassOfCountersThatIsEmptyIsBroken) {
    Windows host;
    host.told["Win32_PerfRawData_PerfOS_Processor"] = nothing();
    const Looked looked(host, {"cpu"});
    EXPECT_EQ(looked.grants("cpu"), Lines{"the host's counters are broken"});
    EXPECT_EQ(looked.finding("counters").state, State::ok);
    EXPECT_EQ(looked.finding("modes").state, State::failed);
}

TEST(ForChecks, OneClassOfCountersThatIsNotThereMayBeAnotherWindows) {
    Windows host;
    host.told["Win32_PerfRawData_PerfOS_Processor"] = denied_by_wmi(wbem::invalid_class, 0x80338000);
    EXPECT_EQ(Looked(host, {"cpu"}).grants("cpu"),
              (Lines{"the host's counters are broken", "the host's Windows has no such class"}));
}

TEST(ForChecks, AnEmptyClassOfAnOpenNamespaceIsNotTheNamespaces) {
    Windows host;
    host.told["Win32_Process"] = nothing();
    const Looked looked(host, {"processes"});
    EXPECT_EQ(looked.works("processes"), "no");
    EXPECT_TRUE(looked.grants("processes").empty());
    EXPECT_NE(looked.mode("processes").seen.find("no instance of Win32_Process"), std::string::npos);
}

TEST(ForChecks, ServicesThatAreNotListedAreFoundWithoutAnError) {
    Windows empty;
    empty.told["Win32_Service"] = nothing();
    const Looked none(empty, {"services", "list-services", "processes"});
    EXPECT_EQ(none.works("services"), "no");
    EXPECT_EQ(none.works("list-services"), "no");
    EXPECT_EQ(none.works("processes"), "yes");
    EXPECT_EQ(none.grants("services"), Lines{"List services (SDDL of the service control manager)"});
    EXPECT_EQ(none.finding("services").error->id, ErrorId::wsman_access_denied);

    EXPECT_NE(none.finding("services").seen.find("Win32_Process has 2"), std::string::npos);
    empty.told["Win32_Process"] = nothing();
    EXPECT_EQ(Looked(empty, {"services"}).grants("services"),
              (Lines{"List services (SDDL of the service control manager)",
                     "Enable Account, Remote Enable on root/cimv2"}));

    Windows denied;
    denied.told["Win32_Service"] = denied_by_wmi();
    EXPECT_EQ(Looked(denied, {"services"}).grants("services"),
              Lines{"List services (SDDL of the service control manager)"});
}

TEST(ForChecks, ServicesThatAreHiddenShowByWhatRuns) {
    const auto with = [](const std::vector<Cells>& services) {
        Windows host;
        host.told["Win32_Service"] = rows(services);
        return Looked(host, {"services"});
    };
    const Lines both = {"Query config and status of each service (its own SDDL)",
                        "List services (SDDL of the service control manager)"};
    const auto unlisted = with({Windows::service("Spooler", "800")});
    EXPECT_EQ(unlisted.works("services"), "partly");
    EXPECT_EQ(unlisted.grants("services"), both);
    EXPECT_NE(unlisted.finding("services").seen.find("Winmgmt, WinRM answer this and are not in the list"),
              std::string::npos);
    auto without = Windows::service("W32Time", "800");
    without[1].second = "null";
    const auto stateless =
        with({Windows::service("WinRM", "800"), Windows::service("Winmgmt", "800"), without});
    EXPECT_NE(stateless.finding("services").seen.find("without a State or StartMode: W32Time"),
              std::string::npos);
    const auto unhosted = with({Windows::service("WinRM", "900"), Windows::service("Winmgmt", "900")});
    EXPECT_NE(unhosted.finding("services").seen.find("svchost.exe run"), std::string::npos);
    EXPECT_EQ(unhosted.grants("services"), both);
}

TEST(ForChecks, AServiceOfOursHasOtherServices) {
    Windows host;
    host.who.vendor = "Mullion";
    host.told["Win32_Service"] = rows({Windows::service("ssh.service", "800")});
    const Looked looked(host, {"services"});
    EXPECT_EQ(looked.works("services"), "yes");
    EXPECT_EQ(looked.finding("services").state, State::ok);
}

TEST(ForChecks, EventLogs) {
    const auto with = [](Told told) {
        Windows host;
        host.told["Win32_NTLogEvent"] = std::move(told);
        return Looked(host, {"eventlog"});
    };
    const auto silent = with(nothing());
    EXPECT_EQ(silent.works("eventlog"), "no")
        << "no event in two days is what an account without the right sees";
    EXPECT_EQ(silent.grants("eventlog"),
              (Lines{"Event Log Readers", "the log was cleared, or nobody writes it"}));
    const auto denied = with(denied_by_wmi());
    EXPECT_EQ(denied.grants("eventlog"), Lines{"Event Log Readers"});
    EXPECT_EQ(denied.grants("eventlog --filter-logfile=Security"),
              Lines{"Manage auditing and security log (SeSecurityPrivilege)"});
}

TEST(ForChecks, RegistryMethodsAndKeys) {
    const auto with = [](Told told) {
        Windows host;
        host.told["StdRegProv"] = std::move(told);
        return Looked(host, {"pending-reboot"});
    };
    EXPECT_EQ(with(denied_by_wmi()).grants("pending-reboot"),
              Lines{"Enable Account, Remote Enable, Execute Methods on root/default"});
    // WQL was let through, and Invoke was not.
    EXPECT_EQ(with(fault(5)).grants("pending-reboot"),
              (Lines{"Execute (Invoke) in WinRM's RootSDDL",
                     "Enable Account, Remote Enable, Execute Methods on root/default"}));
    const auto key = with(returned("5"));
    ASSERT_FALSE(key.grants("pending-reboot").empty());
    EXPECT_TRUE(key.grants("pending-reboot").front().starts_with("Read on HKLM\\SOFTWARE\\Microsoft"));
    EXPECT_EQ(key.works("pending-reboot"), "no");
}

TEST(ForChecks, FilesOfAFolder) {
    Windows host;
    host.told["CIM_DataFile"] = nothing();
    auto subject = subject_with({Transport::ntlm});
    subject.monitoring = Monitoring{{"files-size"}, "D:/Data/"};
    const auto diagnosis = examine(subject, host, [](const Finding&) {});
    const auto& causes = diagnosis.modes.front().lacks.front().causes;
    ASSERT_EQ(causes.size(), 2U);
    EXPECT_EQ(causes[0].grant, "List and read D:\\Data (NTFS)");
    EXPECT_EQ(causes[0].how, Lines{"icacls 'D:\\Data' /grant 'alice@EXAMPLE.TEST:(OI)(CI)(RX)'"});
    EXPECT_EQ(causes[1].grant, "it has no file, or is not there");
}

TEST(ForChecks, ShellsAreLookedAtForThoseWhoNeedOne) {
    Windows host;
    host.runs = {Error(ErrorId::wsman_access_denied, "Access is denied.")};
    host.told["command"] = {checks::Answer{Error(ErrorId::wsman_access_denied, "Access is denied.")}};
    const Looked looked(host, {"updates", "sessions"});
    EXPECT_EQ(looked.finding("shell").state, State::failed);
    EXPECT_EQ(looked.works("updates"), "no");
    EXPECT_EQ(looked.grants("updates"),
              (Lines{"Remote Management Users", "Execute (Invoke) in WinRM's RootSDDL"}));
    EXPECT_EQ(looked.works("sessions --command=qwinsta"), "no");
    host.asked.clear();
    const Looked without(host, {"sessions"});
    EXPECT_EQ(without.finding("shell").seen, "no mode that was asked for needs a shell");
}

TEST(ForChecks, UpdatesAreForAdministratorsAsARule) {
    Windows host;
    host.told["command"] =
        output("System.UnauthorizedAccessException: Zugriff verweigert (HRESULT: 0x80070005)", 1);
    const Looked looked(host, {"updates"});
    EXPECT_EQ(looked.grants("updates"), Lines{"Administrators"});
    EXPECT_EQ(looked.works("updates"), "no");
    host.told["command"] = {checks::Answer{Error(ErrorId::run_timeout, "60 s")}};
    EXPECT_EQ(Looked(host, {"updates"}).works("updates"), "unknown")
        << "a search that takes long is no right";
}

TEST(ForChecks, NullsAreSaidAndNotGuessedAt) {
    Windows host;
    host.told["Win32_OperatingSystem"] = rows(
        {{{"Caption", "Windows"}, {"FreePhysicalMemory", "null"}, {"TotalVisibleMemorySize", "8388148"}}});
    host.told["Win32_Process"] = rows({{{"Handle", "4"}, {"Name", "System"}, {"CommandLine", "null"}},
                                       {{"Handle", "5"}, {"Name", "a.exe"}, {"CommandLine", "a"}}});
    const Looked looked(host, {"memory", "processes"});
    EXPECT_EQ(looked.works("memory"), "no");
    EXPECT_TRUE(looked.mode("memory").lacks.empty());
    EXPECT_NE(looked.mode("memory").seen.find("FreePhysicalMemory"), std::string::npos);
    EXPECT_EQ(looked.finding("modes").error->id, ErrorId::wsman_fault);
    EXPECT_EQ(looked.works("processes"), "yes") << "to count them no command line is needed";
    EXPECT_NE(looked.mode("processes").seen.find("1 of 2 processes are null"), std::string::npos);
}

TEST(ForChecks, QuotasOfOldHosts) {
    Windows host;
    host.who.version = "OS: 6.1.7601 SP: 1.0 Stack: 2.0";
    EXPECT_NE(Looked(host, {"memory"}).finding("quota").seen.find("15 operations and 5 shells"),
              std::string::npos);
    host.told["Win32_OperatingSystem"] = fault(wsman::code::quota_operations);
    const Looked looked(host, {"memory", "services"});
    EXPECT_EQ(looked.finding("cim").because, "quota");
    EXPECT_EQ(looked.finding("quota").error->id, ErrorId::wsman_quota);
    EXPECT_EQ(looked.grants("memory"), Lines{"a higher quota, or fewer questions at a time"});
    EXPECT_EQ(looked.works("memory"), "no");
}

TEST(ForChecks, EndsWhereTheConversationEnds) {
    Windows host;
    host.told[system_counters] = {checks::Answer{Error(ErrorId::net_closed, "gone")}};
    const Looked gone(host, {"uptime", "services"});
    EXPECT_EQ(gone.finding("counters").error->id, ErrorId::net_closed);
    EXPECT_EQ(gone.finding("services").because, "counters");
    EXPECT_EQ(gone.finding("modes").because, "counters");
    EXPECT_TRUE(gone.diagnosis.modes.empty());
    EXPECT_EQ(std::count(host.asked.begin(), host.asked.end(), "ask Win32_Service"), 0);

    Windows stopped;
    stopped.told["Win32_OperatingSystem"] = {checks::Answer{Error(ErrorId::run_interrupted, "")}};
    const Looked looked(stopped, {"memory"});
    EXPECT_TRUE(looked.diagnosis.interrupted);
    EXPECT_EQ(looked.diagnosis.failure(), nullptr);
}

TEST(ForChecks, OneLogThatTakesLongEndsNothingAndTwoDo) {
    Windows host;
    const Told late = {checks::Answer{Error(ErrorId::run_timeout, "60 s")}};
    host.told["Win32_NTLogEvent"] = late;
    const Looked looked(host, {"eventlog", "services", "uptime"});
    EXPECT_EQ(looked.finding("eventlog").error->id, ErrorId::run_timeout);
    EXPECT_EQ(looked.finding("services").state, State::ok);
    EXPECT_EQ(looked.works("eventlog"), "unknown") << "what takes long is no right";
    EXPECT_EQ(looked.works("uptime"), "yes");

    for (auto& [name, told] : host.told) told = late;
    host.asked.clear();
    const Looked silent(host, {"memory", "services", "uptime"});
    EXPECT_EQ(id_of(silent.finding("cim")), "run.timeout");
    EXPECT_EQ(silent.finding("services").because, "cim");
    EXPECT_EQ(id_of(silent.finding("modes")), "run.timeout");
    EXPECT_EQ(std::count_if(host.asked.begin(), host.asked.end(),
                            [](const auto& asked) { return asked.starts_with("ask "); }),
              2);
}

TEST(ForChecks, EveryModeThatNeedsNoOptionsIsLookedAt) {
    Windows host;
    const Looked looked(host, {});
    for (const auto* mode : {"connect", "cpu", "memory", "services", "eventlog", "files-size",
                             "pending-reboot", "updates", "list-storages"})
        EXPECT_NO_THROW((void)looked.mode(mode)) << mode;
    EXPECT_EQ(looked.works("connect"), "yes");
}

TEST(Evidence, IsReadInEveryFormOfAFault) {
    auto fault = wsman::make_fault(5, "x", "WMI Provider");
    EXPECT_EQ(sign_of({checks::Answer{wsman::to_error(fault)}, fault}), Sign::denied)
        << "a provider was asked";
    fault = wsman::make_fault(0x80338104);
    EXPECT_EQ(sign_of({checks::Answer{wsman::to_error(fault)}, fault}), Sign::denied);
    fault = wsman::make_fault(0x80041003);
    EXPECT_EQ(sign_of({checks::Answer{wsman::to_error(fault)}, fault}), Sign::denied);
    fault = wsman::make_fault(0x80338000);
    fault.wmi_status = 5;
    EXPECT_EQ(sign_of({checks::Answer{wsman::to_error(fault)}, fault}), Sign::no_class);
    fault.wmi_status = 3;
    EXPECT_EQ(sign_of({checks::Answer{wsman::to_error(fault)}, fault}), Sign::no_namespace);
    fault.wmi_status = 1;
    EXPECT_EQ(sign_of({checks::Answer{wsman::to_error(fault)}, fault}), Sign::other);
    fault = wsman::make_fault(5);
    EXPECT_EQ(sign_of({checks::Answer{wsman::to_error(fault)}, fault}), Sign::not_let_in);
    EXPECT_EQ(sign_of(returned("5")), Sign::key_denied);
    EXPECT_EQ(sign_of(returned("2")), Sign::answered);
}

}  // namespace
}  // namespace mullion::doctor
