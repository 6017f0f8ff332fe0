#include "xml/writer.h"

#include <gtest/gtest.h>

#include "xml/document.h"

namespace mullion::xml {
namespace {

TEST(Writer, WritesFrontToBack) {
    Writer writer;
    writer.open("s:Envelope").declare("s", "urn:s").declare("", "urn:d").attribute("xml:lang", "en-US");
    writer.open("s:Header").close();
    writer.open("s:Body").element("Id", "1 < 2").raw("<x/>").open("Out").plain("QUJD").close().close();
    writer.close();
    EXPECT_EQ(writer.take(),
              "<s:Envelope xmlns:s=\"urn:s\" xmlns=\"urn:d\" xml:lang=\"en-US\"><s:Header/>"
              "<s:Body><Id>1 &lt; 2</Id><x/><Out>QUJD</Out></s:Body></s:Envelope>");
}

TEST(Writer, GoesOnWhereAnotherStands) {
    Writer begun;
    begun.open("a").open("b").attribute("c", "d");
    for (const std::string_view text : {"one", "two"}) {
        Writer writer;
        writer.go_on_from(begun).text(text).close().close();
        EXPECT_EQ(writer.take(), "<a><b c=\"d\">" + std::string(text) + "</b></a>");
    }
}

TEST(Writer, ForbiddenCharactersBecomeQuestionMarks) {
    Writer writer;
    const std::string value("a\0b\x01\x1F\x7F\xFF\xC3z\xED\xA0\x80\xEF\xBF\xBF\xC2\x85", 17);
    writer.open("a").attribute("b", value).text(value).close();
    const std::string shown = "a?b??\x7F??z????\xC2\x85";
    EXPECT_EQ(writer.take(), "<a b=\"" + shown + "\">" + shown + "</a>");
}

// Whatever the bytes are, the reader takes the document, and gives back each character that XML can carry.
TEST(Writer, TheReaderGetsBackWhatWasWritten) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    for (const std::string& value :
         {all, std::string("]]>"), std::string("\r\n\t \"'<>&"), std::string("grüß 😀")}) {
        Writer writer;
        writer.open("a").attribute("b", value).text(value).close();
        const auto document = Document::parse(writer.take());
        ASSERT_TRUE(document.ok()) << document.error().message();
        if (value == all) {
            EXPECT_EQ(document->root().text().size(), all.size());
            EXPECT_EQ(document->root().text().substr(0x20, 0x60), all.substr(0x20, 0x60));
        } else {
            EXPECT_EQ(document->root().text(), value);
            EXPECT_EQ(document->root().attribute("", "b"), value);
        }
    }
}

TEST(Writer, EmptyTextLeavesAnEmptyTag) {
    Writer writer;
    writer.open("a").text("").plain("").raw("").close();
    EXPECT_EQ(writer.take(), "<a/>");
}

#ifndef NDEBUG
TEST(WriterDeathTest, UnbalancedUseIsABug) {
    EXPECT_DEATH({ static_cast<void>(Writer().open("a").take()); }, "open_");
    EXPECT_DEATH({ Writer().close(); }, "open_");
    EXPECT_DEATH({ Writer().open("a b"); }, "is_qname");
    EXPECT_DEATH({ Writer().open("a").text("x").attribute("b", ""); }, "in_tag_");
    EXPECT_DEATH({ Writer().open("a").plain("<"); }, "find_first_of");
}
#endif

}  // namespace
}  // namespace mullion::xml
