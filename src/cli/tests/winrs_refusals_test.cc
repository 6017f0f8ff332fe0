#include "cli/winrs_refusals.h"

#include <gtest/gtest.h>

namespace mullion::cli {
namespace {

Error denied(std::string detail) {
    Error error(ErrorId::wsman_access_denied, std::move(detail));
    error.wsman_code = 5;
    return error;
}

client::RunOptions with(std::vector<std::pair<std::string, std::string>> environment) {
    client::RunOptions options;
    options.environment = std::move(environment);
    return options;
}

bool advises(const Error& error, std::string_view text) {
    return !error.advice.empty() && error.advice.front().find(text) != std::string::npos;
}

TEST(WinrsRefusals, NameTheVariable) {
    const auto told = explain_refusal(denied("Access is denied. (set environment)"),
                                      with({{"A", "1"}, {"LD_PRELOAD", "x"}, {"LD_AUDIT", "y"}}), false);
    EXPECT_EQ(told.id, ErrorId::wsman_fault);
    EXPECT_EQ(told.wsman_code, 5U);
    EXPECT_TRUE(advises(told, "does not take LD_PRELOAD, LD_AUDIT from a client"));
    const auto other =
        explain_refusal(denied("Access is denied. (set environment)"), with({{"A", "1"}}), false);
    EXPECT_TRUE(advises(other, "one of the variables of -environment"));
}

TEST(WinrsRefusals, SayWhoTheCommandWouldRunAs) {
    const auto local = explain_refusal(denied("Access is denied. (become user)"), with({}), true);
    EXPECT_TRUE(advises(local, "Nobody logged on: without -username"));
    EXPECT_TRUE(advises(local, "-username:NAME"));
    const auto remote = explain_refusal(denied("Access is denied. (become user)"), with({}), false);
    EXPECT_TRUE(advises(remote, "--allow-root"));
}

TEST(WinrsRefusals, TellOfPam) {
    const auto told = explain_refusal(
        denied("Access is denied. (PAM refused a session; the service's log says why.)"), with({}), false);
    EXPECT_EQ(told.id, ErrorId::wsman_fault);
    EXPECT_TRUE(advises(told, "PAM on the host lets this user have no session now"));
}

TEST(WinrsRefusals, LeaveOthersAlone) {
    const auto rights = explain_refusal(denied("Access is denied."), with({{"LD_PRELOAD", "x"}}), true);
    EXPECT_EQ(rights.id, ErrorId::wsman_access_denied);
    EXPECT_TRUE(rights.advice.empty());
    const auto other = explain_refusal(Error(ErrorId::wsman_fault, "(become user)"), with({}), true);
    EXPECT_TRUE(other.advice.empty());
}

}  // namespace
}  // namespace mullion::cli
