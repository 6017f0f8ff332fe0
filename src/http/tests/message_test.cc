#include "http/message.h"

#include <gtest/gtest.h>

#include "http/syntax.h"

namespace mullion::http {
namespace {

TEST(Headers, AWipedFieldIsGone) {
    Headers headers;
    headers.add("Authorization", "Basic YTpi");
    headers.add("Host", "h");
    headers.wipe("authorization");
    EXPECT_FALSE(headers.has("Authorization"));
    EXPECT_EQ(headers.fields().size(), 1U);
}

TEST(Headers, NamesHaveNoCase) {
    Headers headers;
    headers.add("Content-Type", "a");
    headers.add("content-type", "b");
    headers.add("Other", "c");
    EXPECT_EQ(headers.first("CONTENT-TYPE"), "a");
    EXPECT_EQ(headers.all("Content-type"), (std::vector<std::string_view>{"a", "b"}));
    headers.set("CONTENT-type", *headers.first("content-type"));
    EXPECT_EQ(headers.all("Content-Type"), std::vector<std::string_view>{"a"});
    headers.remove(headers.fields().back().first);
    EXPECT_FALSE(headers.has("Content-Type"));
    EXPECT_TRUE(headers.has("other"));
    EXPECT_FALSE(headers.first("Othe").has_value());
}

TEST(SameWithoutCase, IsAsciiOnly) {
    EXPECT_TRUE(same_without_case("NeGo-1", "nEgO-1"));
    EXPECT_FALSE(same_without_case("a", "ab"));
    EXPECT_FALSE(same_without_case("@", "`"));
    EXPECT_FALSE(same_without_case("\xC4", "\xE4"));
}

TEST(PathOf, IsThatOfBothForms) {
    for (const std::string_view target :
         {"/wsman", "/wsman?a=b://c/d", "http://host/wsman", "HTTPS://[::1]:5986/wsman?a", "http:///wsman"})
        EXPECT_EQ(path_of(target), "/wsman") << target;
    EXPECT_EQ(path_of("http://host"), "/");
    EXPECT_EQ(path_of("http://host?/wsman"), "/");
    EXPECT_EQ(path_of("/x://h/wsman"), "/x://h/wsman");
    EXPECT_EQ(path_of("ftp://host/wsman"), "ftp://host/wsman");
    EXPECT_EQ(path_of("*"), "*");
    EXPECT_EQ(path_of(""), "");
}

TEST(MediaType, ReadsWhatIsSent) {
    const auto soap = parse_media_type(" Application/SOAP+xml ; Charset=UTF-8;; x=\"a;\\\"b\" ; ");
    ASSERT_TRUE(soap.has_value());
    EXPECT_EQ(soap->type, "application/soap+xml");
    EXPECT_EQ(soap->parameter("CHARSET"), "UTF-8");
    EXPECT_EQ(soap->parameter("x"), "a;\"b");
    EXPECT_FALSE(soap->parameter("y").has_value());
    EXPECT_EQ(parse_media_type("text/xml")->type, "text/xml");
    EXPECT_EQ(parse_media_type("a/b;boundary=Encrypted Boundary ;c=d/e")->parameter("boundary"),
              "Encrypted Boundary");
    EXPECT_EQ(parse_media_type("a/b;c=d/e")->parameter("c"), "d/e");
}

TEST(MediaType, RefusesTheRest) {
    for (const std::string_view text :
         {"", "text", "/xml", "text/", "text /xml", "text/ xml", "text/xml x", "text/xml;a", "text/xml;=b",
          "text/xml;a=", "text/xml;a=\"b", "text/xml;a=\"b\"c", "text/xml;a=b\"c", "text/xml;a =b",
          "text/xml;a=b\x01", "text/xml;a=b;A=c", "text/xml,text/html"}) {
        EXPECT_FALSE(parse_media_type(text).has_value()) << text;
    }
    std::string many = "a/b";
    for (int i = 0; i < 16; ++i) many += ";p" + std::to_string(i) + "=1";
    EXPECT_TRUE(parse_media_type(many).has_value());
    EXPECT_FALSE(parse_media_type(many + ";q=1").has_value());
}

// A shorter field is refused or means less; a value is never longer than what came.
TEST(MediaType, EveryTruncation) {
    const std::string text = "multipart/encrypted;protocol=\"application/x\";boundary=\"Encrypted Boundary\"";
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto media = parse_media_type(std::string_view(text).substr(0, length));
        const bool whole_parts = length == 19 || length == 20 || length == 44 || length == 45;
        const bool shorter_type = length > 10 && length < 19;
        EXPECT_EQ(media.has_value(), whole_parts || shorter_type) << length;
    }
}

// At every place of a word, since eight bytes are looked at together.
TEST(Syntax, FindsAControlWhereverItStands) {
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        for (std::size_t before = 0; before < 20; ++before) {
            const std::string text = std::string(before, 'x') + c + std::string(20 - before, 'y');
            ASSERT_EQ(has_control(text), is_control(c)) << byte << ' ' << before;
        }
    }
    EXPECT_FALSE(has_control(""));
}

}  // namespace
}  // namespace mullion::http
