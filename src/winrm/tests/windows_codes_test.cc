#include "winrm/windows_codes.h"

#include <gtest/gtest.h>

#include "winrm/error_code.h"

namespace mullion::winrm {
namespace {

std::string said(std::string_view code) {
    const auto number = parse_error_code(code);
    return number ? message_of(*number) : "(no number)";
}

TEST(WindowsCodes, AreThoseThatPeopleSee) {
    EXPECT_EQ(said("0x80072F8F"), "A security error occurred.");
    EXPECT_EQ(said("0x80072EE2"), "The operation timed out.");
    EXPECT_EQ(said("0x80072EFD"), "A connection with the server could not be established.");
    EXPECT_EQ(said("0x80072EFE"), "The connection with the server was terminated abnormally.");
    EXPECT_EQ(said("0x80072EE7"), "The server name or address could not be resolved.");
    EXPECT_EQ(said("0x80070005"), "Access is denied.");
    EXPECT_EQ(said("0x80070057"), "The parameter is incorrect.");
    EXPECT_EQ(said("0x8007052E"), "The user name or password is incorrect.");
    EXPECT_EQ(said("0x800703FA"),
              "Illegal operation attempted on a registry key that has been marked for deletion.");
    EXPECT_EQ(said("0x8009030C"), "The logon attempt failed.");
    EXPECT_EQ(said("0x80041010"), "Invalid class.");
    EXPECT_EQ(said("0x800B0109").substr(0, 30), "A certificate chain processed,");
    EXPECT_EQ(said("0x80338012"), "The client cannot connect to the destination specified in the request.");
}

TEST(WindowsCodes, AreFoundInEveryForm) {
    for (const auto* code :
         {"0x80072F8F", "0X80072f8f", "2147954575", "-2147012721", "12175", "0x2F8F", "80072F8F", "80072f8f"})
        EXPECT_EQ(said(code), "A security error occurred.") << code;
    for (const auto* code : {"5", "0x5", "0x80070005", "-2147024891", "2147942405"})
        EXPECT_EQ(said(code), "Access is denied.") << code;
    EXPECT_EQ(said("0"), "The operation completed successfully.");
    EXPECT_EQ(said("80338012"), "") << "eight digits may be decimal, and are";
}

TEST(WindowsCodes, NothingElseHasAText) {
    for (const std::uint32_t code : {0x12345678U, 0x8007FFFFU, 0xFFFFFFFFU, 0x80338FFFU, 0xC0072F8FU})
        EXPECT_EQ(message_of(code), "") << std::hex << code;
    for (const auto* text : {"", "0x", "-", "x", "0x1FFFFFFFF", "-0x5", "5 ", "4294967296", "-2147483649",
                             "80072F8", "G0072F8F"})
        EXPECT_FALSE(parse_error_code(text)) << text;
}

}  // namespace
}  // namespace mullion::winrm
