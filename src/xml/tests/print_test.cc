#include <gtest/gtest.h>

#include "xml/document.h"

namespace mullion::xml {
namespace {

Document parse(std::string_view bytes) {
    auto document = Document::parse(bytes);
    EXPECT_TRUE(document.ok()) << document.error().message();
    return std::move(document).value();
}

std::string canonical_of(std::string_view bytes) {
    return canonical(parse(bytes).root());
}

TEST(ToXml, TakesTheDeclarationsAlongThatAreNeeded) {
    const auto document = parse(
        "<s:a xmlns:s='urn:s' xmlns:t='urn:t' xmlns:u='urn:u' xmlns:q='urn:q' xmlns='urn:d'>"
        "<s:b x='q:Name'><c t:y='&lt;\"&#xA;'/>&gt;&#xD;</s:b></s:a>");
    const std::string xml = document.root().first("urn:s", "b").to_xml();
    EXPECT_EQ(xml,
              "<s:b x=\"q:Name\" xmlns=\"urn:d\" xmlns:q=\"urn:q\" xmlns:s=\"urn:s\" xmlns:t=\"urn:t\">"
              "<c t:y=\"&lt;&quot;&#xA;\"/>&gt;&#xD;</s:b>");
    EXPECT_EQ(canonical_of(xml), canonical(document.root().first("urn:s", "b")));
}

TEST(ToXml, InnerDeclarationsWin) {
    const auto document =
        parse("<a xmlns='urn:1' xmlns:s='urn:1'><b xmlns='' xmlns:s='urn:2'><c/><s:d/></b></a>");
    EXPECT_EQ(document.root().first().to_xml(), "<b xmlns=\"\" xmlns:s=\"urn:2\"><c/><s:d/></b>");
    const auto hidden = parse("<a xmlns='urn:1'><b xmlns=''><c/></b></a>");
    EXPECT_EQ(hidden.root().first().first().to_xml(), "<c/>");
}

TEST(Canonical, OneLineForEachElement) {
    EXPECT_EQ(canonical_of("<s:a xmlns:s='urn:s' z='1' s:b='2'> <s:c> t\n</s:c>\n<d/> m <e> </e></s:a>"),
              "{urn:s}a @z=\"1\" @{urn:s}b=\"2\"\n"
              "  {urn:s}c \" t&#xA;\"\n"
              "  d\n"
              "  \" m \"\n"
              "  e \" \"");
}

TEST(Canonical, SpellingDoesNotMatter) {
    const std::string expected = canonical_of("<s:a xmlns:s='u' b='1' c='&lt;'><s:d>x&amp;y</s:d></s:a>");
    EXPECT_EQ(canonical_of("<a xmlns='u' c=\"&#60;\" b='1' >\r\n <d><![CDATA[x&]]>y<!-- c --></d>\n</a>"),
              expected);
    EXPECT_EQ(canonical_of("<?xml version='1.0'?><t:a xmlns:t='u' b='1' c='&lt;'><t:d>x&#38;y</t:d></t:a>"),
              expected);
}

TEST(Canonical, MeaningDoes) {
    const std::string expected = canonical_of("<a b='1'>x</a>");
    for (const std::string_view bytes :
         {"<a b='2'>x</a>", "<a>x</a>", "<a b='1'>y</a>", "<a b='1'> x</a>", "<a b='1'/>",
          "<a xmlns='u' b='1'>x</a>", "<c b='1'>x</c>", "<a xmlns:s='u' s:b='1'>x</a>", "<a b='1'><x/></a>",
          "<a b='1'>x<x/></a>"}) {
        EXPECT_NE(canonical_of(bytes), expected) << bytes;
    }
    EXPECT_NE(canonical_of("<a><b/><c/></a>"), canonical_of("<a><b><c/></b></a>"));
    EXPECT_NE(canonical_of("<a>x<b/></a>"), canonical_of("<a><b/>x</a>"));
}

}  // namespace
}  // namespace mullion::xml
