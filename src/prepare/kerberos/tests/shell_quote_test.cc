#include "prepare/kerberos/shell_quote.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace mullion::prepare {
namespace {

// What a real shell takes the word for.
std::string as_a_shell_reads(const std::string& word) {
    struct Close {
        void operator()(std::FILE* pipe) const { ::pclose(pipe); }
    };
    const std::unique_ptr<std::FILE, Close> pipe(::popen(("printf %s " + word).c_str(), "r"));
    std::string text;
    std::array<char, 256> part{};
    while (const auto got = std::fread(part.data(), 1, part.size(), pipe.get()))
        text.append(part.data(), got);
    return text;
}

TEST(ShellQuote, IsReadByAShellAsWhatItWas) {
    std::string all;
    for (int byte = 0x20; byte < 0x100; ++byte)
        if (byte != 0x7f) all += static_cast<char>(byte);
    for (const auto& text :
         {all, std::string("'"), std::string("''"), std::string("a'b'"),
          std::string("$(touch /nowhere) `x` \\ \" ; & | > *"), std::string("-n"), std::string()}) {
        const auto word = shell_quote(text, "it");
        ASSERT_TRUE(word.ok());
        EXPECT_EQ(as_a_shell_reads(*word), text);
    }
}

TEST(ShellQuote, RefusesEveryControlCharacter) {
    for (int byte = 0; byte < 0x100; ++byte) {
        const std::string text{'a', static_cast<char>(byte), 'b'};
        EXPECT_EQ(shell_quote(text, "it").ok(), byte >= 0x20 && byte != 0x7f) << byte;
    }
    EXPECT_NE(shell_quote("a\nb", "--host").error().detail.find("--host"), std::string::npos);
}

TEST(ShellQuote, RefusesWhatIsTooLong) {
    EXPECT_TRUE(shell_quote(std::string(longest_shell_word, 'x'), "it").ok());
    EXPECT_FALSE(shell_quote(std::string(longest_shell_word + 1, 'x'), "it").ok());
}

}  // namespace
}  // namespace mullion::prepare
