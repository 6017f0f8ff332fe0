#include <gtest/gtest.h>

#include "xml/document.h"

namespace mullion::xml {
namespace {

Document parse(std::string_view bytes) {
    auto document = Document::parse(bytes);
    EXPECT_TRUE(document.ok()) << document.error().message();
    return std::move(document).value();
}

TEST(Element, NamesHaveTheirNamespace) {
    const auto document = parse(
        "<s:a xmlns:s='urn:1' xmlns='urn:2'><b/><s:b xmlns:s='urn:3'><s:c/></s:b><s:b/><b "
        "xmlns=''><c/></b></s:a>");
    const Element a = document.root();
    EXPECT_TRUE(a.is("urn:1", "a"));
    EXPECT_FALSE(a.is("urn:2", "a"));
    EXPECT_FALSE(a.is("urn:1", "s:a"));
    EXPECT_EQ(a.local(), "a");
    EXPECT_EQ(a.space(), "urn:1");
    const auto children = a.children();
    ASSERT_EQ(children.size(), 4u);
    EXPECT_EQ(children[0].space(), "urn:2");
    EXPECT_EQ(children[1].space(), "urn:3");
    EXPECT_EQ(children[1].first().space(), "urn:3");
    EXPECT_EQ(children[2].space(), "urn:1");
    EXPECT_EQ(children[3].space(), "");
    EXPECT_EQ(children[3].first().space(), "");
    EXPECT_EQ(a.children("urn:1", "b").size(), 1u);
    EXPECT_TRUE(a.first("urn:3", "b"));
    EXPECT_FALSE(a.first("urn:3", "c"));
    const auto spaced = parse("<a>x<b/>y<!-- --><c/>z</a>");
    EXPECT_EQ(spaced.root().first().next().local(), "c");
    EXPECT_FALSE(spaced.root().first().next().next());
    EXPECT_FALSE(Element().next());
}

TEST(Element, AttributesWithoutPrefixAreInNoNamespace) {
    const auto document = parse("<a xmlns='u' xmlns:s='u' b='1' s:b='2' xml:lang='de'/>");
    const Element a = document.root();
    EXPECT_EQ(a.attribute("", "b"), "1");
    EXPECT_EQ(a.attribute("u", "b"), "2");
    EXPECT_EQ(a.attribute("http://www.w3.org/XML/1998/namespace", "lang"), "de");
    EXPECT_FALSE(a.attribute("v", "b").has_value());
    EXPECT_FALSE(a.attribute("", "xmlns").has_value());
    EXPECT_FALSE(a.attribute("", "s").has_value());
}

TEST(Element, TextIsJoinedAsSent) {
    const auto document = parse("<a> x<!-- -->y<b>z</b>\r\n<![CDATA[<&]]>&amp;&#x9;</a>");
    EXPECT_EQ(document.root().text(), " xyz\n<&&\t");
    EXPECT_EQ(document.root().trimmed(), "xyz\n<&&");
    EXPECT_FALSE(document.root().text_view().has_value());
    EXPECT_EQ(document.root().first().text_view(), "z");
    EXPECT_EQ(parse("<a>  </a>").root().text(), "  ");
    EXPECT_EQ(parse("<a>  </a>").root().trimmed(), "");
    EXPECT_EQ(parse("<a/>").root().text_view(), "");
    EXPECT_EQ(parse("<a><![CDATA[x]]></a>").root().text_view(), "x");
    EXPECT_FALSE(parse("<a><b/></a>").root().text_view().has_value());
}

TEST(Element, AttributeWhiteSpaceIsNormalisedUnlessReferenced) {
    const auto document = parse("<a b=' x\r\ny\t&#xA;&#9;&quot;'/>");
    EXPECT_EQ(document.root().attribute("", "b"), " x y \n\t\"");
}

TEST(Element, PrefixesOfValuesResolve) {
    const auto document = parse("<a xmlns:s='urn:1'><b xmlns:t='urn:2'>s:Sender</b></a>");
    const Element b = document.root().first();
    EXPECT_EQ(b.namespace_of("s"), "urn:1");
    EXPECT_EQ(b.namespace_of("t"), "urn:2");
    EXPECT_EQ(b.namespace_of(""), "");
    EXPECT_EQ(b.namespace_of("xml"), "http://www.w3.org/XML/1998/namespace");
    EXPECT_FALSE(b.namespace_of("u").has_value());
    EXPECT_FALSE(document.root().namespace_of("t").has_value());
}

TEST(Element, AnEmptyHandleHasNothing) {
    const Element none;
    EXPECT_FALSE(none);
    EXPECT_FALSE(none.is("", ""));
    EXPECT_EQ(none.local(), "");
    EXPECT_EQ(none.space(), "");
    EXPECT_EQ(none.text(), "");
    EXPECT_EQ(none.trimmed(), "");
    EXPECT_EQ(none.text_view(), "");
    EXPECT_EQ(none.to_xml(), "");
    EXPECT_EQ(canonical(none), "");
    EXPECT_FALSE(none.attribute("", "a").has_value());
    EXPECT_FALSE(none.namespace_of("s").has_value());
    EXPECT_TRUE(none.children().empty());
    EXPECT_FALSE(none.first().first("a", "b").first());
}

}  // namespace
}  // namespace mullion::xml
