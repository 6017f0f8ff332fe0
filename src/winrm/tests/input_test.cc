#include "winrm/input.h"

#include <gtest/gtest.h>

#include "winrm/property_bag.h"

namespace mullion::winrm {
namespace {

Request request_of(std::vector<std::string_view> words) {
    auto line = parse_command_line(words);
    EXPECT_TRUE(line.ok()) << line.error().detail;
    return line.ok() ? std::move(std::get<Request>(*line)) : Request();
}

std::vector<Property> bag(std::string_view text) {
    return parse_property_bag(text).value();
}

constexpr std::string_view listener =
    "<cfg:Listener xmlns:cfg=\"urn:l\" "
    "xml:lang=\"en-US\"><cfg:Address>*</cfg:Address><cfg:Port>5985</cfg:Port>"
    "<cfg:Hostname/><cfg:ListeningOn>127.0.0.1</cfg:ListeningOn><cfg:ListeningOn>::1</cfg:ListeningOn>"
    "</cfg:Listener>";

TEST(NewDocument, IsNamedByTheResource) {
    const auto create = request_of({"create", "winrm/config/Listener?Address=*+Transport=HTTPS",
                                    "@{Hostname=\"a<b\";CertificateThumbprint=$null}"});
    EXPECT_EQ(new_document(create).value(),
              "<p:Listener xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/config/Listener\" "
              "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><p:Hostname>a&lt;b</p:Hostname>"
              "<p:CertificateThumbprint xsi:nil=\"true\"/></p:Listener>");
    EXPECT_EQ(new_document(request_of({"create", "shell/cmd", "@{}"})).value(),
              "<p:cmd xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd\"/>");
}

TEST(NewDocument, IsNamedByTheAction) {
    const auto invoke =
        request_of({"invoke", "Create", "wmicimv2/Win32_Process", "@{CommandLine=\"notepad.exe\"}"});
    EXPECT_EQ(
        new_document(invoke).value(),
        "<p:Create_INPUT xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process\">"
        "<p:CommandLine>notepad.exe</p:CommandLine></p:Create_INPUT>");
    EXPECT_FALSE(new_document(request_of({"invoke", "Create", "u", "@{1A=\"x\"}"})).ok());
    EXPECT_FALSE(new_document(request_of({"invoke", "Create", "u", "@{a:b=\"x\"}"})).ok());
}

TEST(ChangedDocument, IsTheWholeWithOneValueChanged) {
    const auto changes = bag("{Port=\"5986\"}");
    EXPECT_EQ(changed_document(listener, changes).value(),
              "<cfg:Listener xmlns:cfg=\"urn:l\" xml:lang=\"en-US\"><cfg:Address>*</cfg:Address>"
              "<cfg:Port>5986</cfg:Port><cfg:Hostname/></cfg:Listener>");
}

TEST(ChangedDocument, RefusesInWinrmsWords) {
    const auto refusal = [](std::string_view document, std::string_view text) {
        const auto changed = changed_document(document, bag(text));
        return changed.ok() ? "accepted" : changed.error().detail;
    };
    EXPECT_EQ(refusal(listener, "{port=\"1\"}"),
              "Error: Parameter name does not match any properties on resource: port");
    EXPECT_EQ(refusal(listener, "{ListeningOn=\"1\"}"),
              "Error: Parameter matches more than one property on resource: ListeningOn");
    EXPECT_NE(refusal("<a><b><c/></b></a>", "{b=\"1\"}").find("non-text property"), std::string::npos);
    EXPECT_FALSE(changed_document("<a>", bag("{b=\"1\"}")).ok());
}

TEST(ChangedDocument, OfEveryTruncationIsRefused) {
    for (std::size_t length = 0; length < listener.size(); ++length)
        EXPECT_FALSE(changed_document(listener.substr(0, length), bag("{Port=\"1\"}")).ok()) << length;
}

TEST(SelectorFilter, IsASelectorSet) {
    const auto selectors = parse_plain_bag("{Name=\"RpcSs\"}").value();
    EXPECT_EQ(selector_filter(selectors),
              "<w:SelectorSet xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\">"
              "<w:Selector Name=\"Name\">RpcSs</w:Selector></w:SelectorSet>");
}

}  // namespace
}  // namespace mullion::winrm
