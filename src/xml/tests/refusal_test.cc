// What lenient readers take and XML 1.0, its namespaces or SOAP do not; each with the words of its error.
#include <gtest/gtest.h>

#include "xml/document.h"
#include "xml/tests/read_both.h"

namespace mullion::xml {
namespace {

struct Case {
    std::string_view bytes;
    std::string_view why;
};

class Refusal : public testing::TestWithParam<Case> {};

TEST_P(Refusal, SaysWhy) {
    const auto document = Document::parse(GetParam().bytes);
    ASSERT_FALSE(document.ok()) << GetParam().bytes;
    EXPECT_EQ(document.error().id, ErrorId::wsman_malformed);
    EXPECT_NE(document.error().detail.find(GetParam().why), std::string::npos) << GetParam().bytes << "\n"
                                                                               << document.error().detail;
    EXPECT_EQ(both::difference(std::string(GetParam().bytes)), "") << GetParam().bytes;
}

constexpr Case document_cases[] = {
    {"", "there is no element"},
    {" \n", "there is no element"},
    {"<!-- only -->", "there is no element"},
    {"text", "text before the root"},
    {"x<a/>", "byte 0: text before the root"},
    {"<a/>x", "byte 4: text after the root"},
    {"<a/>&amp;", "text after the root"},
    {"<a/><b/>", "byte 4: a second root"},
    {"<a></a><a></a>", "a second root"},
    {"<![CDATA[x]]><a/>", "text outside"},
    {"<a/><![CDATA[x]]>", "text outside"},
    {"<!DOCTYPE a><a/>", "DOCTYPE"},
    {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DOCTYPE"},
    {"<a><!DOCTYPE a></a>", "DOCTYPE"},
    {"<!ELEMENT a ANY><a/>", "unknown markup"},
    {"<a><!x></a>", "unknown markup"},
    {"<?target data?><a/>", "processing instructions"},
    {"<a><?target?></a>", "processing instructions"},
    {"<a/><?xml version='1.0'?>", "processing instructions"},
    {" <?xml version='1.0'?><a/>", "processing instructions"},
    {"<?xml?><a/>", "processing instructions"},
    {"<?xml-stylesheet href='x'?><a/>", "processing instructions"},
};

constexpr Case declaration_cases[] = {
    {"<?xml version='1.0'", "no end"},
    {"<?xml encoding='utf-8'?><a/>", "declaration is not valid"},
    {"<?xml version='2.0'?><a/>", "declaration is not valid"},
    {"<?xml version=1.0?><a/>", "declaration is not valid"},
    {"<?xml version='1.0\"?><a/>", "declaration is not valid"},
    {"<?xml version='1.0'encoding='utf-8'?><a/>", "declaration is not valid"},
    {"<?xml version='1.0' standalone='yes' encoding='utf-8'?><a/>", "declaration is not valid"},
    {"<?xml version='1.0' standalone='maybe'?><a/>", "declaration is not valid"},
    {"<?xml version='1.0' other='x'?><a/>", "declaration is not valid"},
    {"<?xml version='1.0' encoding='iso-8859-1'?><a/>", "neither UTF-8 nor UTF-16"},
    {"<?xml version='1.0' encoding='utf-7'?><a/>", "neither UTF-8 nor UTF-16"},
};

constexpr Case tag_cases[] = {
    {"<a>", "byte 3: the end comes inside <a>"},
    {"<a><b></b>", "the end comes inside <a>"},
    {"<a>text", "the end comes inside"},
    {"</a>", "an end tag without"},
    {"<a/></a>", "an end tag without"},
    {"<a></b>", "not that of <a>"},
    {"<a></ab>", "an end tag is not valid"},
    {"<a></a x>", "an end tag is not valid"},
    {"<a></ a>", "not that of <a>"},
    {"<a><b></a></b>", "not that of <b>"},
    {"<a", "a tag is not valid"},
    {"<", "a name is not valid"},
    {"< a/>", "a name is not valid"},
    {"<1/>", "a name is not valid"},
    {"<:a/>", "a name is not valid"},
    {"<a:/>", "a name is not valid"},
    {"<a:b:c/>", "a name is not valid"},
    {"<a/ >", "a tag is not valid"},
    {"<a /x>", "a name is not valid"},
    {"<a b>", "without a value"},
    {"<a b=c/>", "without quotes"},
    {"<a b='c/>", "has no end"},
    {"<a b='c'd='e'/>", "a tag is not valid"},
    {"<a b='<'/>", "'<' in an attribute"},
    {"<a ='b'/>", "a name is not valid"},
    {"<a><!-- </a>", "a comment has no end"},
    {"<a><!-- -- --></a>", "'--' in a comment"},
    {"<a><!-- ---></a>", "'--' in a comment"},
    {"<a><![CDATA[ </a>", "a CDATA section has no end"},
    {"<a>]]></a>", "byte 3: ']]>' in text"},
};

constexpr Case character_cases[] = {
    {"<a>\x01</a>", "byte 3: not UTF-8, or a character"},
    {"<a>\xFF</a>", "not UTF-8"},
    {"<a>\xC0\xBC</a>", "not UTF-8"},
    {"<a b='\xED\xA0\x80'/>", "not UTF-8"},
    {"<a>\xEF\xBF\xBF</a>", "a character that XML does not allow"},
    {"<a\x0B/>", "a character that XML does not allow"},
    {std::string_view("<a/>\0", 5), "a character that XML does not allow"},
    {"<a>&#x1;</a>", "byte 3: a reference"},
    {"<a b='&#0;'/>", "byte 6: a reference"},
    {"<a>&#xD800;</a>", "a reference"},
    {"<a>&#xFFFE;</a>", "a reference"},
    {"<a>&#x110000;</a>", "a reference"},
    {"<a>&#99999999999999999999;</a>", "a reference"},
    {"<a>&#4294967361;</a>", "a reference"},
    {"<a>&#X41;</a>", "a reference"},
    {"<a>&#4A;</a>", "a reference"},
    {"<a>&#;</a>", "a reference"},
    {"<a>&#x;</a>", "a reference"},
    {"<a>&;</a>", "a reference"},
    {"<a>&</a>", "a reference"},
    {"<a>& amp;</a>", "a reference"},
    {"<a>&amp</a>", "a reference"},
    {"<a>&nbsp;</a>", "a reference"},
    {"<a>&AMP;</a>", "a reference"},
    {"<a b='&x;'/>", "a reference"},
    {"<a b='&am'>p;</a>", "a reference"},
};

constexpr Case namespace_cases[] = {
    {"<s:a/>", "prefix s is not declared"},
    {"<a s:b=''/>", "prefix s is not declared"},
    {"<a><b xmlns:s='u'/><s:c/></a>", "prefix s is not declared"},
    {"<a><b xmlns:s='u'><c/>x</b><s:c/></a>", "prefix s is not declared"},
    {"<a xmlns:s=''/>", "may not be undeclared"},
    {"<a b='' b=''/>", "attribute b is given twice"},
    {"<a xmlns='u' xmlns='v'/>", "is given twice"},
    {"<a xmlns:s='u' xmlns:s='u'/>", "attribute s is given twice"},
    {"<a xmlns:s='u' xmlns:t='u' s:b='' t:b=''/>", "attribute b is given twice"},
    {"<a xmlns:s='u&#x31;' xmlns:t='u1' s:b='' t:b=''/>", "attribute b is given twice"},
    {"<xmlns:a/>", "prefix xmlns is not declared"},
    {"<a xmlns:xmlns='u'/>", "xmlns may not be declared"},
    {"<a xmlns:x='http://www.w3.org/2000/xmlns/'/>", "xmlns may not be declared"},
    {"<a xmlns:xml='u'/>", "belong together"},
    {"<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>", "belong together"},
    {"<a xmlns='http://www.w3.org/XML/1998/namespace'/>", "belong together"},
};

INSTANTIATE_TEST_SUITE_P(Document, Refusal, testing::ValuesIn(document_cases));
INSTANTIATE_TEST_SUITE_P(Declaration, Refusal, testing::ValuesIn(declaration_cases));
INSTANTIATE_TEST_SUITE_P(Tag, Refusal, testing::ValuesIn(tag_cases));
INSTANTIATE_TEST_SUITE_P(Character, Refusal, testing::ValuesIn(character_cases));
INSTANTIATE_TEST_SUITE_P(Namespace, Refusal, testing::ValuesIn(namespace_cases));

// The other side of the border: all of this is XML.
TEST(Acceptance, TakesWhatXmlAllows) {
    for (const std::string_view bytes : {"<a/>",
                                         "<a />",
                                         "<a\n></a\t>",
                                         "<?xml version='1.0'?><a/>",
                                         "<?xml  version = \"1.1\"  ?>\n<a/>",
                                         "<?xml version='1.0' encoding='utf-8' standalone='yes' ?><a/>",
                                         "<?xml version='1.0' encoding='UTF-16'?><a/>",
                                         "<?xml version='1.0' standalone='no'?><a/>",
                                         "<!----><a/><!-- - -->",
                                         "<a>]] ></a>",
                                         "<a b='>' c=\"'\" d='\"'/>",
                                         "<a b = 'c'/>",
                                         "<a>&#x000041;&#0000000000000000000000065;&#x10FFFF;</a>",
                                         "<a xml:lang='en'/>",
                                         "<a xmlns=''/>",
                                         "<a xmlns='u'><b xmlns=''/></a>",
                                         "<a xmlns:s='u' b='' s:b=''/>",
                                         "<a xmlnsx=''/>",
                                         "<_.-1\xC3\xA4/>",
                                         "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:b=''/>",
                                         "<a><![CDATA[]]></a>",
                                         "<a><![CDATA[&x;<]] ]]></a>",
                                         "<a>\x7F\xC2\x80</a>",
                                         "<s:a xmlns:s='u'/>",
                                         "<a>></a>"}) {
        const auto document = Document::parse(bytes);
        ASSERT_TRUE(document.ok()) << bytes << '\n' << document.error().message();
        EXPECT_EQ(both::difference(std::string(bytes)), "") << bytes;
        EXPECT_EQ(both::difference_of_parts(std::string(bytes), document->root()), "") << bytes;
    }
}

}  // namespace
}  // namespace mullion::xml
