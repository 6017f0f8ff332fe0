#include "checks/zone.h"

#include <gtest/gtest.h>

namespace mullion::checks {
namespace {

std::string big(std::uint64_t value, int size) {
    std::string bytes;
    for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i));
    return bytes;
}

std::string header(std::uint64_t times, std::uint64_t types, std::uint64_t characters) {
    return std::string("TZif2") + std::string(15, '\0') + big(0, 4) + big(0, 4) + big(0, 4) + big(times, 4) +
           big(types, 4) + big(characters, 4);
}

// One hour east, and two from the second 1000 to 2000.
std::string file() {
    const auto kinds = big(3600, 4) + big(0, 1) + big(0, 1) + big(7200, 4) + big(1, 1) + big(4, 1);
    return header(0, 1, 0) + big(0, 6) + header(2, 2, 8) + big(1000, 8) + big(2000, 8) + big(1, 1) +
           big(0, 1) + kinds + std::string("CET\0CST\0", 8);
}

TEST(Zone, HasTheOffsetOfEachTime) {
    const auto zone = Zone::parse(file());
    ASSERT_TRUE(zone.has_value());
    EXPECT_EQ(zone->offset_at(-1'000'000), 3600);
    EXPECT_EQ(zone->offset_at(999), 3600);
    EXPECT_EQ(zone->offset_at(1000), 7200);
    EXPECT_EQ(zone->offset_at(1999), 7200);
    EXPECT_EQ(zone->offset_at(2000), 3600);
}

TEST(Zone, EveryTruncationIsNone) {
    // The names at the end are not looked at.
    for (std::size_t size = 0; size + 8 < file().size(); ++size)
        EXPECT_FALSE(Zone::parse(file().substr(0, size))) << size;
}

TEST(Zone, WhatCanNotBeIsNone) {
    auto wrong = file();
    wrong[4] = '\0';  // Version 1.
    EXPECT_FALSE(Zone::parse(wrong));
    EXPECT_FALSE(Zone::parse(header(0, 0, 0) + header(0, 0, 0)));
    EXPECT_FALSE(Zone::parse(header(0xFFFFFFFF, 1, 0)));
    wrong = file();
    wrong[44 + 6 + 44 + 16] = 7;  // A kind that there is not.
    EXPECT_FALSE(Zone::parse(wrong));
    EXPECT_FALSE(Zone::parse(std::string(100'000, 'x')));
}

TEST(Zone, NamesStayInTheFolder) {
    for (const auto* name : {"../../etc/passwd", "/etc/localtime", "", "Europe/No Such", "."})
        EXPECT_FALSE(Zone::named(name).ok()) << name;
}

}  // namespace
}  // namespace mullion::checks
