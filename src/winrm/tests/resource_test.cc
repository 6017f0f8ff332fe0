#include "winrm/resource.h"

#include <gtest/gtest.h>

#include "winrm/error_code.h"

namespace mullion::winrm {
namespace {

TEST(Resource, HasItsAliasExpanded) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"winrm/config", "http://schemas.microsoft.com/wbem/wsman/1/config"},
        {"wsman/config/Listener", "http://schemas.microsoft.com/wbem/wsman/1/config/Listener"},
        {"wmi/root/cimv2/Win32_Service",
         "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service"},
        {"wmicimv2/*", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*"},
        {"cimv2/CIM_Service", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_Service"},
        {"shell", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"},
        {"Shell/cmd", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd"},
        {"WinRM/config", "http://schemas.microsoft.com/wbem/wsman/1/config"},
        {"http://schemas.example/winrm/x", "http://schemas.example/winrm/x"},
        {"winrmx/config", "winrmx/config"},
        {"config/listener", "config/listener"},
    };
    for (const auto& [text, uri] : rows) EXPECT_EQ(parse_resource(text).value().uri, uri) << text;
}

TEST(Resource, HasItsSelectors) {
    const auto listener = parse_resource("winrm/config/Listener?Address=*+Transport=HTTPS").value();
    ASSERT_EQ(listener.selectors.size(), 2U);
    EXPECT_EQ(listener.given, "winrm/config/Listener");
    EXPECT_EQ(listener.selectors[0].name, "Address");
    EXPECT_EQ(listener.selectors[0].value, "*");
    EXPECT_EQ(listener.selectors[1].name, "Transport");
    EXPECT_EQ(listener.selectors[1].value, "HTTPS");
    const auto quoted = parse_resource("u?A=\"1+2=3\"+B=x=y").value();
    EXPECT_EQ(quoted.selectors[0].value, "1+2=3");
    EXPECT_EQ(quoted.selectors[1].value, "x=y");
    EXPECT_EQ(parse_resource("u?A=").value().selectors[0].value, "");
    for (const auto text : {"", "?A=b", "u?", "u?A", "u?=b", "u?A=b+", "u?A=b+B", "u?A=b+a=c", "u?A=\"b",
                            "u?A=\"b\"c", "u v", "u<v", "u\"v", "u\x80"})
        EXPECT_FALSE(parse_resource(text).ok()) << text;
    std::string many = "u?A0=b";
    for (int at = 1; at <= 100; ++at) many += "+A" + std::to_string(at) + "=b";
    EXPECT_FALSE(parse_resource(many).ok());
}

TEST(Resource, EveryTruncationIsAResourceOrRefused) {
    const std::string_view whole = "winrm/config/Listener?Address=\"*\"+Transport=HTTPS";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto read = parse_resource(whole.substr(0, length));
        if (read.ok()) {
            EXPECT_FALSE(read->uri.empty());
        }
    }
}

TEST(LastWord, NamesTheRoot) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"winrm/config/Listener", "Listener"},
        {"Win32_Process", "Win32_Process"},
        {"wmicimv2/*", ""},
        {"a/1b", "b"},
        {"", ""},
    };
    for (const auto& [given, word] : rows) EXPECT_EQ(last_word(given), word) << given;
}

TEST(ErrorCode, IsReadInAnySpellingAndShownSigned) {
    EXPECT_EQ(parse_error_code("0x5"), 5U);
    EXPECT_EQ(parse_error_code("-1"), 0xFFFFFFFFU);
    EXPECT_EQ(parse_error_code("-2147483648"), 0x80000000U);
    for (const auto text : {"", "-", "0x", "x", "0x123456789", "4294967296", "-2147483649", "1 ", "0x-1"})
        EXPECT_FALSE(parse_error_code(text)) << text;
    EXPECT_EQ(error_number(0x80338012), "-2144108526 0x80338012");
    EXPECT_EQ(error_number(5), "5 0x5");
    EXPECT_EQ(as_hresult(5), 0x80070005U);
    EXPECT_EQ(as_hresult(1359), 0x8007054FU);
    EXPECT_EQ(as_hresult(0xFFFF), 0x8007FFFFU);
    for (const std::uint32_t whole : {0U, 0x10000U, 0x80070005U, 0x80338012U, 0xFFFFFFFFU})
        EXPECT_EQ(as_hresult(whole), whole);
    const std::string_view whole = "0x80338012";
    for (std::size_t length = 3; length < whole.size(); ++length)
        EXPECT_EQ(parse_error_code(whole.substr(0, length)), 0x80338012U >> (4 * (whole.size() - length)));
}

}  // namespace
}  // namespace mullion::winrm
