#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "secrets/masking/mask.h"

namespace mullion::secrets {
namespace {

const std::string stars(mask_text);

std::shared_ptr<const Patterns> look_for(const std::vector<std::string>& texts) {
    std::vector<Secret> secrets;
    for (const auto& text : texts) secrets.emplace_back(text);
    return std::make_shared<const Patterns>(std::move(secrets));
}

// What is meant, without an automaton: all places, and those that overlap put together.
std::string expected(const std::vector<std::string>& texts, const std::string& text) {
    std::vector<bool> hidden(text.size()), begins(text.size());
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::size_t length = 0;
        for (const auto& one : texts)
            if (!one.empty() && text.compare(at, one.size(), one) == 0) length = std::max(length, one.size());
        if (length == 0) continue;
        if (at >= end) begins[at] = true;
        for (auto i = at; i < at + length; ++i) hidden[i] = true;
        end = std::max(end, at + length);
    }
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (begins[at]) out += stars;
        if (!hidden[at]) out += text[at];
    }
    return out;
}

std::string in_pieces(const std::shared_ptr<const Patterns>& patterns,
                      const std::vector<std::string>& pieces) {
    Mask mask(patterns);
    std::string out;
    for (const auto& piece : pieces) out += mask.add(piece);
    return out + mask.flush();
}

void expect_at_every_cut(const std::vector<std::string>& texts, const std::string& text,
                         const std::string& wanted) {
    const auto patterns = look_for(texts);
    EXPECT_EQ(expected(texts, text), wanted);
    for (std::size_t first = 0; first <= text.size(); ++first)
        for (std::size_t second = first; second <= text.size(); ++second) {
            const auto out = in_pieces(
                patterns, {text.substr(0, first), text.substr(first, second - first), text.substr(second)});
            ASSERT_EQ(out, wanted) << "cut at " << first << " and " << second;
        }
    std::vector<std::string> bytes;
    for (const char c : text) bytes.emplace_back(1, c);
    EXPECT_EQ(in_pieces(patterns, bytes), wanted);
}

TEST(Mask, HidesASecretHoweverTheStreamIsCut) {
    expect_at_every_cut({"hunter22"}, "it is hunter22, hunter2 and hhunter22",
                        "it is " + stars + ", hunter2 and h" + stars);
}

TEST(Mask, TakesTheLongestOfSeveral) {
    expect_at_every_cut({"pass", "password", "word"}, "pass password sword passwor",
                        stars + " " + stars + " s" + stars + " " + stars + "wor");
}

TEST(Mask, PutsTogetherWhatOverlapsAndNotWhatFollows) {
    expect_at_every_cut({"abcd", "cdef"}, "abcdef abcdabcd xcdefabcd",
                        stars + " " + stars + stars + " x" + stars + stars);
}

TEST(Mask, FindsWhatEndsInsideTheBeginningOfAnother) {
    expect_at_every_cut({"she", "he", "hers", "xhershey"}, "ushers xhershe xhershey",
                        "u" + stars + " x" + stars + " " + stars);
    expect_at_every_cut({"bcd", "abcde", "c"}, "abcdf bcabcde", "a" + stars + "f b" + stars + stars);
}

TEST(Mask, OneOfEqualLettersIsNoEndlessHold) {
    expect_at_every_cut({"aaa"}, "aa aaa aaaaaaa aa", "aa " + stars + " " + stars + " aa");
    Mask mask(look_for({"aaa"}));
    EXPECT_EQ(mask.add("aaa"), stars);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(mask.add("a"), "");
        EXPECT_LE(mask.held(), 3U);
    }
    EXPECT_EQ(mask.add("b"), "b");
}

TEST(Mask, BytesAreBytes) {
    const std::string binary("\0\xFF\x80\0\n", 5);
    expect_at_every_cut({binary}, "x" + binary + binary.substr(0, 4) + "y",
                        "x" + stars + binary.substr(0, 4) + "y");
}

