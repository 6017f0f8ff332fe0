#include "checks/powershell.h"

#include <gtest/gtest.h>

#include "encoding/base64.h"
#include "encoding/utf16.h"

namespace mullion::checks {
namespace {

std::string decoded(std::string_view command) {
    const auto word = command.substr(command.rfind(' ') + 1);
    return encoding::utf16_to_utf8(encoding::base64_decode(word).value(), encoding::ByteOrder::little)
        .value();
}

TEST(PowershellLine, IsEncoded) {
    const auto line = powershell_line("Write-Output 'é'", true);
    EXPECT_TRUE(line.command.starts_with("powershell -NoProfile -NonInteractive -EncodedCommand "));
    EXPECT_EQ(decoded(line.command), "Write-Output 'é'");
    EXPECT_EQ(line.input, "");
    EXPECT_TRUE(powershell_line("x", false).command.starts_with("powershell -NonInteractive "));
}

TEST(PowershellLine, ALongScriptComesByStandardInput) {
    const std::string longest(3000, 'a');  // 6,000 bytes, 8,000 characters.
    EXPECT_EQ(decoded(powershell_line(longest, true).command), longest);
    const auto line = powershell_line(longest + "b", true);
    EXPECT_LT(line.command.size(), 1000U);
    EXPECT_NE(decoded(line.command).find("[Console]::In.ReadToEnd()"), std::string::npos);
    EXPECT_EQ(encoding::base64_decode(line.input), longest + "b");
}

TEST(PowershellLine, WhatIsNoUtf8IsReplaced) {
    EXPECT_EQ(decoded(powershell_line("a\xff", true).command), "a\xef\xbf\xbd");
}

const std::string clixml =
    "#< CLIXML\r\n<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">"
    "<Obj S=\"progress\" RefId=\"0\"><TN RefId=\"0\"><T>System.Management.Automation.PSCustomObject</T></TN>"
    "<MS><I64 N=\"SourceId\">1</I64></MS></Obj><S S=\"Error\">Get-Foo : no such thing_x000D__x000A_</S>"
    "<S S=\"verbose\">chatter</S><S S=\"Error\">    + x &lt; y _xD83D__xDE00_ _x00</S></Objs>";

TEST(PlainErrors, AreTheTextsOfErrorsAlone) {
    EXPECT_EQ(plain_errors(clixml), "Get-Foo : no such thing\r\n    + x < y \xf0\x9f\x98\x80 _x00");
    EXPECT_EQ(plain_errors("before\r\n" + clixml + "\r\nafter" + clixml),
              "before\r\n" + plain_errors(clixml) + "after" + plain_errors(clixml));
}

TEST(PlainErrors, WhatIsNoneStaysAsItIs) {
    for (const std::string text : {"", "plain", "#< CLIXML", "#< CLIXML <Objs>", "#< CLIXML\r\n<Objs></Objs>",
                                   "#< CLIXML </Objs><Objs>", "<Objs></Objs>"})
        EXPECT_EQ(plain_errors(text), text);
}

TEST(PlainErrors, EveryTruncationStaysAsItIs) {
    for (std::size_t size = 0; size < clixml.size(); ++size)
        EXPECT_EQ(plain_errors(clixml.substr(0, size)), clixml.substr(0, size)) << size;
}

TEST(PlainErrors, HalfACharacterIsReplaced) {
    const std::string half =
        "#< CLIXML<Objs xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><S "
        "S=\"Error\">_xD83D_!</S></Objs>";
    EXPECT_EQ(plain_errors(half), "\xef\xbf\xbd!");
}

}  // namespace
}  // namespace mullion::checks
