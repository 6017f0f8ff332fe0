// SNTP: what is asked, what counts as an answer, and what it says of two clocks.
#include "checks/sntp.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mullion::checks {
namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

WallTime at(std::int64_t unix_microseconds) {
    return WallTime(microseconds(unix_microseconds));
}

void put(std::string& packet, std::size_t where, std::uint64_t value) {
    for (int i = 7; i >= 0; --i, value >>= 8)
        packet[where + static_cast<std::size_t>(i)] = static_cast<char>(value & 0xFF);
}

std::uint64_t stamp(std::uint64_t unix_seconds, std::uint32_t fraction = 0) {
    return (unix_seconds + 2'208'988'800U) << 32 | fraction;
}

class Sntp : public testing::Test {
protected:
    // A server of stratum 2 that got the question and sent its answer at these stamps.
    [[nodiscard]] std::string answer(std::uint64_t received, std::uint64_t sent) const {
        std::string packet(48, '\0');
        packet[0] = 4 << 3 | 4;
        packet[1] = 2;
        packet.replace(24, 8, question.packet().substr(40));
        put(packet, 32, received);
        put(packet, 40, sent);
        return packet;
    }

    CountingRandom random;
    const SntpQuestion question{random, at(1'000'000'000)};
};

TEST_F(Sntp, AsksAsAClientOfVersionFour) {
    ASSERT_EQ(question.packet().size(), 48U);
    EXPECT_EQ(question.packet()[0], 0x23);  // RFC 4330 5: leap 0, version 4, mode 3.
    EXPECT_EQ(question.packet().substr(1, 39), std::string(39, '\0'));
    EXPECT_NE(question.packet().substr(40), std::string(8, '\0'));
}

TEST_F(Sntp, AsksWithAnotherStampEachTime) {
    EXPECT_NE(SntpQuestion(random, at(0)).packet(), question.packet());
}

TEST_F(Sntp, TellsOfBothClocks) {
    // Sent at 1000.0 s, back at 1001.0 s here; there it was 990.25 and 990.75 in between.
    const auto packet = answer(stamp(990, 0x4000'0000), stamp(990, 0xC000'0000));
    const auto time = question.read(packet, at(1'001'000'000));
    ASSERT_TRUE(time.ok()) << time.error().detail;
    EXPECT_EQ(time->offset, -10s);
    EXPECT_EQ(time->sent, 990'750'000us);
}

TEST_F(Sntp, GoesOnWhereTheSecondsBeginAnew) {
    // 2036-02-07 06:28:16 UTC is 0 of the next era; here it is a second before.
    constexpr std::int64_t last = 2'085'978'495;
    const SntpQuestion late(random, at(last * 1'000'000));
    auto packet = answer(std::uint64_t{4} << 32, std::uint64_t{4} << 32);
    packet.replace(24, 8, late.packet().substr(40));
    const auto time = late.read(packet, at(last * 1'000'000));
    ASSERT_TRUE(time.ok());
    EXPECT_EQ(time->offset, 5s);
    EXPECT_EQ(time->sent, std::chrono::seconds(last + 5));
}

TEST_F(Sntp, AnotherStampIsNoAnswer) {
    auto packet = answer(stamp(990), stamp(990));
    ASSERT_TRUE(question.is_answered_by(packet));
    packet[31] = static_cast<char>(packet[31] ^ 1);
    EXPECT_FALSE(question.is_answered_by(packet));
    EXPECT_FALSE(question.read(packet, at(0)).ok());
}

TEST_F(Sntp, AnotherModeOrVersionIsNoAnswer) {
    auto packet = answer(stamp(990), stamp(990));
    for (const int first : {4 << 3 | 3, 4 << 3 | 5, 4 << 3 | 6, 0 << 3 | 4, 5 << 3 | 4}) {
        packet[0] = static_cast<char>(first);
        EXPECT_FALSE(question.is_answered_by(packet)) << first;
    }
    packet[0] = 3 << 3 | 4;  // A server of version 3.
    EXPECT_TRUE(question.is_answered_by(packet));
}

TEST_F(Sntp, AClockThatIsNotSetIsNone) {
    const auto good = answer(stamp(990), stamp(990));
    auto leap = good, far = good, unset = good;
    leap[0] = static_cast<char>(3 << 6 | 4 << 3 | 4);
    far[1] = 16;
    put(unset, 40, 0);
    for (const auto& packet : {leap, far, unset}) {
        const auto time = question.read(packet, at(0));
        ASSERT_FALSE(time.ok());
        EXPECT_EQ(time.error().detail, "the time server's own clock is not set");
    }
}

TEST_F(Sntp, AKissOfDeathIsNamed) {
    auto packet = answer(stamp(990), stamp(990));
    packet[1] = 0;
    packet.replace(12, 4, "RATE");
    const auto time = question.read(packet, at(0));
    ASSERT_FALSE(time.ok());
    EXPECT_EQ(time.error().detail, "the time server does not want to be asked: RATE");
}

TEST_F(Sntp, NoBeginningOfAnAnswerIsOne) {
    const auto packet = answer(stamp(990), stamp(990));
    for (std::size_t size = 0; size < packet.size(); ++size) {
        EXPECT_FALSE(question.is_answered_by(packet.substr(0, size))) << size;
        EXPECT_FALSE(question.read(packet.substr(0, size), at(0)).ok()) << size;
    }
    EXPECT_TRUE(question.read(packet + "extension", at(0)).ok());
}

}  // namespace
}  // namespace mullion::checks
