// Shells, PowerShell in them, and quotas.
#include <gtest/gtest.h>

#include <algorithm>

#include "doctor/tests/played_host.h"
#include "wsman/fault.h"

namespace mullion::doctor {
namespace {

using auth::Transport;

void expect_named(const Finding& finding, const std::vector<std::string>& named) {
    for (const auto& part : named)
        EXPECT_NE(text_of(finding).find(part), std::string::npos) << part << " in\n" << text_of(finding);
}

Error quota(std::uint32_t code, const char* step) {
    Error error(ErrorId::wsman_quota, "a maximum number of 15 concurrent operations");
    error.wsman_code = code;
    error.step = step;
    return error;
}

const char* const failure =
    "The 'Out-String' command was found in the module 'Microsoft.PowerShell.Utility', but the module could "
    "not "
    "be loaded.";

TEST(Shell, OfWhomMayNotNamesBothGroups) {
    PlayedHost host;
    host.runs = {Error(ErrorId::wsman_access_denied, "Access is denied.")};
    const Findings findings(subject_with({Transport::ntlm}), host);
    EXPECT_EQ(id_of(findings["shell"]), "wsman.access_denied");
    expect_named(findings["shell"],
                 {"Remote Management Users", "Administrators", "winrm configSDDL default"});
    for (const auto* check : {"cim", "quota", "config", "safety"})
        EXPECT_EQ(findings[check].because, "shell");
}

TEST(Shell, ThatPamRefusesIsNoMatterOfGroups) {
    PlayedHost host;
    host.runs = {Error(ErrorId::wsman_access_denied,
                       "Access is denied. (PAM refused a session; the service's log says why.)")};
    const Findings findings(subject_with({Transport::basic}), host);
    expect_named(findings["shell"], {"journalctl -u mullion", "/etc/pam.d/mullion", "chage -l"});
    for (const auto& line : findings["shell"].on_host)
        EXPECT_EQ(line.find("Add-LocalGroupMember"), std::string::npos) << line;
}

TEST(Shell, WhoseQuotaIsUsedUp) {
    PlayedHost host;
    host.runs = {quota(wsman::code::quota_shells, "create shell")};
    const Findings findings(subject_with({Transport::ntlm}), host);
    EXPECT_EQ(id_of(findings["shell"]), "wsman.quota");
    expect_named(findings["shell"], {"MaxShellsPerUser", "winrm enumerate shell"});
    EXPECT_EQ(findings["quota"].because, "shell");
}

TEST(Quota, OfOperationsIsNoFailureOfTheShell) {
    PlayedHost host;
    host.runs = {quota(wsman::code::quota_operations, "start command")};
    const Findings findings(subject_with({Transport::ntlm}), host);
    EXPECT_EQ(findings["shell"].state, State::ok);
    EXPECT_EQ(id_of(findings["quota"]), "wsman.quota");
    expect_named(findings["quota"], {"MaxConcurrentOperationsPerUser", "15"});
    EXPECT_EQ(findings["safety"].because, "quota");
    PlayedHost at_once;
    at_once.runs = {quota(wsman::code::quota_operations, "create shell")};
    const Findings without(subject_with({Transport::ntlm}), at_once);
    EXPECT_EQ(without["shell"].because, "quota");
    EXPECT_EQ(id_of(without["quota"]), "wsman.quota");
}

TEST(Shell, RunsPowerShellOnWindowsAlone) {
    PlayedHost windows;
    Findings(subject_with({Transport::ntlm}), windows);
    EXPECT_EQ(std::count(windows.asked.begin(), windows.asked.end(), "run ntlm powershell -"), 1);
    PlayedHost other;
    other.who.vendor = "Mullion";
    EXPECT_EQ(Findings(subject_with({Transport::ntlm}), other)["shell"].state, State::ok);
    EXPECT_EQ(std::count(other.asked.begin(), other.asked.end(), "run ntlm powershell -"), 0);
}

TEST(Shell, WherePowerShellCannotLoadItsModules) {
    PlayedHost host;
    host.runs = {Ran{0, "mullion\r\n", ""},
                 Ran{1, "C:\\Program Files\\Modules;\\\\files\\share\\modules\r\n", failure}};
    const Findings findings(subject_with({Transport::ntlm}), host);
    ASSERT_TRUE(findings["shell"].error);
    EXPECT_EQ(findings["shell"].error->id, ErrorId::run_module_path);
    expect_named(findings["shell"], {"KB4076842", "\\\\files\\share\\modules", "--transport credssp",
                                     "take the UNC path out of PSModulePath", "SetEnvironmentVariable"});
}

TEST(Shell, WhosePowerShellLoadsThemAllTheSame) {
    PlayedHost host;
    host.runs = {Ran{0, "mullion\r\n", ""}, Ran{0, "\\\\files\\share;C:\\M\r\nmullion\r\n", ""}};
    const Findings findings(subject_with({Transport::ntlm}), host);
    EXPECT_EQ(findings["shell"].state, State::ok);
    expect_named(findings["shell"], {"PSModulePath has \\\\files\\share"});
}

TEST(Shell, IsOpenedByTheFirstThatLoggedOn) {
    PlayedHost host;
    host.no_logon = {{Transport::kerberos, Error(ErrorId::kerberos_refused, "")}};
    Findings(subject_with({Transport::kerberos, Transport::ntlm, Transport::basic}), host);
    EXPECT_EQ(std::count(host.asked.begin(), host.asked.end(), "run ntlm echo mullion"), 1);
}

}  // namespace
}  // namespace mullion::doctor
