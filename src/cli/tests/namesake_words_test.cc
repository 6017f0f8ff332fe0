#include "cli/namesake_words.h"

#include <gtest/gtest.h>

#include <regex>

#include "cli/own_options.h"
#include "core/error.h"

namespace mullion::cli {
namespace {

TEST(NamesakeWords, PutsAnOptionAndItsValueTogether) {
    EXPECT_EQ(in_namesake_words("Give the key that the certificate was made with: --client-key FILE."),
              "Give the key that the certificate was made with: --client-key=FILE.");
    EXPECT_EQ(in_namesake_words("Use https://, or --transport ntlm (sealed over http), or say "
                                "--allow-unencrypted."),
              "Use https://, or --transport=ntlm (sealed over http), or say --allow-unencrypted.");
    EXPECT_EQ(in_namesake_words("pin the certificate with --cert-pin sha256:HEX."),
              "pin the certificate with --cert-pin=sha256:HEX.");
    EXPECT_EQ(in_namesake_words("Give --realm and --kdc HOST[:PORT], or"),
              "Give --realm and --kdc=HOST[:PORT], or");
    EXPECT_EQ(in_namesake_words("--transport chooses another way."), "--transport chooses another way.");
}

TEST(NamesakeWords, LeavesOutWhatTheyHaveNot) {
    EXPECT_EQ(in_namesake_words("Choose another code page with --codepage."), "");
    EXPECT_EQ(in_namesake_words("Raise --timeout if it needs longer."), "");
    EXPECT_EQ(in_namesake_words("Try again, or use --wait-for SECONDS."), "Try again.");
}

TEST(NamesakeWords, LeavesOtherProgramsAlone) {
    for (const auto* line : {"Start it: systemctl start mullion, or mullion serve --state DIR --listen URL.",
                             "Get it with kinit -f, or without --kerberos-delegation if the command needs no "
                             "further host.",
                             "It was idle too long.", ""})
        EXPECT_EQ(in_namesake_words(line), line);
}

// Of each error that there is or will be: whatever option is named can be typed as it stands.
TEST(NamesakeWords, NamesNothingThatCannotBeTyped) {
    const std::regex option("(^|[ (])(--[a-z0-9-]+(=[^ ]*)?)");
    const std::regex letter("(^|[ (])-[uk]([ ,.]|$)");
    for (const auto& row : all_errors()) {
        auto lines = row.advice;
        lines.insert(lines.end(), row.causes.begin(), row.causes.end());
        for (const auto line : lines) {
            const auto text = in_namesake_words(line);
            if (text.find("mullion ") != std::string::npos ||
                text.find("journalctl -k") != std::string::npos || text.find("klist -k") != std::string::npos)
                continue;
            EXPECT_FALSE(std::regex_search(text, letter)) << text;
            for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at) {
                std::string word = (*at)[2];
                while (std::string(",.;:)").find(word.back()) != std::string::npos) word.pop_back();
                if (word.find('=') == std::string::npos) continue;  // It is only named.
                for (const auto& [placeholder, value] : {std::pair{"FILE", "f"},
                                                         {"SECONDS", "100"},
                                                         {"sha256:HEX", "sha256:"},
                                                         {"HOST[:PORT", "h"}})
                    if (const auto place = word.find(placeholder); place != std::string::npos)
                        word.replace(place, std::string::npos, value);
                if (word.ends_with("sha256:")) word += std::string(64, 'a');
                std::vector<std::string_view> words{word};
                EXPECT_TRUE(take_own_options(words, Where::anywhere).ok()) << text;
                EXPECT_TRUE(words.empty()) << word << " in: " << text;
            }
        }
    }
}

}  // namespace
}  // namespace mullion::cli
