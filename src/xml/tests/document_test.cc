#include "xml/document.h"

#include <gtest/gtest.h>

#include "encoding/utf16.h"

namespace mullion::xml {
namespace {

using encoding::ByteOrder;

const std::string envelope =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
    "<!-- about --><s:Envelope xmlns:s=\"urn:soap\" xml:lang='en-US'>\r\n"
    "<s:Body note = \"a&#x20;b\"  ><r:Out xmlns:r=\"urn:r\" "
    "Name=\"stdout\">&lt;gr\xC3\xBC\xC3\x9F&#13;</r:Out>"
    "<empty/><![CDATA[<raw>]]></s:Body ></s:Envelope>\n<!-- end -->\n";

std::string out_text(const Document& document) {
    return document.root().first("urn:soap", "Body").first("urn:r", "Out").text();
}

TEST(Document, ReadsUtf8WithAndWithoutBom) {
    for (const std::string& bytes : {envelope, "\xEF\xBB\xBF" + envelope}) {
        const auto document = Document::parse(bytes);
        ASSERT_TRUE(document.ok()) << document.error().message();
        EXPECT_EQ(out_text(*document), "<grüß\r");
    }
}

TEST(Document, ReadsUtf16OfBothOrdersByBomOrFirstBytes) {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        const std::string bom = order == ByteOrder::little ? "\xFF\xFE" : "\xFE\xFF";
        const std::string wide = *encoding::utf8_to_utf16(envelope, order);
        for (const std::string& bytes : {wide, bom + wide}) {
            const auto document = Document::parse(bytes);
            ASSERT_TRUE(document.ok()) << document.error().message();
            EXPECT_EQ(out_text(*document), "<grüß\r");
        }
        EXPECT_FALSE(Document::parse(bom + wide + "x").ok());
        EXPECT_FALSE(Document::parse(bom).ok());
        EXPECT_FALSE(Document::parse(wide + *encoding::utf8_to_utf16("<b/>", order)).ok());
    }
    EXPECT_FALSE(Document::parse(std::string("<\0a\0/\0\x00\xDC>\0", 10)).ok());  // A lone surrogate.
}

TEST(Document, RefusesEveryTruncation) {
    const std::size_t whole = envelope.rfind("</s:Envelope>") + 13;
    for (std::size_t length = 0; length < whole; ++length) {
        const auto document = Document::parse(std::string_view(envelope).substr(0, length));
        ASSERT_FALSE(document.ok()) << "accepted the first " << length << " bytes";
        EXPECT_EQ(document.error().id, ErrorId::wsman_malformed);
        EXPECT_NE(document.error().detail.find("byte"), std::string::npos);
    }
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        const std::string wide = *encoding::utf8_to_utf16(envelope, order);
        for (std::size_t length = 0; length < whole * 2 - 4; ++length) {
            ASSERT_FALSE(Document::parse(std::string_view(wide).substr(0, length)).ok()) << length;
        }
    }
}

// Nothing that one changed byte can do gets past the scanner and is then found broken by the library below,
// whose errors have words of their own.
TEST(Document, TheScannerIsStricterThanTheLibrary) {
    for (std::size_t at = 0; at < envelope.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string bytes = envelope;
            bytes[at] = static_cast<char>(byte);
            const auto document = Document::parse(bytes);
            if (document.ok()) continue;
            ASSERT_EQ(document.error().detail.find("Error "), std::string::npos)
                << document.error().detail << '\n'
                << bytes;
        }
    }
}

TEST(Document, LimitsAreExact) {
    const auto ok = [](const std::string& bytes, const Limits& limits) {
        return Document::parse(bytes, limits).ok();
    };
    const auto nested = [](std::size_t depth) {
        std::string bytes;
        for (std::size_t i = 0; i < depth; ++i) bytes += "<a>";
        for (std::size_t i = 0; i < depth; ++i) bytes += "</a>";
        return bytes;
    };
    EXPECT_TRUE(ok("<a>xyz</a>", {.bytes = 10}));
    EXPECT_FALSE(ok("<a>xyz</a>", {.bytes = 9}));
    EXPECT_TRUE(ok(nested(64), {}));
    EXPECT_FALSE(ok(nested(65), {}));
    EXPECT_TRUE(ok("<a><b/></a>", {.depth = 2}));
    EXPECT_FALSE(ok("<a><b/></a>", {.depth = 1}));
    EXPECT_TRUE(ok("<a b='' xmlns:c='d'/>", {.attributes = 2}));
    EXPECT_FALSE(ok("<a b='' xmlns:c='d'/>", {.attributes = 1}));
    EXPECT_TRUE(ok("<a x=''><a x=''><a x=''><a x=''/></a></a></a>", {.attributes = 1}));
    EXPECT_FALSE(ok("<a x=''><a x=''><a x=''><a x=''><a x=''/></a></a></a></a>", {.attributes = 1}));
    EXPECT_TRUE(ok("<a x=''><a x=''/><a x=''/><a x=''/><a x=''/><a x=''/><a x=''/></a>", {.attributes = 1}));
    EXPECT_TRUE(ok("<a>x<b/>y<![CDATA[z]]></a>", {.nodes = 5}));
    EXPECT_FALSE(ok("<a>x<b/>y<![CDATA[z]]></a>", {.nodes = 4}));
}

TEST(Document, HalfAMillionNestedElementsMeetTheLimitAtOnce) {
    std::string bytes;
    for (int i = 0; i < 500'000; ++i) bytes += "<a>";
    const auto document = Document::parse(bytes);
    ASSERT_FALSE(document.ok());
    EXPECT_EQ(document.error().detail, "XML at byte 192: more than 64 nested elements");
}

// Where the limit allows it, depth costs memory but no stack.
TEST(Document, DepthNeedsNoStack) {
    constexpr std::size_t depth = 300'000;
    std::string bytes;
    for (std::size_t i = 0; i < depth; ++i) bytes += "<a>";
    bytes += "x";
    for (std::size_t i = 0; i < depth; ++i) bytes += "</a>";
    const auto document = Document::parse(bytes, {.depth = depth, .nodes = depth + 1});
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->root().text(), "x");
    EXPECT_EQ(document->root().to_xml(), bytes);
}

TEST(Document, StaysValidWhenMoved) {
    auto first = Document::parse("<a>short</a>");
    ASSERT_TRUE(first.ok());
    const Element root = first->root();
    const Document second = std::move(*first);
    EXPECT_EQ(root.text(), "short");
    EXPECT_EQ(second.root().text(), "short");
}

}  // namespace
}  // namespace mullion::xml
