#include "kerberos/kdc_answer.h"

#include <gtest/gtest.h>

#include "encoding/der.h"

namespace mullion::kerberos {
namespace {

using encoding::der_element;

std::string numbered(unsigned number, std::uint8_t tag, const std::string& content) {
    return der_element(static_cast<std::uint8_t>(0xa0U | number), der_element(tag, content));
}

std::string refusal(const std::string& time, const std::string& code, const std::string& realm) {
    auto fields = numbered(0, 0x02, "\x05") + numbered(1, 0x02, "\x1e") + numbered(4, 0x18, time) +
                  numbered(5, 0x02, std::string(1, '\0')) + numbered(6, 0x02, code);
    if (!realm.empty()) fields += numbered(7, 0x1b, realm);
    fields += numbered(9, 0x1b, "ALIAS.TEST");
    return der_element(0x7e, der_element(0x30, fields));
}

TEST(KdcAnswer, OfARefusalTellsClockCodeAndRealm) {
    const auto answer = read_kdc_answer(refusal("20260704120000Z", "\x44", "EXAMPLE.TEST"));
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->refusal);
    EXPECT_EQ(answer->error, 68);
    EXPECT_EQ(answer->client_realm, "EXAMPLE.TEST");
    ASSERT_TRUE(answer->time);
    EXPECT_EQ(std::chrono::system_clock::to_time_t(*answer->time), 1783166400);
}

// More than nanoseconds in 64 bits can count: a KDC may say any year.
TEST(KdcAnswer, OfAnyYear) {
    const auto answer = read_kdc_answer(refusal("99991231235959Z", "\x19", ""));
    ASSERT_TRUE(answer && answer->time);
    EXPECT_EQ(answer->time->time_since_epoch().count(), 253402300799);
}

TEST(KdcAnswer, OfATicketTellsTheRealm) {
    const auto fields = numbered(0, 0x02, "\x05") + numbered(1, 0x02, "\x0b") + numbered(3, 0x1b, "A.TEST");
    const auto answer = read_kdc_answer(der_element(0x6b, der_element(0x30, fields)));
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->refusal);
    EXPECT_EQ(answer->client_realm, "A.TEST");
    EXPECT_FALSE(answer->time);
}

TEST(KdcAnswer, IsNothingWhereItIsCut) {
    const auto whole = refusal("20260704120000Z", "\x19", "EXAMPLE.TEST");
    ASSERT_TRUE(read_kdc_answer(whole));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read_kdc_answer(std::string_view(whole).substr(0, size))) << size;
}

TEST(KdcAnswer, IsNothingWhereItIsSomethingElse) {
    for (const auto* time : {"20260704120000", "2026070412000xZ", "20261304120000Z", "19600704120000Z", ""})
        EXPECT_FALSE(read_kdc_answer(refusal(time, "\x19", ""))) << time;
    EXPECT_FALSE(read_kdc_answer(refusal("20260704120000Z", std::string(5, '\x01'), "")));
    EXPECT_FALSE(read_kdc_answer(refusal("20260704120000Z", "\x19", std::string(300, 'A'))));
    EXPECT_FALSE(read_kdc_answer(der_element(0x30, "")));
    EXPECT_FALSE(read_kdc_answer(der_element(0x7e, der_element(0x30, ""))));
    EXPECT_FALSE(read_kdc_answer("HTTP/1.1 200 OK\r\n\r\n"));
}

}  // namespace
}  // namespace mullion::kerberos
