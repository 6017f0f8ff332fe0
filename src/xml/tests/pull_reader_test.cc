#include "xml/pull_reader.h"

#include <gtest/gtest.h>

#include "encoding/utf16.h"
#include "xml/tests/read_both.h"

namespace mullion::xml {
namespace {

using Event = PullReader::Event;
using both::difference;
using both::difference_of_parts;

const std::string sample =
    "<?xml version='1.0'?><!-- about --><p:a xmlns:p='urn:p' xmlns='urn:d' x='1' p:x=\"a&amp;b\nc\">one<!-- "
    "--> &lt;two\r\n<![CDATA[&three\r]]><b xmlns:p='urn:&#x71;'><p:c/></b><d xmlns=''><e/></d></p:a>\n";

PullReader reader_of(const std::string& text, const Limits& limits = {}) {
    auto reader = PullReader::of(text, limits);
    if (!reader) throw std::runtime_error(reader.error().message());
    return std::move(reader).value();
}

// "a(" for a start, its texts, ")" for its end.
std::string events(PullReader& reader) {
    std::string said;
    for (;;) {
        switch (reader.next()) {
            case Event::start:
                said.append(reader.local()).append("{").append(reader.space()).append("}(");
                break;
            case Event::text:
                said.append("'").append(reader.text()).append("'");
                break;
            case Event::end:
                said += ")";
                break;
            case Event::finished:
                return said;
            case Event::failed:
                return said + "failed: " + reader.error().detail;
        }
    }
}

TEST(PullReader, SaysWhatStandsThereInOrder) {
    auto reader = reader_of(sample);
    EXPECT_EQ(events(reader), "a{urn:p}('one'' <two\n''&three\n'b{urn:d}(c{urn:q}())d{}(e{}()))");
    EXPECT_EQ(reader.next(), Event::finished);
}

TEST(PullReader, HasTheAttributesOfTheLastStart) {
    auto reader = reader_of(sample);
    ASSERT_EQ(reader.next(), Event::start);
    EXPECT_EQ(reader.depth(), 1U);
    EXPECT_EQ(reader.name(), "p:a");
    EXPECT_EQ(reader.attributes().size(), 4U);
    EXPECT_EQ(reader.attribute("", "x"), "1");
    EXPECT_EQ(reader.attribute("urn:p", "x"), "a&b c");
    EXPECT_EQ(reader.attribute("urn:d", "x"), std::nullopt);
    EXPECT_EQ(reader.attribute(xmlns_namespace, "p"), std::nullopt);
    EXPECT_EQ(reader.namespace_of("p"), "urn:p");
    EXPECT_EQ(reader.namespace_of(""), "urn:d");
    EXPECT_EQ(reader.namespace_of("q"), std::nullopt);
}

TEST(PullReader, HandsOutViewsOfTheText) {
    auto reader = reader_of("<a b='plain'>plain<c>gr\xC3\xBC\xC3\x9F</c></a>");
    const auto inside = [&](std::string_view view) {
        const auto whole = reader.source();
        return view.data() >= whole.data() && view.data() + view.size() <= whole.data() + whole.size();
    };
    ASSERT_EQ(reader.next(), Event::start);
    EXPECT_TRUE(inside(reader.local()) && inside(*reader.attribute("", "b")));
    ASSERT_EQ(reader.next(), Event::text);
    EXPECT_TRUE(inside(reader.text()));
    ASSERT_EQ(reader.next(), Event::start);
    ASSERT_EQ(reader.next(), Event::text);
    EXPECT_EQ(reader.text(), "gr\xC3\xBC\xC3\x9F");
    EXPECT_TRUE(inside(reader.text()));
    // Also after it has moved.
    const auto text = reader.text();
    const auto moved = std::move(reader);
    EXPECT_EQ(moved.source().substr(static_cast<std::size_t>(text.data() - moved.source().data()), 6), text);
}

TEST(PullReader, ReadsLeavesAtOnce) {
    auto reader =
        reader_of("<a><b>one &lt;two\r\n</b><c/><d></d ><e></e><f>x<!-- --></f><g><![CDATA[y]]></g></a>");
    const auto next = [&] {
        if (reader.next() != Event::start) throw std::runtime_error("not a start");
        return reader.leaf();
    };
    EXPECT_EQ(next(), std::nullopt);  // Another element comes.
    EXPECT_EQ(next(), "one <two\n");
    EXPECT_EQ(reader.depth(), 1U);
    EXPECT_EQ(next(), "");
    EXPECT_EQ(reader.local(), "c");
    // White space in the end tag, comments and CDATA sections are left to next(), from where they stand.
    EXPECT_EQ(next(), std::nullopt);
    EXPECT_EQ(reader.next(), Event::end);
    EXPECT_EQ(next(), "");
    EXPECT_EQ(next(), std::nullopt);
    EXPECT_EQ(reader.next(), Event::text);
    EXPECT_EQ(reader.text(), "x");
    EXPECT_EQ(reader.next(), Event::end);
    EXPECT_EQ(next(), std::nullopt);
    EXPECT_EQ(reader.next(), Event::text);
    EXPECT_EQ(reader.next(), Event::end);
    EXPECT_EQ(reader.next(), Event::end);
    EXPECT_EQ(reader.leaf(), std::nullopt);
    EXPECT_EQ(reader.next(), Event::finished);
}

// A leaf that is none, or is wrong, is reported as without it: where, and with the same words.
TEST(PullReader, LeavesWhatIsWrongToTheEvents) {
    for (const std::string_view inside :
         {"&x;", "]]>", "x]]>y", "&#0;", "&lt", "a&amp", "</c>", "x</c>", "</b", "x</b", "x</bb>", "x", "",
          "<", "</b x>", "x</b\n>", "sixteen characters and more &x; than that</b>",
          "sixteen characters and more ]]> than that</b>"}) {
        const auto text = std::string("<a><b>").append(inside);
        for (const std::string_view behind : {"", "</b></a>", "</a>"})
            EXPECT_EQ(difference(text + std::string(behind)), "") << text << behind;
    }
    for (std::size_t nodes = 0; nodes < 7; ++nodes)
        EXPECT_EQ(difference("<a><b>x</b><b></b><b>y</b></a>", {.nodes = nodes}), "") << nodes;
}

TEST(PullReader, SkipsAndTakesElements) {
    auto reader = reader_of(sample);
    while (reader.next() != Event::start || reader.local() != "b") {
    }
    ASSERT_TRUE(reader.skip_to(reader.depth() - 1).ok());
    ASSERT_EQ(reader.next(), Event::start);
    EXPECT_EQ(reader.local(), "d");
    const auto mark = reader.mark();
    ASSERT_EQ(reader.next(), Event::start);
    const auto taken = reader.take(mark);
    ASSERT_TRUE(taken.ok());
    EXPECT_TRUE(taken->is("", "d"));
    EXPECT_TRUE(taken->first("", "e"));
    EXPECT_EQ(taken->namespace_of("p"), "urn:p");
    EXPECT_EQ(taken->namespace_of(""), "");
    EXPECT_FALSE(taken->next());
    EXPECT_EQ(reader.next(), Event::end);
    EXPECT_EQ(reader.next(), Event::finished);
    // What is wrong behind the place is found when it is passed over.
    auto wrong = reader_of("<a><b><c></b></a>");
    ASSERT_EQ(wrong.next(), Event::start);
    EXPECT_FALSE(wrong.skip_to(0).ok());
    auto cut = reader_of("<a><b>&x;</b></a>");
    ASSERT_EQ(cut.next(), Event::start);
    EXPECT_FALSE(cut.take(cut.mark()).ok());
    EXPECT_EQ(cut.next(), Event::failed);
}

TEST(PullReader, AgreesWithTheTreeOnEveryTruncation) {
    std::size_t accepted = 0;
    for (std::size_t length = 0; length <= sample.size(); ++length) {
        const auto cut = sample.substr(0, length);
        ASSERT_EQ(difference(cut), "") << cut;
        accepted += Document::parse(cut).ok();
    }
    EXPECT_EQ(accepted, 2U);  // Whole, and without the last line feed.
    for (const auto order : {encoding::ByteOrder::little, encoding::ByteOrder::big}) {
        const auto wide = *encoding::utf8_to_utf16(sample, order);
        for (std::size_t length = 0; length <= wide.size(); ++length)
            ASSERT_EQ(difference(wide.substr(0, length)), "") << length;
    }
}

TEST(PullReader, AgreesWithTheTreeOnEveryByteChanged) {
    for (std::size_t at = 0; at < sample.size(); ++at) {
        for (const char c : {'<', '>', '&', '"', '/', ':', ' ', 'x', '\x01', '\xC3'}) {
            auto text = sample;
            text[at] = c;
            ASSERT_EQ(difference(text), "") << text;
        }
    }
}

TEST(PullReader, TakesPartsAsTheTreeHasThem) {
    const auto document = Document::parse(sample);
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(difference_of_parts(sample, document->root()), "");
}

TEST(PullReader, HasTheLimitsOfTheTree) {
    const std::string text = "<a><b c='1' d='2'>x<e/></b><b/></a>";
    EXPECT_EQ(difference(text), "");
    for (const auto& limits :
         {Limits{.bytes = 10}, Limits{.depth = 2}, Limits{.attributes = 1}, Limits{.nodes = 4}}) {
        EXPECT_FALSE(Document::parse(text, limits).ok());
        EXPECT_EQ(difference(text, limits), "");
    }
    EXPECT_FALSE(PullReader::of(text, {.bytes = 10}).ok());
    auto deep = reader_of(text, {.depth = 2});
    EXPECT_EQ(events(deep), "a{}(b{}('x'failed: XML at byte 19: more than 2 nested elements");
    // All of nested elements together.
    std::string nested;
    for (int i = 0; i < 9; ++i) nested += "<a b='' c=''>";
    EXPECT_EQ(difference(nested, {.attributes = 2}), "");
    auto reader = reader_of(nested, {.attributes = 2});
    EXPECT_NE(events(reader).find("too many attributes on nested"), std::string::npos);
}

}  // namespace
}  // namespace mullion::xml
