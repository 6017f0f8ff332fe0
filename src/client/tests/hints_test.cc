#include "client/hints.h"

#include <gtest/gtest.h>

#include "client/hint_signs.h"

namespace mullion::client {
namespace {

using Hints = std::vector<ErrorId>;

Hints of(std::string_view errors, std::uint32_t exit_code = 1, std::string_view command = "") {
    return hints_of({exit_code, command, "", errors, nullptr});
}

TEST(Hints, DoubleHop) {
    const Hints expected{ErrorId::run_double_hop};
    EXPECT_EQ(of("Get-ChildItem : Access is denied\r\n    + CategoryInfo          : PermissionDenied: "
                 "(\\\\fs01\\share:String) [Get-ChildItem], UnauthorizedAccessException\r\n"),
              expected);
    EXPECT_EQ(of("Zugriff verweigert\r\n", 1, "type \\\\fs01\\share\\a.txt"), expected);
    EXPECT_EQ(of("アクセスが拒否されました。", 1, "copy \\\\fs01.corp.test\\c$\\a ."), expected);
    EXPECT_EQ(of("SSPI failed: 0x8009030e"), expected);
    EXPECT_EQ(of("SSPI failed: -2146893042"), expected);
    EXPECT_EQ(of("Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'."), expected);
}

TEST(Hints, WindowsUpdate) {
    const Hints expected{ErrorId::run_windows_update};
    EXPECT_EQ(of("Exception calling \"CreateUpdateDownloader\" with \"0\" argument(s): \"Access is denied. "
                 "(Exception "
                 "from HRESULT: 0x80070005 (E_ACCESSDENIED))\""),
              expected);
    EXPECT_EQ(of("(Ausnahme von HRESULT: 0x80070005 (E_ACCESSDENIED))", 1,
                 "cscript install.vbs Microsoft.Update.Session"),
              expected);
    EXPECT_EQ(of("", 0x80240044), expected);
    EXPECT_EQ(of("failed with -2145124284"), expected);
}

TEST(Hints, NonInteractive) {
    const Hints expected{ErrorId::run_non_interactive};
    EXPECT_EQ(
        of("    + FullyQualifiedErrorId : InvalidOperation,Microsoft.PowerShell.Commands.ReadHostCommand"),
        expected);
    EXPECT_EQ(of("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available."),
              expected);
    EXPECT_EQ(of("", 0xC0000142), expected);
    EXPECT_EQ(of("HRESULT: 0x800705B3"), expected);
}

TEST(Hints, Dpapi) {
    const Hints expected{ErrorId::run_dpapi};
    EXPECT_EQ(of("Key not valid for use in specified state."), expected);
    EXPECT_EQ(of("CryptProtectData: 0x8009000B"), expected);
    EXPECT_EQ(of("error code 0x80090345"), expected);
    EXPECT_EQ(of("System.Security.Cryptography.CryptographicException\r\n at "
                 "System.Security.Cryptography.ProtectedData.Unprotect"),
              expected);
}

TEST(Hints, ModulePath) {
    const Hints expected{ErrorId::run_module_path};
    EXPECT_EQ(of("The 'Out-String' command was found in the module 'Microsoft.PowerShell.Utility', but the "
                 "module could "
                 "not be\r\nloaded."),
              expected);
    EXPECT_EQ(of("    + FullyQualifiedErrorId : CouldNotAutoloadMatchingModule"), expected);
}

TEST(Hints, ThroughPowerShellsLinesAndElements) {
    EXPECT_EQ(of("<S S=\"Error\">was found in the module 'x', but the_x000D__x000A_</S><S S=\"Error\">module "
                 "could not "
                 "be loaded._x000D__x000A_</S>"),
              Hints{ErrorId::run_module_path});
}

TEST(Hints, OfTheHostsFault) {
    const Error fault(ErrorId::wsman_fault, "the provider said 0x8009030E");
    EXPECT_EQ(hints_of({std::nullopt, "", "", "", &fault}), Hints{ErrorId::run_double_hop});
}

TEST(Hints, NothingWithoutASign) {
    EXPECT_TRUE(of("").empty());
    EXPECT_TRUE(of("Access is denied.\r\n").empty());                            // A file of the host's own.
    EXPECT_TRUE(of("Access is denied.\r\n", 1, "type \\\\.\\pipe\\x").empty());  // A device.
    EXPECT_TRUE(of("Access is denied.\r\n", 1, "echo \\\\").empty());
    EXPECT_TRUE(of("\\\\fs01\\share is full").empty());
    EXPECT_TRUE(of("0x8009030E1 and 10x8009030E and 21489315342").empty());
    EXPECT_TRUE(of("Microsoft.Update.Session was made").empty());
    EXPECT_TRUE(of("a module could not be loaded").empty());
}

// What a command that went well wrote to its standard output is its own business.
TEST(Hints, StandardOutputCountsOfAFailedCommandOnly) {
    constexpr std::string_view text = "0x8009030E";
    EXPECT_TRUE(hints_of({0U, "", text, "", nullptr}).empty());
    EXPECT_TRUE(hints_of({0U, "", text, "a warning", nullptr}).empty());
    EXPECT_EQ(hints_of({1U, "", text, "", nullptr}), Hints{ErrorId::run_double_hop});
    EXPECT_EQ(hints_of({0U, "", "", text, nullptr}), Hints{ErrorId::run_double_hop});
}

TEST(Hints, EachOnce) {
    EXPECT_EQ(of("0x8009030E \\\\a\\b Access is denied 0x8009000B"),
              (Hints{ErrorId::run_double_hop, ErrorId::run_dpapi}));
}

// Numbers and names are the same in every language, so that each limit is recognised in each.
TEST(HintSigns, EachLimitHasOneThatIsNoSentence) {
    for (const auto id : {ErrorId::run_double_hop, ErrorId::run_windows_update, ErrorId::run_non_interactive,
                          ErrorId::run_dpapi, ErrorId::run_module_path}) {
        bool found = false;
        for (const auto& row : sign_rows()) {
            const auto stable = [](const Mark& mark) { return mark.sign != Sign::sentence; };
            found = found || (row.hint == id && std::any_of(row.one_of.begin(), row.one_of.end(), stable));
        }
        EXPECT_TRUE(found) << mullion::row(id).id;
    }
}

TEST(HintSigns, EachMarkIsEnoughInItsGroup) {
    for (const auto& row : sign_rows()) {
        for (const auto& mark : row.one_of) {
            std::string text = mark.sign == Sign::share ? "\\\\a\\b" : std::string(mark.text);
            if (mark.sign == Sign::number) text = "code " + std::to_string(mark.number);
            if (!row.and_one_of.empty()) text += " " + std::string(row.and_one_of.front().text);
            if (!row.and_one_of.empty() && row.and_one_of.front().sign == Sign::number)
                text += std::to_string(row.and_one_of.front().number);
            EXPECT_NE(of(text), Hints{}) << text;
        }
    }
}

TEST(Hints, OfEveryTruncation) {
    const std::string whole =
        "<S S=\"Error\">CouldNotAutoloadMatchingModule 0x8009030E_x000D__x000A_</S><S "
        "S=\"Error\">\\\\fs01\\share";
    std::size_t most = 0;
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const auto found = of(std::string_view(whole).substr(0, length)).size();
        EXPECT_GE(found, length < whole.size() ? most : 0U) << length;
        most = std::max(most, found);
    }
    EXPECT_EQ(most, 2U);
}

TEST(Tail, KeepsTheEndOfALongStream) {
    Tail tail;
    std::string all;
    for (int i = 0; i < 5'000; ++i) {
        const std::string piece = std::to_string(i) + " ";
        tail.add(piece);
        all += piece;
    }
    EXPECT_EQ(tail.text(), std::string_view(all).substr(all.size() - Tail::most));
    const std::string large(3 * Tail::most, 'x');
    tail.add(large);
    EXPECT_EQ(tail.text(), std::string_view(large).substr(0, Tail::most));
    Tail small;
    small.add("ab");
    small.add("c");
    EXPECT_EQ(small.text(), "abc");
}

}  // namespace
}  // namespace mullion::client
