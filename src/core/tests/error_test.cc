#include "core/error.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace mullion {
namespace {

TEST(ErrorTable, IdsAreUniqueAndOfOneForm) {
    std::set<std::string_view> seen;
    for (const auto& entry : all_errors()) {
        EXPECT_TRUE(seen.insert(entry.id).second) << entry.id;
        EXPECT_TRUE(std::regex_match(std::string(entry.id), std::regex("[a-z]+\\.[a-z_0-9]+"))) << entry.id;
        EXPECT_FALSE(entry.text.empty()) << entry.id;
    }
}

TEST(ErrorTable, RowsStandInTheOrderOfTheirEnumerators) {
    for (const auto& entry : all_errors()) EXPECT_EQ(&row(entry.error), &entry);
}

TEST(ErrorTable, ExitCodeFollowsStatus) {
    for (const auto& entry : all_errors()) {
        if (entry.status == Status::ok) {
            EXPECT_EQ(entry.exit_code, 0) << entry.id;
        } else {
            EXPECT_NE(entry.exit_code, 0) << entry.id;
        }
    }
}

TEST(Error, SaysHostStepAndWhat) {
    const Error error = Error(ErrorId::net_refused, "10.0.0.1 port 5985").at_step("connect").on_host("web01");
    EXPECT_EQ(error.message(), "web01: connect: the connection was refused: 10.0.0.1 port 5985");
}

TEST(Error, TheFirstToNameTheStepWins) {
    const Error error = Error(ErrorId::net_refused, "x").at_step("connect").at_step("run");
    EXPECT_EQ(error.step, "connect");
}

TEST(Error, OwnAdviceComesFirst) {
    Error error(ErrorId::usage_invalid, "x");
    error.advice.emplace_back("first");
    ASSERT_GE(error.all_advice().size(), 2U);
    EXPECT_EQ(error.all_advice().front(), "first");
}

}  // namespace
}  // namespace mullion
