#include "winrm/output.h"

#include <gtest/gtest.h>

namespace mullion::winrm {
namespace {

std::string text(std::string_view document) {
    const auto shown = printed(document, Format::text);
    return shown.ok() ? *shown : shown.error().message();
}

TEST(TextOutput, FollowsItsRules) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"<a:Root xmlns:a='u'/>", "Root\n\n"},
        {"<Root>5985</Root>", "Root = 5985\n\n"},
        {"<R><A>1</A></R>", "R\n    A = 1\n\n"},
        {"<R><A/></R>", "R\n    A\n\n"},
        {"<R><A> </A></R>", "R\n    A\n\n"},
        {"<R><A><B>1</B></A></R>", "R\n    A\n        B = 1\n\n"},
        {"<R xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><A xsi:nil='true'/></R>",
         "R\n    A = null\n\n"},
        {"<R xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><A xsi:nil='false'/></R>", "R\n    A\n\n"},
        {"<R><L>1</L><L>2</L><L>3</L></R>", "R\n    L = 1, 2, 3\n\n"},
        {"<R><L>1</L><M>2</M><L>3</L></R>", "R\n    L = 1\n    M = 2\n    L = 3\n\n"},
        {"<R><L><a>1</a></L><L><a>2</a></L></R>", "R\n    L\n        a = 1\n    L\n        a = 2\n\n"},
        {"<R><A Source='GPO'>f</A></R>", "R\n    A = f [Source=\"GPO\"]\n\n"},
        {"<R><A Source='Other'>f</A></R>", "R\n    A = f\n\n"},
        {"<P xmlns='http://schemas.microsoft.com/wbem/wsman/1/config/PluginConfiguration' xml:lang='en-US' "
         "Name='x'><Resources><Resource ResourceUri='u'><Security Uri='u' Sddl='D:' "
         "Source='GPO'/></Resource></Resources></P>",
         "P\n    Name = x\n    Resources\n        Resource\n            ResourceUri = u\n            "
         "Security "
         "[Source=\"GPO\"]\n                Uri = u\n                Sddl = D:\n\n"},
        {"<R a='1'><A b='2'/></R>", "R\n    A\n\n"},
        {"<R Source='Compatibility'/>", "R [Source=\"Compatibility\"]\n\n"},
        {"<R><Selector Name='Name'>RpcSs</Selector></R>", "R\n    Selector: Name = RpcSs\n\n"},
        {"<R><Selector Name='Address'>*</Selector><Selector Name='Transport'>HTTP</Selector></R>",
         "R\n    Selector: Address = *, Transport = HTTP\n\n"},
        {"<p:S xmlns:p='u' "
         "xmlns:cim='http://schemas.dmtf.org/wbem/wscim/1/common'><p:InstallDate><cim:Datetime>"
         "2021-03-09T02:57:32Z</cim:Datetime></p:InstallDate></p:S>",
         "S\n    InstallDate\n        Datetime = 2021-03-09T02:57:32Z\n\n"},
    };
    for (const auto& [document, shown] : rows) EXPECT_EQ(text(document), shown) << document;
}

TEST(XmlOutput, IsTheDocumentAsItCame) {
    constexpr std::string_view document = "<c:a xmlns:c=\"u\"><c:b>1</c:b></c:a>";
    EXPECT_EQ(printed(document, Format::xml).value(), std::string(document) + "\n");
    EXPECT_EQ(printed(document, Format::pretty).value(), "<c:a xmlns:c=\"u\">\n    <c:b>1</c:b>\n</c:a>\n\n");
    EXPECT_EQ(results_begin(Format::text), "");
    EXPECT_EQ(results_end(Format::text), "");
    for (const auto format : {Format::xml, Format::pretty}) {
        EXPECT_EQ(results_begin(format),
                  "<wsman:Results xmlns:wsman=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/results\">\n");
        EXPECT_EQ(results_end(format), "</wsman:Results>\n");
    }
}

TEST(Output, OfWhatIsNoDocumentIsAnError) {
    constexpr std::string_view document = "<c:a xmlns:c=\"u\"><c:b>1</c:b></c:a>";
    for (const auto format : {Format::text, Format::xml, Format::pretty}) {
        for (std::size_t length = 0; length < document.size(); ++length)
            EXPECT_FALSE(printed(document.substr(0, length), format).ok()) << length;
    }
}

TEST(FaultOutput, EndsWithNumberAndText) {
    constexpr std::string_view fault =
        "<f:WSManFault xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" Code=\"2150858770\" "
        "Machine=\"web01\"><f:Message>No.</f:Message></f:WSManFault>";
    EXPECT_EQ(fault_printed(fault, Format::text, 0x80338012, "The client cannot connect."),
              "WSManFault\n    Message = No.\n\nError number:  -2144108526 0x80338012\nThe client cannot "
              "connect.\n");
    EXPECT_EQ(fault_printed(fault, Format::xml, 5, "Access is denied."),
              std::string(fault) + "\nError number:  -2147024891 0x80070005\nAccess is denied.\n");
    EXPECT_EQ(fault_printed("", Format::text, 5, "Access is denied."),
              "Error number:  -2147024891 0x80070005\nAccess is denied.\n");
}

}  // namespace
}  // namespace mullion::winrm
