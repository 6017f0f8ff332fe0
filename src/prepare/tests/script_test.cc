#include "prepare/script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "encoding/base64.h"
#include "encoding/utf16.h"
#include "prepare/domain/plan_domain.h"
#include "prepare/host/plan_host.h"
#include "prepare/remote.h"
#include "prepare/user/plan_monitoring_user.h"

namespace mullion::prepare {
namespace {

std::vector<Plan> all_plans() {
    HostWords words;
    words.transport = "both";
    words.auth = "basic,kerberos,negotiate,certificate,credssp";
    words.credssp_certificate = "listener";
    words.tls12 = true;
    words.settings = {"Winrs/MaxShellsPerUser=30"};
    words.remove_listeners = "all";
    auto chosen = words;
    chosen.certificate = std::string(40, 'A');
    auto issued = words;
    issued.certificate = "template:WinRM";
    DomainWords domain;
    domain.domain = "corp.example.com";
    domain.user = "svc-monitor";
    return {plan_host(words).value(),
            plan_host(chosen).value(),
            plan_host(issued).value(),
            plan_monitoring_user({"Jürgen"}).value(),
            plan_monitoring_user({"CORP\\svc"}).value(),
            plan_domain(domain).value()};
}

TEST(PowershellScript, HasEveryFunctionOfEachKind) {
    for (const auto& plan : all_plans()) {
        const auto script = powershell_script(plan, Mode::apply);
        for (const auto& step : plan.steps)
            for (const char* const verb : {"Test-", "Save-", "Set-", "Undo-"})
                EXPECT_NE(
                    script.find("function " + std::string(verb) + std::string(step.kind) + "([hashtable]"),
                    std::string::npos)
                    << plan.command << " " << verb << step.kind;
    }
}

// Two parts in one script must not take each other's place.
TEST(PowershellScript, DefinesNoFunctionTwice) {
    for (const auto& plan : all_plans()) {
        const auto script = powershell_script(plan, Mode::apply);
        const std::regex function(R"(\nfunction ([\w-]+))");
        std::set<std::string> names;
        for (std::sregex_iterator at(script.begin(), script.end(), function), end; at != end; ++at)
            EXPECT_TRUE(names.insert((*at)[1]).second) << (*at)[1];
        EXPECT_GT(names.size(), 20U);
    }
}

// PowerShell's names have no case: $name = … writes over a parameter $Name.
TEST(PowershellScript, WritesEachVariableOfAFunctionInOneWay) {
    const auto lower = [](std::string name) {
        for (char& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        return name;
    };
    for (const auto& plan : all_plans()) {
        std::istringstream lines(powershell_script(plan, Mode::apply));
        const std::regex text("'[^']*'"), variable(R"(\$(\w+))");
        std::map<std::string, std::string> seen;
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("function ")) seen.clear();
            if (line.starts_with("Add-Step ")) continue;
            line = std::regex_replace(line, text, "''");
            for (std::sregex_iterator at(line.begin(), line.end(), variable), end; at != end; ++at) {
                const std::string name = (*at)[1];
                EXPECT_EQ(seen.try_emplace(lower(name), name).first->second, name) << line;
            }
        }
    }
}

// Of a function, from its first line to the next function.
std::string function_of(const std::string& script, const std::string& name) {
    const auto at =
        std::min(script.find("\nfunction " + name + " "), script.find("\nfunction " + name + "("));
    return at == std::string::npos ? "" : script.substr(at, script.find("\nfunction ", at + 1) - at);
}

// Files of a folder that others could write into are not believed, whoever owns the folder; nor is the
// journal's order alone, since a step that was so at first can be done later.
TEST(PowershellScript, BelievesNoJournalOfOthersAndUndoesByNeeds) {
    const auto script = powershell_script(plan_host({}).value(), Mode::apply);
    const auto check = function_of(script, "Assert-OwnFolder");
    EXPECT_NE(check.find("GetAccessRules("), std::string::npos);
    EXPECT_NE(check.find("belongs to"), std::string::npos);
    EXPECT_NE(function_of(script, "Read-Journal").find("Assert-OwnFolder"), std::string::npos);
    EXPECT_NE(function_of(script, "Invoke-Undo").find("Find-NextUndone $todo"), std::string::npos);
    EXPECT_NE(function_of(script, "Find-NextUndone").find("Find-Holder"), std::string::npos);
}

// Automatic enrolment gets certificates of the same template: they are not ours to remove. And a certificate
// for another name, as before a host was renamed, is no good to clients.
TEST(PowershellScript, ChoosesCertificatesByNameAndRemovesItsOwn) {
    HostWords words;
    words.certificate = "template:WinRM";
    const auto script = powershell_script(plan_host(words).value(), Mode::apply);
    EXPECT_NE(function_of(script, "Test-CertificateByTemplate").find("Test-ForThisHost"), std::string::npos);
    for (const char* const name : {"Set-CertificateByTemplate", "Undo-CertificateByTemplate"})
        EXPECT_NE(function_of(script, name).find("FriendlyName"), std::string::npos) << name;
}

// Whatever a step is given its check looks at: another --allow-from would be "ok" with the old rule.
TEST(PowershellScript, LooksAtAllOfThePolicysFirewallRule) {
    const auto script = powershell_script(all_plans().back(), Mode::apply);
    const auto check = function_of(script, "Test-GpoFirewall");
    for (const char* const value : {"$With.Port", "$With.ProfileBits", "$With.From"})
        EXPECT_NE(check.find(value), std::string::npos) << value;
    // All of a policy is written at one domain controller.
    EXPECT_EQ(script.find("NetFirewallRule -PolicyStore"), std::string::npos);
    EXPECT_NE(function_of(script, "Open-PolicyRules").find("-DomainController"), std::string::npos);
}

// A run that ended between a policy's file and its extension's name was "ok" the next time, and no client
// read the file.
TEST(PowershellScript, AFileOfAPolicyIsDoneWhenClientsAreToldOfIt) {
    const auto script = powershell_script(all_plans().back(), Mode::apply);
    EXPECT_NE(function_of(script, "Test-GpoFile").find("Test-Extensions $With"), std::string::npos);
    EXPECT_NE(function_of(script, "Test-GpoFile").find("Test-OwnFile $With $text"), std::string::npos);
}

// What was there before a run stays after its undo: rights on a template that is not ours, an authority that
// never came to issue it, membership by the account's own list.
TEST(PowershellScript, TakesBackNoMoreOfTheDomainThanItGave) {
    const auto script = powershell_script(all_plans().back(), Mode::apply);
    EXPECT_NE(function_of(script, "Save-CertTemplateRights").find("Find-MissingRights"), std::string::npos);
    EXPECT_NE(function_of(script, "Undo-CertTemplateRights").find("$Kept.Before"), std::string::npos);
    EXPECT_NE(function_of(script, "Undo-CertTemplateIssued").find("-notcontains $Kept.Template"),
              std::string::npos);
    EXPECT_EQ(script.find("Get-ADGroupMember"), std::string::npos);
    // A password that the domain refuses leaves half an account, which the next run would take for done.
    EXPECT_NE(function_of(script, "Set-DomainUser").find("Remove-ADUser"), std::string::npos);
}

// Behind a gateway the port of the connection is another one than the listener's.
TEST(PowershellScript, DoesNotCutItsWayBehindAGateway) {
    const auto script = powershell_script(plan_host({}).value(), Mode::apply);
    EXPECT_NE(function_of(script, "Assert-NotOurWay").find("$ports -notcontains $way[1]"), std::string::npos);
}

TEST(PowershellScript, TellsOfNetworksThatARuleDoesNotCountFor) {
    const auto script = powershell_script(plan_host({}).value(), Mode::apply);
    EXPECT_NE(function_of(script, "Format-Rule").find("CurrentProfileTypes"), std::string::npos);
}

// One member of a group that was deleted made the step fail, and with it all that needs it.
TEST(PowershellScript, CopesWithMembersThatAreGone) {
    const auto script = powershell_script(plan_monitoring_user({"monitor"}).value(), Mode::apply);
    EXPECT_NE(function_of(script, "Get-MemberSid").find("ADsPath"), std::string::npos);
}

// Else it would stop in the middle of a policy on a domain controller of 2008 R2.
TEST(PowershellScript, LooksForAllOfTheDomainsToolsFirst) {
    const auto script = powershell_script(all_plans().back(), Mode::apply);
    EXPECT_NE(function_of(script, "Test-DomainTools").find("Get-Command -Name 'Open-NetGPO'"),
              std::string::npos);
}

// --auth no-basic over Basic: the next request of the session would be refused, and its report lost.
TEST(PowershellScript, ForbidsNoLogonThatIsInUse) {
    EXPECT_EQ(logon_of({"ntlm"}), "Negotiate");
    EXPECT_EQ(logon_of({"basic"}), "Basic");
    EXPECT_EQ(logon_of({"kerberos", "basic"}), "");
    EXPECT_EQ(logon_of({}), "");
    const auto script = powershell_script(plan_host({}).value(), Mode::apply);
    for (const char* const name : {"Write-WsmanValue", "Undo-CredsspServer"})
        EXPECT_NE(function_of(script, name).find("Assert-NotOurLogon"), std::string::npos) << name;
}

TEST(PowershellScript, IsAsciiWithoutTabsAndReturns) {
    for (const auto& plan : all_plans())
        for (const char c : powershell_script(plan, Mode::check)) {
            ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
        }
}

// What PowerShell 2.0 has not, and what 7 has no more.
TEST(PowershellScript, KeepsToWhatEveryVersionHas) {
    const std::regex newer(
        R"(\[ordered\]|\[pscustomobject\]|\s-(in|notin|shl|shr)\s|::new\(|ConvertTo-Json|ConvertFrom-Json|Get-CimInstance|Invoke-CimMethod|Get-LocalUser|New-LocalUser|Add-LocalGroupMember|\$PSItem|IsNullOrWhiteSpace|-ErrorAction Ignore|Get-WmiObject|Invoke-WmiMethod|\[wmi(class)?\]|Get-EventLog|-AsPlainText)",
        std::regex::icase);
    const std::regex aliases(
        R"((^|[|;{(]\s*)(gci|gi|gp|sp|si|rni|ri|ni|iex|icm|select|where|foreach|sort|echo|cat|ls|dir|rm|del|%|\?)\s+[-$'{])");
    for (const auto& plan : all_plans()) {
        std::istringstream lines(powershell_script(plan, Mode::apply));
        for (std::string line; std::getline(lines, line);) {
            if (line.find_first_not_of(' ') != std::string::npos && line[line.find_first_not_of(' ')] == '#')
                continue;
            EXPECT_FALSE(std::regex_search(line, newer)) << line;
            EXPECT_FALSE(std::regex_search(line, aliases)) << line;
        }
    }
}

TEST(PowershellScript, SaysItsModeAndWhatItDoes) {
    const auto plan = plan_host({}).value();
    EXPECT_NE(powershell_script(plan, Mode::apply).find("[string]$Mode = 'Apply'"), std::string::npos);
    EXPECT_NE(powershell_script(plan, Mode::check).find("[string]$Mode = 'Check'"), std::string::npos);
    const auto undo = powershell_script(plan, Mode::undo);
    EXPECT_NE(undo.find("[string]$Mode = 'Undo'"), std::string::npos);
    for (const auto& step : plan.steps) {
        EXPECT_NE(undo.find("#   " + step.title + "\n"), std::string::npos) << step.title;
        EXPECT_NE(undo.find("# mullion: step " + step.id + "\n"), std::string::npos) << step.id;
        for (const auto& cite : step.cites)
            EXPECT_NE(
                undo.find("# does: " + std::string(cite.document) + ": " + std::string(cite.section) + "\n"),
                std::string::npos);
    }
}

// Each operator of a sum is one call deeper in PowerShell's compiler: a file of a thousand lines is no sum.
TEST(PowershellScript, HasNoLongLinesAndNoLongSums) {
    for (const auto& plan : all_plans()) {
        std::istringstream lines(powershell_script(plan, Mode::apply));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LT(line.size(), 700U) << line;
            std::size_t operators = 0;
            for (auto at = line.find(" + "); at != std::string::npos; at = line.find(" + ", at + 1))
                ++operators;
            EXPECT_LT(operators, 40U) << line;
        }
    }
}

