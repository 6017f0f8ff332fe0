#include "cim/messages.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace mullion::cim {
namespace {

const std::vector<FromHost>& every_kind() {
    static const std::vector<FromHost> frames{
        Item{"<p:X/>"},
        Item{""},
        Answer{"<s:Envelope/>"},
        Failure{0x8033801A, "no such class", "WMI Provider", 0x80041010},
        Failure{0x54F, "broken", "", {}},
        End{},
    };
    return frames;
}

std::string all_of(const std::vector<FromHost>& frames) {
    std::string bytes;
    for (const auto& frame : frames) append(bytes, frame);
    return bytes;
}

std::vector<FromHost> read_all(FrameReader& reader) {
    std::vector<FromHost> frames;
    while (auto frame = reader.next()) frames.push_back(std::move(*frame));
    return frames;
}

// One frame with these bytes behind its length.
std::string framed(std::string_view body) {
    std::string bytes;
    for (unsigned i = 0; i < 4; ++i) bytes += static_cast<char>((body.size() >> (8 * i)) & 0xFF);
    return bytes.append(body);
}

bool is_broken_by(std::string_view bytes) {
    FrameReader reader;
    reader.feed(bytes);
    return !reader.next() && reader.broken() && !reader.at_boundary();
}

TEST(Ask, IsReadAsItWasWritten) {
    const Ask ask{"uuid:1", "<s:Envelope>\xc3\xbc</s:Envelope>", 512'000};
    EXPECT_EQ(decode_ask(encode(ask)), ask);
    EXPECT_EQ(decode_ask(encode(Ask{})), Ask{});
}

TEST(Ask, RefusesEveryTruncationAndAnyByteMore) {
    const auto bytes = encode(Ask{"uuid:1", "<s:Envelope/>"});
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(decode_ask(std::string_view(bytes).substr(0, size)), std::nullopt) << size;
    EXPECT_EQ(decode_ask(bytes + "x"), std::nullopt);
    for (const auto& frame : every_kind()) EXPECT_EQ(decode_ask(encode(frame)), std::nullopt);
    // A text that ends behind its frame.
    EXPECT_EQ(decode_ask(framed(std::string("\x01\xff\0\0\0a\0\0\0\0", 10))), std::nullopt);
}

TEST(Ask, HasLimits) {
    EXPECT_THROW((void)encode(Ask{std::string(answer_id_limit + 1, 'a'), ""}), std::length_error);
    EXPECT_THROW((void)encode(Ask{"", std::string(ask_limit + 1, 'a')}), std::length_error);
    const Ask most{std::string(answer_id_limit, 'a'), std::string(ask_limit, 'b')};
    EXPECT_EQ(decode_ask(encode(most)), most);
}

TEST(Frames, AreReadInPiecesOfAnySize) {
    const auto bytes = all_of(every_kind());
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        FrameReader reader;
        std::vector<FromHost> frames;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            reader.feed(std::string_view(bytes).substr(at, piece));
            for (auto& frame : read_all(reader)) frames.push_back(std::move(frame));
        }
        EXPECT_EQ(frames, every_kind()) << piece;
        EXPECT_TRUE(reader.at_boundary());
    }
}

TEST(Frames, OfEveryTruncationAreThoseThatAreWhole) {
    const auto bytes = all_of(every_kind());
    std::size_t whole = 0;
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        FrameReader reader;
        reader.feed(std::string_view(bytes).substr(0, size));
        const auto frames = read_all(reader);
        EXPECT_FALSE(reader.broken()) << size;
        EXPECT_GE(frames.size(), whole) << size;
        whole = frames.size();
        std::size_t used = 0;
        for (const auto& frame : frames) used += encode(frame).size();
        EXPECT_EQ(reader.waiting(), size - used);
        EXPECT_EQ(reader.at_boundary(), size == used);
    }
    EXPECT_EQ(whole, every_kind().size());
}