TEST(Mask, HoldsBackOnlyWhatMayBeASecret) {
    Mask mask(look_for({"password", "word-list"}));
    EXPECT_EQ(mask.add("Password: "), "Password: ");
    EXPECT_EQ(mask.held(), 0U);
    EXPECT_EQ(mask.add("more passw"), "more ");
    EXPECT_EQ(mask.held(), 5U);
    EXPECT_EQ(mask.add("ing by"), "passwing by");
    EXPECT_EQ(mask.add(" password"), " " + stars);  // At once; "word" may be the beginning of the other.
    EXPECT_EQ(mask.held(), 4U);
    EXPECT_EQ(mask.add("-lis"), "");
    EXPECT_EQ(mask.add("x"), "-lisx");
    EXPECT_EQ(mask.add("password-lis"), stars);
    EXPECT_EQ(mask.add("t."), ".");  // They overlap: one mask.
    EXPECT_EQ(mask.add("pass"), "");
    EXPECT_EQ(mask.flush(), "pass");
    EXPECT_EQ(mask.add("word"), "");  // After an end the stream begins anew.
    EXPECT_EQ(mask.flush(), "word");
}

TEST(Mask, WithoutSecretsAllGoesThrough) {
    Mask mask;
    EXPECT_EQ(mask.add("password"), "password");
    EXPECT_EQ(mask.flush(), "");
    EXPECT_EQ(masked(nullptr, "password"), "password");
    EXPECT_EQ(masked(look_for({}), "password"), "password");
    EXPECT_EQ(masked(look_for({""}), "password"), "password");
}

TEST(Mask, ASecretMayJoinWhileTheStreamGoesOn) {
    Mask mask;
    EXPECT_EQ(mask.add("first "), "first ");
    mask.look_for(look_for({"first", "secrecy"}));
    EXPECT_EQ(mask.add("first sec"), stars + " ");
    mask.look_for(look_for({"first", "secrecy", "secret"}));
    EXPECT_EQ(mask.held(), 3U);
    EXPECT_EQ(mask.add("ret secrecy"), stars + " " + stars);
    EXPECT_EQ(mask.flush(), "");
}

TEST(Mask, OneThatJoinsDoesNotMaskTwice) {
    Mask mask(look_for({"aaa"}));
    EXPECT_EQ(mask.add("aaaa"), stars);
    EXPECT_GT(mask.held(), 0U);
    mask.look_for(look_for({"aaa", "other"}));
    EXPECT_EQ(mask.add("a other"), " " + stars);
}

// Small alphabets, so that everything overlaps with everything.
TEST(Mask, IsWhatTheSimpleSearchFinds) {
    std::mt19937 random(20260101);
    const auto draw = [&](std::size_t letters, std::size_t most) {
        std::string text(random() % (most + 1), 'a');
        for (auto& c : text) c = static_cast<char>('a' + random() % letters);
        return text;
    };
    for (int round = 0; round < 3000; ++round) {
        const std::size_t letters = 1 + random() % 3;
        std::vector<std::string> texts(random() % 6);
        for (auto& text : texts) text = draw(letters, 7);
        const auto text = draw(letters, 60);
        const auto patterns = look_for(texts);
        const auto wanted = expected(texts, text);
        ASSERT_EQ(masked(patterns, text), wanted) << text;
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t size = 1 + random() % 5;
            pieces.push_back(text.substr(at, size));
            at += size;
        }
        ASSERT_EQ(in_pieces(patterns, pieces), wanted) << text;
    }
}

TEST(Patterns, CountOnlyWhereTheyDiffer) {
    EXPECT_EQ(look_for({"abc", "abd", "abc", "ab"})->nodes(), 5U);  // The root, a, b, c and d.
    EXPECT_EQ(look_for({})->nodes(), 1U);
}

}  // namespace
}  // namespace mullion::secrets
