// Both kinds of blocks against one byte after the other, at every place of a block and with every byte.
#include "xml/runs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace mullion::xml::runs {
namespace {

template <class Block>
class Runs : public testing::Test {};
#ifdef __SSE2__
using Blocks = testing::Types<encoding::SixteenInWords, encoding::SixteenInRegister>;
#else
using Blocks = testing::Types<encoding::SixteenInWords>;
#endif
TYPED_TEST_SUITE(Runs, Blocks);

bool is_printable(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80;
}

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':';
}

template <class Predicate>
std::size_t run_of(std::string_view text, Predicate goes_on) {
    std::size_t at = 0;
    while (at < text.size() && goes_on(text[at])) ++at;
    return at;
}

template <class Block>
void check(const std::string& text) {
    const auto front = printable<Block>(text);
    ASSERT_LE(front, run_of(text, is_printable));
    ASSERT_GT(front + block_size, run_of(text, is_printable));
    ASSERT_EQ(plain<Block>(text), run_of(text, is_plain_byte));

    const auto found = runs::text<Block>(text);
    const auto before = text.substr(0, text.find('<'));
    ASSERT_EQ(found.length, before.size());
    ASSERT_EQ(found.ended, text.find('<') != std::string::npos);
    ASSERT_EQ(found.reference, before.find('&') != std::string::npos);
    ASSERT_EQ(found.line_end, before.find('\r') != std::string::npos);
    ASSERT_EQ(found.angle, before.find('>') != std::string::npos);

    const auto word = name<Block>(text);
    const auto whole = run_of(text, is_name);
    ASSERT_LE(word.length, whole);
    const bool other = whole < text.size() && static_cast<unsigned char>(text[whole]) < 0x80;
    // What is short and has a block behind it is found; what is told to have ended has.
    if (whole < longest_name && whole + block_size <= text.size()) {
        ASSERT_EQ(word.ended, other);
    }
    if (!word.ended) return;
    ASSERT_TRUE(other);
    ASSERT_EQ(word.length, whole);
    std::uint64_t colons = 0;
    for (std::size_t at = 0; at < whole; ++at) colons |= std::uint64_t{text[at] == ':'} << at;
    ASSERT_EQ(word.colons, colons);
}

TYPED_TEST(Runs, EveryByteAtEveryPlace) {
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t before = 0; before < 36; ++before) {
            for (const std::size_t after : {0U, 1U, 7U, 8U, 15U, 16U, 33U}) {
                const auto text =
                    std::string(before, 'x') + static_cast<char>(byte) + std::string(after, 'y');
                ASSERT_NO_FATAL_FAILURE(check<TypeParam>(text)) << byte << ' ' << before << ' ' << after;
            }
        }
    }
}

TYPED_TEST(Runs, ManyMixtures) {
    constexpr std::string_view kinds = "aZ09_-.:/`{@[;<>&\r\n\t\"'\x1F\x7F\x80\xC3\xFF";
    std::mt19937 random(7);
    for (int number = 0; number < 20'000; ++number) {
        // Mostly letters, so that runs get long.
        std::string text(random() % 100, 'n');
        for (auto& c : text)
            if (random() % 24 == 0) c = kinds[random() % kinds.size()];
        ASSERT_NO_FATAL_FAILURE(check<TypeParam>(text)) << text;
    }
}

TYPED_TEST(Runs, TellsBytesApartThatAreNeighbours) {
    // Where words borrow, the byte behind a match is taken for one too.
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            std::string text(block_size, static_cast<char>(second));
            for (std::size_t at = 0; at < text.size(); at += 2) text[at] = static_cast<char>(first);
            const TypeParam block(text.data());
            std::uint32_t equal = 0, within = 0, unprintable = 0;
            for (std::size_t at = 0; at < text.size(); ++at) {
                equal |= std::uint32_t{text[at] == '<'} << at;
                within |= std::uint32_t{text[at] >= '0' && text[at] <= ':'} << at;
                unprintable |= std::uint32_t{!is_printable(text[at])} << at;
            }
            ASSERT_EQ(block.equal('<').mask(), equal) << first << ' ' << second;
            ASSERT_EQ(block.within('0', ':').mask(), within) << first << ' ' << second;
            ASSERT_EQ(block.unprintable().mask(), unprintable) << first << ' ' << second;
        }
    }
}

}  // namespace
}  // namespace mullion::xml::runs
