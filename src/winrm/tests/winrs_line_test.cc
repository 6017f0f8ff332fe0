#include "winrm/winrs_line.h"

#include <gtest/gtest.h>

#include "winrm/help.h"

namespace mullion::winrm {
namespace {

WinrsRequest request_of(std::vector<std::string_view> words) {
    auto line = parse_winrs_line(words);
    EXPECT_TRUE(line.ok()) << line.error().detail;
    auto* request = line.ok() ? std::get_if<WinrsRequest>(&*line) : nullptr;
    EXPECT_NE(request, nullptr);
    return request != nullptr ? std::move(*request) : WinrsRequest();
}

TEST(Winrs, ReadsTheLinesOfTheDocument) {
    const auto http = request_of({"-r:http://server:5985/wsman", "-u:Username", "-p:Password", "ipconfig"});
    EXPECT_EQ(http.remote->host, "server");
    EXPECT_EQ(http.remote->port, 5985);
    EXPECT_FALSE(http.remote->https);
    EXPECT_EQ(http.user, "Username");
    EXPECT_TRUE(http.password->same_as(Secret("Password")));
    EXPECT_EQ(http.command, "ipconfig");
    const auto https =
        request_of({"-r:https://server:5986/wsman", "-u:Username", "-p:Password", "-ssl", "ipconfig"});
    EXPECT_TRUE(https.remote->https);
    EXPECT_EQ(https.remote->port, 5986);
}

TEST(Winrs, HasEverySwitchByBothNamesAndPrefixes) {
    const std::vector<std::string_view> lines[] = {
        {"/r:h", "/un", "/u:a", "/p:b", "/t:9", "/d:c:\\x", "/env:A=1", "/noe", "/nop", "/ad", "/comp",
         "/ssl", "dir"},
        {"-remote:h", "-UnEncrypted", "-username:a", "-password:b", "-timeout:9", "-directory:c:\\x",
         "-environment:A=1", "-noecho", "-noprofile", "-allowdelegate", "-compression", "-usessl", "dir"},
    };
    for (const auto& line : lines) {
        const auto all = request_of(line);
        EXPECT_EQ(all.remote->port, 5986);
        EXPECT_TRUE(all.unencrypted && all.no_echo && all.no_profile && all.allow_delegate &&
                    all.compression);
        EXPECT_TRUE(all.ssl && all.remote->https);
        EXPECT_EQ(all.timeout_s, 9U);
        EXPECT_EQ(all.directory, "c:\\x");
        ASSERT_EQ(all.environment.size(), 1U);
        EXPECT_EQ(all.environment[0].first, "A");
        EXPECT_EQ(all.environment[0].second, "1");
        EXPECT_EQ(all.command, "dir");
    }
}

TEST(Winrs, LeavesTheCommandsOwnSwitchesAlone) {
    EXPECT_EQ(request_of({"-r:h", "dir", "/s", "-p:not mine"}).command, "dir /s -p:not mine");
    EXPECT_FALSE(request_of({"-r:h", "dir", "-p:x"}).password);
    EXPECT_EQ(request_of({"-r:h", "-env:A=1", "-env:B=2", "-env:a=3", "set"}).environment.size(), 2U);
    EXPECT_FALSE(request_of({"hostname"}).remote);
}

TEST(Winrs, TakesAPathForACommand) {
    EXPECT_EQ(request_of({"-r:h", "/bin/echo", "x"}).command, "/bin/echo x");
    EXPECT_EQ(request_of({"/r:http://h/wsman", "/usr/bin/env", "-p:mine"}).command, "/usr/bin/env -p:mine");
    EXPECT_EQ(request_of({"/r:h", "/bin/echo:x"}).command, "/bin/echo:x");
    EXPECT_EQ(request_of({"/r:h", "//server/share/x.cmd"}).command, "//server/share/x.cmd");
    // One word behind a slash is a switch that is misspelt, as on Windows.
    for (const std::string_view word : {"/echo", "/sources:http://a/b", "/"})
        EXPECT_FALSE(parse_winrs_line(std::vector<std::string_view>{"/r:h", word}).ok()) << word;
    EXPECT_EQ(request_of({"-r:h", "--", "-x", "--", "/y"}).command, "-x -- /y");
    EXPECT_FALSE(parse_winrs_line(std::vector<std::string_view>{"-r:h", "--"}).ok());
    const std::string_view words[] = {"-p:secret", "/bin/echo", "-p:mine"};
    EXPECT_EQ(winrs_clear_parts(words).size(), 1U);
    const std::string_view behind[] = {"--", "-p:mine"};
    EXPECT_TRUE(winrs_clear_parts(behind).empty());
}

TEST(Winrs, RefusesWhatIsWrong) {
    const std::vector<std::string_view> lines[] = {
        {"-r:h"},           {"-colour:red", "dir"},  {"-r", "dir"},   {"-r:", "dir"},
        {"-un:x", "dir"},   {"-r:a", "-r:b", "dir"}, {"-t:x", "dir"}, {"-env:A", "dir"},
        {"-env:=1", "dir"}, {"-p:x", "dir"},         {"-r:h", " "},   {"-r:h?", "dir"},
        {"-", "dir"},
    };
    for (const auto& line : lines) {
        const auto read = parse_winrs_line(line);
        ASSERT_FALSE(read.ok()) << line[0];
        EXPECT_EQ(read.error().id, ErrorId::usage_invalid);
    }
    const std::string_view words[] = {"-pasword:hunter2", "dir"};
    EXPECT_EQ(parse_winrs_line(words).error().detail.find("hunter2"), std::string::npos);
}

TEST(Winrs, ShowsHelp) {
    for (const auto& line :
         std::vector<std::vector<std::string_view>>{{}, {"-?"}, {"/?"}, {"--help"}, {"-r:h", "/?"}})
        EXPECT_TRUE(std::holds_alternative<WinrsHelp>(parse_winrs_line(line).value()));
    for (const auto part :
         {"-r[emote]", "-un[encrypted]", "-env[ironment]", "-noe[cho]", "-nop[rofile]", "-comp[ression]",
          "-a[llow]d[elegate]", "-[use]ssl", "-d[irectory]", "-t[imeout]"})
        EXPECT_NE(winrs_help_text().find(part), std::string_view::npos) << part;
}

TEST(Winrs, TellsWhatToWipe) {
    const std::string_view words[] = {"-r:h", "-u:a", "-p:secret", "dir", "-p:not mine"};
    const auto parts = winrs_clear_parts(words);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0], "secret");
}

TEST(Winrs, EveryTruncationIsTakenOrRefused) {
    const std::string_view words[] = {
        "-r:https://h:5986/wsman", "-u:a", "-p:\"b\"", "-env:A=1", "-t:10", "dir"};
    for (std::size_t word = 0; word < std::size(words); ++word) {
        for (std::size_t length = 0; length < words[word].size(); ++length) {
            std::vector<std::string_view> line(words, words + word);
            line.push_back(words[word].substr(0, length));
            const auto read = parse_winrs_line(line);
            if (!read.ok()) {
                EXPECT_EQ(read.error().id, ErrorId::usage_invalid);
            }
        }
    }
}

}  // namespace
}  // namespace mullion::winrm
