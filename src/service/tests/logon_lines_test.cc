#include "service/access/logon_lines.h"

#include <gtest/gtest.h>

namespace mullion::service {
namespace {

using channel::LogonAttempt;
using namespace std::chrono_literals;

const Error wrong(ErrorId::auth_rejected, "ntlm: wrong password for alice");

TEST(LogonLine, SaysWhoFromWhereHowAndWhy) {
    EXPECT_EQ(logon_line({"alice", "10.0.0.5", "Negotiate", "kerberos"}, nullptr, 0ms),
              "logon from 10.0.0.5: \"alice\" by Negotiate (kerberos)");
    EXPECT_EQ(
        logon_line({"CORP\\alice", "10.0.0.5", "CredSSP", "ntlm"}, &wrong, 0ms),
        "logon refused from 10.0.0.5: \"CORP\\alice\" by CredSSP (ntlm): ntlm: wrong password for alice");
    EXPECT_EQ(
        logon_line({"alice", "::2", "Basic", ""}, &wrong, 250ms),
        "logon refused from ::2: \"alice\" by Basic: ntlm: wrong password for alice; answered after 0.25 s");
}

TEST(LogonLine, WithoutANameOrAReason) {
    const Error bare(ErrorId::auth_rejected, "");
    EXPECT_EQ(logon_line({"", "10.0.0.5", "Kerberos", ""}, &bare, 0ms),
              "logon refused from 10.0.0.5: somebody by Kerberos: the host rejected the credentials");
}

TEST(LogonLine, ANameCannotForgeTheRest) {
    EXPECT_EQ(logon_line({"x\" by Basic\nwarning logon\x1b[2J\x9b", "10.0.0.5", "Basic", ""}, nullptr, 0ms),
              "logon from 10.0.0.5: \"x\\x22 by Basic\\x0awarning logon\\x1b[2J\\x9b\" by Basic");
    const auto line = logon_line({std::string(5'000, 'a'), "10.0.0.5", "Basic", ""}, nullptr, 0ms);
    EXPECT_LT(line.size(), 250U);
    const Error long_winded(ErrorId::auth_rejected, std::string(50'000, 'b'));
    EXPECT_LT(logon_line({"a", "10.0.0.5", "Certificate", ""}, &long_winded, 0ms).size(), 1'200U);
}

constexpr MonotonicTime start{1h};

TEST(RefusalLines, OneAddressDoesNotHideTheOthers) {
    RefusalLines lines;
    for (unsigned i = 0; i < RefusalLines::most_of_address; ++i)
        EXPECT_TRUE(lines.may_write("10.0.0.1", start));
    EXPECT_FALSE(lines.may_write("10.0.0.1", start));
    EXPECT_TRUE(lines.may_write("10.0.0.2", start));
}

TEST(RefusalLines, AllTogetherAreBounded) {
    RefusalLines lines;
    unsigned written = 0;
    for (unsigned i = 0; i < 10'000; ++i) written += lines.may_write(std::to_string(i), start) ? 1 : 0;
    EXPECT_EQ(written, RefusalLines::most);
    EXPECT_EQ(lines.missed(start + RefusalLines::span - 1ms), std::nullopt);
    EXPECT_EQ(lines.missed(start + RefusalLines::span), "and 9900 more log-ons were refused");
    EXPECT_EQ(lines.missed(start + 3 * RefusalLines::span), std::nullopt);
    EXPECT_TRUE(lines.may_write("10.0.0.1", start + RefusalLines::span));
}

TEST(RefusalLines, NothingIsMissedInQuietTimes) {
    RefusalLines lines;
    for (unsigned i = 0; i < 1'000; ++i) EXPECT_TRUE(lines.may_write("10.0.0.1", start + i * 1s));
    EXPECT_EQ(lines.missed(start + 2'000s), std::nullopt);
}

}  // namespace
}  // namespace mullion::service
