#include "checks/modes/link_status.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

std::string adapter(std::string_view name, std::string_view status) {
    return fmt::format(
        "<Name>{}</Name><NetConnectionID>Ethernet</NetConnectionID><NetConnectionStatus>{}"
        "</NetConnectionStatus><NetEnabled>true</NetEnabled>",
        name, status);
}

Played status_of(std::string_view number, Words words = words_of({{"add-status", ""}})) {
    const auto row = adapter("x", number);
    return play(interfaces_mode(), {.words = std::move(words), .answers = {rows({row})}});
}

TEST(LinkStatus, CountersHaveOtherNames) {
    EXPECT_EQ(counter_name("Intel(R) 82574L Gigabit Network Connection #2"),
              "Intel[R] 82574L Gigabit Network Connection _2");
    EXPECT_EQ(counter_name("Broadcom 10/25Gb \\ (a)"), "Broadcom 10_25Gb _ [a]");
    EXPECT_EQ(counter_name("vmxnet3 Ethernet Adapter"), "vmxnet3 Ethernet Adapter");
}

TEST(LinkStatus, WhatIsMissingIsCriticalAndWhatWasSwitchedOffOrBeginsIsNot) {
    for (const auto* well : {"0", "1", "2", "3", "5", "8", "9", "13", "65535"})
        EXPECT_EQ(status_of(well).exit_code, 0) << well;
    for (const auto* missing : {"4", "6", "7", "10", "11", "12"})
        EXPECT_EQ(status_of(missing).exit_code, 2) << missing;
    EXPECT_EQ(status_of("65535").text,
              "OK: Interface 'x' status: unknown (65535) \nInterface 'x' status: unknown (65535)\n");
}

TEST(LinkStatus, AsksNothingElseUnlessSomethingElseIsWanted) {
    const auto alone = status_of("2");
    EXPECT_EQ(alone.rounds[0].size(), 1U);
    EXPECT_TRUE(alone.samples.now.values.empty());
    const auto options = interfaces_mode().options;
    const Words only = words_of({{"add-status", ""}});
    EXPECT_TRUE(LinkStatus::is_alone(only, options));
    EXPECT_FALSE(LinkStatus::is_alone({}, options));
    for (const auto* more : {"add-traffic", "add-errors"})
        EXPECT_FALSE(LinkStatus::is_alone(words_of({{"add-status", ""}, {more, ""}}), options)) << more;
    for (const auto* more : {"warning-instance-interface-traffic-in-bitspersecond",
                             "critical-instance-interface-packets-out-error-count"})
        EXPECT_FALSE(LinkStatus::is_alone(words_of({{"add-status", ""}, {more, "80"}}), options)) << more;
    // A condition of it says nothing of traffic, which is counted as ever.
    EXPECT_FALSE(LinkStatus::is_alone(words_of({{"critical-status", "1"}}), options));
    EXPECT_TRUE(LinkStatus::is_asked_for(words_of({{"critical-status", "1"}})));
    EXPECT_FALSE(LinkStatus::is_asked_for(words_of({{"critical-status", ""}})));
}

TEST(LinkStatus, ConditionsAreRefusedBeforeAnybodyIsAsked) {
    const auto played = play(interfaces_mode(), {.words = words_of({{"critical-status", "%{status} eq"}})});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->id, ErrorId::usage_invalid);
}

TEST(LinkStatus, FiltersOfCountersLeaveItAlone) {
    EXPECT_EQ(status_of("7", words_of({{"add-status", ""}, {"filter-counters", "in-traffic"}})).exit_code, 2);
}

}  // namespace
}  // namespace mullion::checks::tests
