#include "simulate/match.h"

#include <gtest/gtest.h>

#include "encoding/base64.h"
#include "encoding/utf16.h"
#include "simulate/host_range.h"
#include "simulate/powershell.h"
#include "simulate/script.h"

namespace mullion::simulate {
namespace {

std::string encoded(std::string_view script) {
    return encoding::base64_encode(*encoding::utf8_to_utf16(script, encoding::ByteOrder::little));
}

TEST(Match, ComparesAsCmdDoes) {
    const Match exact(Match::How::exact, "ipconfig /all");
    EXPECT_TRUE(exact.of(std::string_view("IPCONFIG /ALL")));
    EXPECT_TRUE(exact.of(std::string_view(" ipconfig /all \r\n")));
    EXPECT_FALSE(exact.of(std::string_view("ipconfig")));
    const Match contains(Match::How::contains, "get-date");
    EXPECT_TRUE(contains.of(std::string_view("$x = Get-Date; $x")));
    EXPECT_FALSE(contains.of(std::string_view("Get-Item")));
    EXPECT_TRUE(Match().of(std::string_view("")));
}

TEST(Match, GlobsHaveStarsAndQuestionMarks) {
    EXPECT_TRUE(glob_matches("dir *", "DIR C:\\"));
    EXPECT_TRUE(glob_matches("*", ""));
    EXPECT_TRUE(glob_matches("a*b*c", "axxbxxbc"));
    EXPECT_TRUE(glob_matches("web??", "web01"));
    EXPECT_FALSE(glob_matches("web??", "web1"));
    EXPECT_FALSE(glob_matches("a*b", "ac"));
    EXPECT_FALSE(glob_matches("", "a"));
    EXPECT_TRUE(glob_matches("**", ""));
    // What backtracking without end would take hours for.
    EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*a*b", std::string(10'000, 'a')));
}

TEST(Match, RegexGivesItsGroups) {
    auto regex = Regex::make("^echo (.*)$");
    ASSERT_TRUE(regex.ok());
    const auto groups = Match(std::move(*regex)).of(std::string_view("ECHO hi there"));
    ASSERT_TRUE(groups);
    EXPECT_EQ(*groups, (std::vector<std::string>{"ECHO hi there", "hi there"}));
    EXPECT_FALSE(Regex::make("(").ok());
    EXPECT_FALSE(Regex::make("[a").ok());
}

TEST(Match, RegexThatOthersBacktrackOnIsDecidedAtOnce) {
    auto regex = Regex::make("^(a+)+$");
    ASSERT_TRUE(regex.ok());
    EXPECT_FALSE(regex->search(std::string(200, 'a') + "b"));
    EXPECT_TRUE(Regex::make("x.*y")->search("x" + std::string(200'000, 'z') + "y"));
}

TEST(Match, KnowsScriptsFromLines) {
    Match only(Match::How::contains, "whoami");
    only.only(Match::Of::powershell);
    EXPECT_FALSE(only.of(CommandText{"whoami", {}}));
    EXPECT_TRUE(only.of(CommandText{"powershell -enc …", "whoami"}));
    only.only(Match::Of::cmd);
    EXPECT_TRUE(only.of(CommandText{"whoami", {}}));
    EXPECT_FALSE(only.of(CommandText{"powershell -enc …", "whoami"}));
    only.only(Match::Of::both);
    EXPECT_FALSE(only.of(CommandText{"whoami", "hostname"}));  // The script is what runs.
}

TEST(PowerShellLine, TakesEveryFormOfEncodedCommand) {
    const std::string base64 = encoded("Get-Date; 'Grüße'");
    for (const char* name : {"-e", "-E", "-ec", "-en", "-enc", "-enco", "-EncodedCommand", "/enc", "--enc"}) {
        const auto call = read_powershell_line("powershell " + std::string(name) + " " + base64);
        ASSERT_TRUE(call.script) << name;
        EXPECT_EQ(*call.script, "Get-Date; 'Grüße'");
    }
    for (const std::string& program :
         {std::string("PowerShell.exe"), std::string("pwsh"),
          std::string("\"C:\\Program Files\\PowerShell\\7\\pwsh.exe\""),
          std::string("cmd /c powershell.exe -NoProfile -ExecutionPolicy Bypass")})
        EXPECT_TRUE(read_powershell_line(program + " -NonInteractive -enc " + base64).script) << program;
}

TEST(PowerShellLine, DoesNotTakeWhatIsNone) {
    const std::string base64 = encoded("x");
    EXPECT_FALSE(read_powershell_line("echo -enc " + base64).called);
    EXPECT_FALSE(read_powershell_line("powershell -ExecutionPolicy " + base64).script);
    EXPECT_FALSE(read_powershell_line("powershell -ep " + base64).script);
    EXPECT_FALSE(read_powershell_line("powershell -Command -enc " + base64).script);
    EXPECT_FALSE(read_powershell_line("powershell -enc").script);
    EXPECT_FALSE(read_powershell_line("powershell -enc %%%").script);
    EXPECT_FALSE(read_powershell_line("powershell -enc " + encoding::base64_encode("odd")).script);
    EXPECT_TRUE(read_powershell_line("powershell -NoProfile -Command -").by_input);
    EXPECT_FALSE(read_powershell_line("powershell -Command Get-Date").by_input);
}

TEST(PowerShellLine, EveryTruncationIsAnotherScriptOrNone) {
    const std::string line = "powershell.exe -NoProfile -EncodedCommand " + encoded("Get-Date");
    for (std::size_t length = 0; length < line.size(); ++length) {
        const auto call = read_powershell_line(std::string_view(line).substr(0, length));
        EXPECT_NE(call.script, "Get-Date") << length;
    }
}

TEST(HostRange, CountsNamesAndAddresses) {
    EXPECT_EQ(expand_names("web01", 10), (std::vector<std::string>{"web01"}));
    EXPECT_EQ(expand_names("web[09:11].corp", 10),
              (std::vector<std::string>{"web09.corp", "web10.corp", "web11.corp"}));
    for (const char* text : {"web[1:", "web[1:3]x[1:2]", "web[3:1]", "web[a:b]", "web[1]", "web[0:10]"})
        EXPECT_FALSE(expand_names(text, 10)) << text;
    EXPECT_EQ(address_after("127.1.0.254", 1), "127.1.0.255");
    EXPECT_EQ(address_after("127.1.0.254", 2), "127.1.1.0");
    EXPECT_EQ(address_after("127.0.0.0", 65'536), "127.1.0.0");
    EXPECT_EQ(address_after("::1", 0), "::1");
    EXPECT_EQ(address_after("fe80::ffff", 1), "fe80::1:0");
    EXPECT_FALSE(address_after("255.255.255.255", 1));
    EXPECT_FALSE(address_after("web01", 0));
    EXPECT_FALSE(address_after("", 0));
}

TEST(FillIn, KnowsItsNamesAndLeavesOtherBracesAlone) {
    const Names names{"web01", "127.1.0.1", "alice", "C:\\temp"};
    const CommandText command{"echo a b", {}};
    const std::vector<std::string> groups{"echo a b", "a b"};
    EXPECT_EQ(fill_in("{host} {address} {user} {cwd}", names, command, groups),
              "web01 127.1.0.1 alice C:\\temp");
    EXPECT_EQ(fill_in("[{1}] {0} {command}", names, command, groups), "[a b] echo a b echo a b");
    EXPECT_EQ(fill_in("{ $_.Name } {2} {{host}} {hos", names, command, groups),
              "{ $_.Name } {2} {web01} {hos");
}

}  // namespace
}  // namespace mullion::simulate
