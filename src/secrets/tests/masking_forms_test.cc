#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "encoding/base64.h"
#include "encoding/hex.h"
#include "encoding/utf16.h"
#include "secrets/masking/escapes.h"
#include "secrets/masking/forms.h"
#include "secrets/masking/masks.h"

namespace mullion::secrets {
namespace {

const std::string stars(mask_text);
const std::string value = "Canary+1/2 \"q\"~\xC3\xA9";  // Its base64 has letters of either alphabet.

std::string utf16(const std::string& text, encoding::ByteOrder order = encoding::ByteOrder::little) {
    return *encoding::utf8_to_utf16(text, order);
}

std::string shown(const std::string& secret, const std::string& text) {
    Masks masks;
    masks.add(Secret(secret));
    return masks.masked(text);
}

std::string in_url_alphabet(std::string text) {
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

bool has(const std::vector<Secret>& forms, std::string_view wanted) {
    return std::any_of(forms.begin(), forms.end(),
                       [&](const Secret& form) { return form.expose() == wanted; });
}

TEST(Forms, AsItIsAndInUtf16) {
    EXPECT_EQ(shown(value, "a " + value + " b"), "a " + stars + " b");
    EXPECT_EQ(shown(value, "a " + utf16(value) + " b"), "a " + stars + " b");
    EXPECT_EQ(shown(value, "a " + utf16(value, encoding::ByteOrder::big) + " b"), "a " + stars + " b");
    EXPECT_EQ(shown("caf\xC3\xA9", "caf\x82!"), "caf\x82!");  // Code page 437; 4 bytes are too few.
    EXPECT_EQ(shown("cafeteri\xC3\xA9", "cafeteri\x82!"), stars + "!");
}

TEST(Forms, InHexOfEitherCase) {
    for (const auto& bytes : {value, utf16(value)}) {
        EXPECT_EQ(shown(value, "x" + encoding::to_hex(bytes) + "y"), "x" + stars + "y");
        EXPECT_EQ(shown(value, "x" + encoding::to_upper_hex(bytes) + "y"), "x" + stars + "y");
    }
}

// What is left beside the mask are characters that hold bits of the neighbours, too.
TEST(Forms, InBase64AtEveryPlaceAndInBothAlphabets) {
    for (const auto& bytes : {value, utf16(value)}) {
        for (std::size_t before = 0; before < 6; ++before)
            for (std::size_t after = 0; after < 4; ++after) {
                const auto encoded =
                    encoding::base64_encode(std::string(before, 'x') + bytes + std::string(after, 'y'));
                for (const auto& text : {encoded, in_url_alphabet(encoded)}) {
                    const auto out = shown(value, text);
                    EXPECT_NE(out.find(stars), std::string::npos) << text;
                    const std::size_t rest = text.size() - bytes.size() * 8 / 6;
                    EXPECT_LE(out.size(), stars.size() + rest + 1) << out;
                }
            }
        EXPECT_EQ(shown(value, "=" + encoding::base64_encode(bytes) + "."), "=" + stars + ".");
        EXPECT_EQ(shown(value, in_url_alphabet(encoding::base64_encode(bytes))), stars);
    }
}

TEST(Forms, InBase64ThatIsBrokenIntoLines) {
    std::string key;
    for (int i = 0; i < 40; ++i) key += "key material " + std::to_string(i * 7919) + ";";
    for (const std::size_t width : {std::size_t{64}, std::size_t{76}}) {
        const auto encoded = encoding::base64_encode(key);
        std::string text, wanted;
        for (std::size_t at = 0; at < encoded.size(); at += width) {
            text += encoded.substr(at, width) + "\r\n";
            wanted += stars + "\r\n";
        }
        EXPECT_EQ(shown(key, text), wanted) << width;
    }
}

TEST(Forms, UrlEscaped) {
    const std::string secret = "a b/c~d*e(f)'g'&\xC3\xA9";
    for (const std::string text : {
             "a%20b%2Fc~d%2Ae%28f%29%27g%27%26%C3%A9",  // RFC 3986
             "a+b%2Fc%7Ed*e%28f%29%27g%27%26%C3%A9",    // a form
             "a%20b/c~d%2Ae%28f%29%27g%27%26%C3%A9",    // Python's quote()
             "a%20b%2Fc~d*e(f)'g'%26%C3%A9",            // encodeURIComponent()
             "a+b%2fc%7ed*e(f)%27g%27%26%c3%a9",        // System.Web
         })
        EXPECT_EQ(shown(secret, "?q=" + text + "&r"), "?q=" + stars + "&r") << text;
}

TEST(Forms, JsonEscaped) {
    const std::string secret = "a\"b\\c/d\n\x01<e>&'\xC3\xA9\xF0\x9F\x98\x80";
    const std::vector<std::string> spellings{
        R"(a\"b\\c/d\n\u0001<e>&')"
        "\xC3\xA9\xF0\x9F\x98\x80",
        R"(a\"b\\c\/d\n\u0001<e>&')"
        "\xC3\xA9\xF0\x9F\x98\x80",
        R"(a\"b\\c/d\n\u0001<e>&'\u00e9\ud83d\ude00)",
        R"(a\"b\\c/d\n\u0001<e>&'\u00E9\uD83D\uDE00)",
        R"(a\"b\\c/d\n\u0001\u003ce\u003e\u0026\u0027)"
        "\xC3\xA9\xF0\x9F\x98\x80",
    };
    for (const auto& text : spellings)
        EXPECT_EQ(shown(secret, "{\"k\":\"" + text + "\"}"), "{\"k\":\"" + stars + "\"}") << text;
    EXPECT_TRUE(json_escaped("\xFF\xFE").empty());
}

TEST(Forms, XmlEscaped) {
    const std::string secret = "a<b>&\"c\"'d'";
    for (const std::string text : {"a&lt;b&gt;&amp;\"c\"'d'", "a&lt;b&gt;&amp;&quot;c&quot;&apos;d&apos;",
                                   "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39;"})
        EXPECT_EQ(shown(secret, "<S>" + text + "</S>"), "<S>" + stars + "</S>") << text;
}

TEST(Forms, BetweenQuotes) {
    const std::string secret = "pa'ss \"w\" `$x\\&y";
    for (const std::string text : {
             R"(pa''ss "w" `$x\&y)",      // PowerShell's and SQL's '…'
             R"(pa'ss ""w"" `$x\&y)",     // CSV, PowerShell's "…"
             R"(pa'ss `"w`" ```$x\&y)",   // PowerShell's "…"
             R"(pa'ss \"w\" `$x\&y)",     // arguments of Windows programs
             R"(pa\'ss "w" `$x\&y)",      // C's '…'
             R"(pa'ss \"w\" \`\$x\\&y)",  // sh's "…"
             R"(pa'\''ss "w" `$x\&y)",    // sh's '…'
             R"(pa'ss ^"w^" `$x\^&y)",    // cmd
         })
        EXPECT_EQ(shown(secret, "<" + text + ">"), "<" + stars + ">") << text;
    // What has nothing to quote costs nothing.
    const auto plain = quoted("letters only");
    EXPECT_EQ(plain.size(), 1u);
}

TEST(Forms, EachLineOfSeveral) {
    const std::string secret = "-----BEGIN KEY-----\r\n  bGluZSBvbmU\n---\nab\n\nlast line\n";
    EXPECT_EQ(shown(secret, "> bGluZSBvbmU <"), "> " + stars + " <");
    EXPECT_EQ(shown(secret, "last line"), stars);
    EXPECT_EQ(shown(secret, encoding::base64_encode("last line")), stars);
    EXPECT_EQ(shown(secret, "--- ---\nab\n"), "--- ---\nab\n");  // Of every table; too short.
    EXPECT_EQ(shown(secret, secret), stars + "\n");              // All of it is one.
}

TEST(Forms, LineEndsBehindTheValueAreNotPartOfIt) {
    EXPECT_EQ(shown("hunter22\r\n", "hunter22!"), stars + "!");
    EXPECT_EQ(shown("hunter22\n\n", "hunter22\n"), stars + "\n");
}

TEST(Forms, FromThreeBytesOnAndEncodedFromSix) {
    EXPECT_EQ(forms_of(Secret("ab")).coverage, Forms::Coverage::none);
    EXPECT_TRUE(forms_of(Secret("ab\r\n")).texts.empty());
    EXPECT_TRUE(forms_of(Secret("")).texts.empty());
    EXPECT_EQ(shown("abc", "xabcx 616263 " + utf16("abc")), "x" + stars + "x " + stars + " " + stars);
    EXPECT_EQ(shown("abcd", encoding::base64_encode("xabcd")), encoding::base64_encode("xabcd"));
    for (std::size_t before = 0; before < 3; ++before)
        EXPECT_NE(shown("abcde", encoding::base64_encode(std::string(before, 'x') + "abcde")).find(stars),
                  std::string::npos)
            << before;
    for (const auto& form : forms_of(Secret("abc")).texts)
        EXPECT_TRUE(form.expose() == "abc" || form.expose().size() >= shortest_encoded);
}

TEST(Forms, OfALongValueTheLines) {
    std::string secret;
    for (int i = 0; secret.size() <= longest_whole; ++i) secret += "line number " + std::to_string(i) + "\n";
    const auto forms = forms_of(Secret(secret));
    EXPECT_EQ(forms.coverage, Forms::Coverage::lines);
    EXPECT_TRUE(has(forms.texts, "line number 17"));
    EXPECT_TRUE(has(forms.texts, utf16("line number 17")));
    EXPECT_EQ(shown(secret, "> line number 17;"), "> " + stars + ";");
}

TEST(Forms, OfAVeryLongLineItsPieces) {
    std::string key;
    for (std::size_t i = 0; key.size() < 3 * longest_whole; ++i) key += std::to_string(i * i);
    EXPECT_EQ(forms_of(Secret(key)).coverage, Forms::Coverage::lines);
    const auto out = shown(key, "<" + key + ">");
    EXPECT_EQ(out.find_first_not_of("*<>"), std::string::npos) << out.substr(0, 100);
}

TEST(Forms, OfAHugeValueTheBeginning) {
    std::string secret(most_of_long, 'a');
    for (std::size_t at = 99; at < secret.size(); at += 100) secret[at] = '\n';
    secret += "\nbehind it all";
    const auto forms = forms_of(Secret(secret));
    EXPECT_EQ(forms.coverage, Forms::Coverage::part);
    EXPECT_FALSE(has(forms.texts, "behind it all"));
}

}  // namespace
}  // namespace mullion::secrets