TEST(Frames, OfNoLanguageOfOursBreakTheReader) {
    EXPECT_TRUE(is_broken_by(framed("")));
    EXPECT_TRUE(is_broken_by(framed("\x7f")));
    EXPECT_TRUE(is_broken_by(encode(Ask{"uuid:1", "<x/>"})));
    EXPECT_TRUE(is_broken_by(framed("\x44x")));                               // End with a byte more
    EXPECT_TRUE(is_broken_by(framed(std::string("\x41\x05\0\0\0<x/>", 9))));  // a text cut short
    EXPECT_TRUE(is_broken_by(framed(std::string("\x43\1\0\0\0\1\0\0\0\xff\0\0\0\0\0", 15))));  // no UTF-8
    EXPECT_TRUE(is_broken_by(framed(std::string("\x43\1\0\0\0\0\0\0\0\0\0\0\0\2", 14))));      // no flag
    EXPECT_TRUE(is_broken_by("Segmentation fault\n"));
}

// Its length alone is enough: nobody waits for four gigabytes.
TEST(Frames, OverTheLimitBreakTheReaderAtOnce) {
    EXPECT_TRUE(is_broken_by("\xff\xff\xff\xff"));
    std::string length;
    for (unsigned i = 0; i < 4; ++i) length += static_cast<char>(((frame_limit + 1) >> (8 * i)) & 0xFF);
    EXPECT_TRUE(is_broken_by(length));
    std::string out;
    EXPECT_THROW(append_item(out, std::string(item_limit + 1, 'a')), std::length_error);
    EXPECT_THROW(append(out, Answer{std::string(item_limit + 1, 'a')}), std::length_error);
    EXPECT_EQ(out, "");  // No half of a frame.
    FrameReader reader;
    reader.feed(encode(Item{std::string(item_limit, 'a')}));
    EXPECT_TRUE(reader.next().has_value());
}

// Whoever can send no more than an envelope has less taken of him.
TEST(Frames, MayHaveASmallerLimit) {
    FrameReader fits(1'000);
    fits.feed(encode(Item{std::string(1'000, 'a')}));
    EXPECT_TRUE(fits.next().has_value());
    fits.feed(encode(Failure{5, std::string(failure_text_limit, 'a'), std::string(200, 'b'), 7}));
    EXPECT_TRUE(fits.next().has_value()) << "what went wrong is said in any case";
    FrameReader reader(1'000);
    reader.feed(encode(Item{std::string(1'000 + frame_extra, 'a')}).substr(0, 4));
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_TRUE(reader.broken());
    EXPECT_TRUE(reader.too_large());
    FrameReader nonsense(1'000);
    nonsense.feed("Segmentation fault\n");
    EXPECT_EQ(nonsense.next(), std::nullopt);
    EXPECT_FALSE(nonsense.too_large());
}

// It may wait for minutes until more is wanted.
TEST(Frames, LeaveNoMemoryBehind) {
    FrameReader reader;
    const auto bytes = encode(Item{std::string(1'000'000, 'a')}) + encode(Item{"b"});
    for (std::size_t at = 0; at < bytes.size(); at += 65'536) {
        ASSERT_EQ(reader.next(), std::nullopt);
        reader.feed(std::string_view(bytes).substr(at, 65'536));
    }
    EXPECT_GE(reader.held(), 1'000'000u);
    EXPECT_TRUE(reader.next().has_value());
    EXPECT_LT(reader.held(), 200'000u);
    EXPECT_EQ(reader.next(), FromHost(Item{"b"}));
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_TRUE(reader.at_boundary());
}

TEST(Frames, NothingComesBehindABrokenOne) {
    FrameReader reader;
    reader.feed(framed("\x7f"));
    EXPECT_EQ(reader.next(), std::nullopt);
    reader.feed(encode(End{}));
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_TRUE(reader.broken());
}

TEST(Failure, IsTextThatFits) {
    FrameReader reader;
    std::string long_text(failure_text_limit - 1, 'a');
    reader.feed(encode(Failure{5, long_text + "\xc3\xbc", "bad \xff byte", {}}));
    const auto frame = reader.next();
    ASSERT_TRUE(frame.has_value());
    const auto& failure = std::get<Failure>(*frame);
    EXPECT_EQ(failure.message, long_text);  // Cut in front of the character, not inside.
    EXPECT_EQ(failure.provider, "bad \\xff byte");
}

}  // namespace
}  // namespace mullion::cim