// A value cannot become a part of the program, in whatever place it is written.
TEST(PowershellScript, KeepsAHostileTitleInItsPlace) {
    Plan plan{"prepare x\nInvoke-Evil", "x", {}, {}, {}};
    plan.steps.push_back({"a", {}, "it's\nInvoke-Evil", "Kind", {{"Name", "'; Invoke-Evil; '"}}, {}});
    std::istringstream lines(powershell_script(plan, Mode::apply));
    bool seen = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("Invoke-Evil") == std::string::npos) continue;
        seen = true;
        EXPECT_TRUE(line.starts_with("#") || line.find("Name = '''; Invoke-Evil; '''") != std::string::npos)
            << line;
    }
    EXPECT_TRUE(seen);
}

TEST(Remote, CommandIsShortAndTheScriptComesByInput) {
    const auto command = remote_command();
    EXPECT_LT(command.size(), 2000U);
    const auto script = powershell_script(plan_host({}).value(), Mode::apply);
    const Secret password("gr\xc3\xbc\xc3\x9f'e");
    const auto input = remote_input(script, {true, 5986, "Negotiate"}, &password);
    const std::string text(input.expose());
    const std::string way = "https:5986:Negotiate ";
    ASSERT_TRUE(text.starts_with(way));
    const auto end = text.find('\n');
    const auto word = text.substr(way.size(), end - way.size());
    EXPECT_EQ(encoding::utf16_to_utf8(encoding::base64_decode(word).value(), encoding::ByteOrder::little),
              "gr\xc3\xbc\xc3\x9f'e");
    EXPECT_EQ(encoding::base64_decode(text.substr(end + 1)), script);
    EXPECT_TRUE(remote_input(script, {false, 5985, ""}, nullptr).expose().starts_with("http:5985 -\n"));
}

// What a person reads, and what stands in logs of PowerShell (script block logging), has no password.
TEST(Remote, NoSecretIsInCommandOrScript) {
    const Secret password("canary-of-the-password");
    const auto script = powershell_script(plan_monitoring_user({"monitor"}).value(), Mode::apply);
    const auto input = remote_input(script, {true, 5986, "Negotiate"}, &password);
    EXPECT_EQ(remote_command().find(encoding::base64_encode("canary")), std::string::npos);
    const auto second = std::string(input.expose()).substr(input.expose().find('\n') + 1);
    EXPECT_EQ(second, encoding::base64_encode(script) + "\n");
    EXPECT_EQ(script.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace mullion::prepare
