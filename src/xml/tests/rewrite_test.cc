#include "xml/rewrite.h"

#include <gtest/gtest.h>

namespace mullion::xml {
namespace {

Document parse(std::string_view bytes) {
    auto document = Document::parse(bytes);
    EXPECT_TRUE(document.ok()) << document.error().message();
    return std::move(document).value();
}

TEST(Rewritten, IsTheSameWithoutChanges) {
    const std::string_view xml =
        "<c:a xmlns:c=\"urn:c\" xml:lang=\"en-US\"><c:b Source=\"GPO\">1 &lt; 2</c:b> <c:d/></c:a>";
    EXPECT_EQ(rewritten(parse(xml).root(), {}), xml);
}

TEST(Rewritten, ChangesTextNilAndAbsence) {
    const auto document = parse(
        "<c:a xmlns:c='urn:c' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
        "<c:b x='1' xsi:nil='true'/><c:d>old</c:d><c:e>away</c:e></c:a>");
    const auto root = document.root();
    const Change changes[] = {{root.first("urn:c", "b"), Change::Kind::text, "a & b"},
                              {root.first("urn:c", "d"), Change::Kind::nil, {}},
                              {root.first("urn:c", "e"), Change::Kind::leave_out, {}}};
    EXPECT_EQ(rewritten(root, changes),
              "<c:a xmlns:c=\"urn:c\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
              "<c:b x=\"1\">a &amp; b</c:b><c:d xsi:nil=\"true\"/></c:a>");
}

TEST(Rewritten, BindsAPrefixForNilThatIsFree) {
    for (const std::string_view xml : {"<a><b>1</b></a>", "<a xmlns:xsi='urn:other'><b>1</b></a>",
                                       "<a><b xmlns:xsi='urn:other'>1</b></a>"}) {
        const auto document = parse(xml);
        const Change change{document.root().first(), Change::Kind::nil, {}};
        const auto out = rewritten(document.root(), std::span(&change, 1));
        const auto again = parse(out);
        EXPECT_EQ(again.root().first().attribute(xsi_namespace, "nil"), "true") << out;
    }
}

TEST(Indented, HasFourBlanksForEachLevel) {
    EXPECT_EQ(
        indented(parse("<c:a xmlns:c='urn:c'> <c:b x='&quot;'>1</c:b><c:d>\n<c:e/></c:d></c:a>").root()),
        "<c:a xmlns:c=\"urn:c\">\n"
        "    <c:b x=\"&quot;\">1</c:b>\n"
        "    <c:d>\n"
        "        <c:e/>\n"
        "    </c:d>\n"
        "</c:a>\n");
    EXPECT_EQ(indented(parse("<a/>").root()), "<a/>\n");
    EXPECT_EQ(indented(parse("<a>t<b> <c/></b></a>").root()), "<a>t<b> <c/></b></a>\n");
}

TEST(HasOwnText, DoesNotCountWhiteSpaceOrTextOfElements) {
    EXPECT_TRUE(has_own_text(parse("<a>t</a>").root()));
    EXPECT_FALSE(has_own_text(parse("<a> <b>t</b> </a>").root()));
    EXPECT_FALSE(has_own_text(Element()));
}

}  // namespace
}  // namespace mullion::xml
