#include "simulate/windows_side.h"

#include <gtest/gtest.h>

#include "encoding/base64.h"

namespace mullion::simulate {
namespace {

const std::string steps =
    "Add-Step 'service' @() 'It runs' 'WindowsService' @{ Name = 'WinRM' }\n\n"
    "Add-Step 'listener-https' @('service') 'It listens' 'Listener' @{ Port = '5986' }\n\n"
    "Add-Step 'auth-basic' @('service', 'listener-https') 'Basic' 'WsmanValue' @{ Value = 'true' }\n\n"
    "Add-Step 'account' @() 'There is one' 'LocalUser' @{ User = 'monitor' }\n\n";

std::string input(const std::string& mode, const std::string& body = steps,
                  const std::string& session = "https:5986 cGFzcw==") {
    return session + "\n" +
           encoding::base64_encode("param(\n    [string]$Mode = '" + mode +
                                   "'\n)\n$MullionName = 'host'\n\n" + body) +
           "\n";
}

WindowsSide::Played play(WindowsSide& side, const std::string& mode, const std::string& body = steps) {
    const auto script = read_prepare_input(input(mode, body));
    EXPECT_TRUE(script);
    return side.play(*script);
}

// "service ok, listener-https changed"
std::string states(const WindowsSide::Played& played) {
    std::string out;
    std::string_view rest = played.output;
    for (constexpr std::string_view mark = "mullion-step\t"; rest.find(mark) != std::string_view::npos;) {
        rest.remove_prefix(rest.find(mark) + mark.size());
        const auto id = rest.substr(0, rest.find('\t'));
        rest.remove_prefix(id.size() + 1);
        out +=
            (out.empty() ? "" : ", ") + std::string(id) + " " + std::string(rest.substr(0, rest.find('\t')));
    }
    return out;
}

template <class Fill>
WindowsSide side_of(Fill fill) {
    WindowsSideSpec spec;
    fill(spec);
    return WindowsSide(std::make_shared<const WindowsSideSpec>(std::move(spec)));
}

// A step that had to be done again later stands behind those that need it, and is undone after them all the
// same.
TEST(WindowsSideUndo, FollowsWhatNeedsWhat) {
    auto side = side_of([](WindowsSideSpec&) {});
    const std::string later =
        "Add-Step 'listener-https' @('service') 'It listens' 'Listener' @{ Port = '5986' }\n\n";
    const std::string first = "Add-Step 'service' @() 'It runs' 'WindowsService' @{ Name = 'WinRM' }\n\n";
    EXPECT_EQ(states(play(side, "Apply", later)), "listener-https changed");
    EXPECT_EQ(states(play(side, "Apply", first)), "service changed");
    EXPECT_EQ(states(play(side, "Undo", later)), "listener-https changed, service changed");
}

TEST(PrepareInput, IsReadOfTheScript) {
    const auto script = read_prepare_input(input("Check"));
    ASSERT_TRUE(script);
    EXPECT_EQ(script->journal, "host");
    EXPECT_EQ(script->mode, "Check");
    EXPECT_TRUE(script->has_password);
    ASSERT_EQ(script->steps.size(), 4U);
    EXPECT_EQ(script->steps[2].id, "auth-basic");
    EXPECT_EQ(script->steps[2].needs, (std::vector<std::string>{"service", "listener-https"}));
    EXPECT_FALSE(read_prepare_input(input("Check", steps, "https:5986 -"))->has_password);
}

TEST(PrepareInput, OfEveryTruncationIsNothingOrFewerSteps) {
    const auto whole = input("Apply");
    EXPECT_FALSE(read_prepare_input("whoami\n"));
    EXPECT_FALSE(read_prepare_input(input("Perhaps")));
    for (std::size_t size = 0; size + 4 < whole.size(); ++size)
        if (const auto script = read_prepare_input(whole.substr(0, size))) {
            EXPECT_LE(script->steps.size(), 4U) << size;
        }
}

TEST(WindowsSide, ChangesOnceAndNothingTheSecondTime) {
    auto side = side_of([](WindowsSideSpec&) {});
    auto played = play(side, "Check");
    EXPECT_EQ(states(played), "service changed, listener-https changed, auth-basic changed, account changed");
    EXPECT_EQ(played.exit_code, 2U);
    played = play(side, "Apply");
    EXPECT_EQ(states(played), "service changed, listener-https changed, auth-basic changed, account changed");
    EXPECT_EQ(played.exit_code, 0U);
    EXPECT_TRUE(played.output.ends_with("mullion-end\t0\r\n"));
    EXPECT_EQ(states(play(side, "Apply")), "service ok, listener-https ok, auth-basic ok, account ok");
    EXPECT_EQ(play(side, "Check").exit_code, 0U);
}

TEST(WindowsSide, PutsBackWhatItChangedInReverse) {
    auto side = side_of([](WindowsSideSpec& spec) { spec.done = {"service"}; });
    (void)play(side, "Apply");
    EXPECT_EQ(states(play(side, "Undo")),
              "account changed, auth-basic changed, listener-https changed, service ok");
    EXPECT_EQ(states(play(side, "Check")),
              "service ok, listener-https changed, auth-basic changed, account changed");
    EXPECT_EQ(states(play(side, "Undo")), "service ok, listener-https ok, auth-basic ok, account ok");
}

TEST(WindowsSide, UndoesToTheBeginningAlsoAfterTwoRuns) {
    auto side = side_of([](WindowsSideSpec& spec) { spec.done = {"service", "account"}; });
    auto other = steps;
    other.replace(other.find("5986"), 4, "4443");
    (void)play(side, "Apply");
    EXPECT_EQ(states(play(side, "Apply", other)),
              "service ok, listener-https changed, auth-basic ok, account ok");
    EXPECT_EQ(states(play(side, "Undo", other)),
              "auth-basic changed, listener-https changed, service ok, account ok");
    EXPECT_EQ(states(play(side, "Check", other)),
              "service ok, listener-https changed, auth-basic changed, account ok");
}

TEST(WindowsSide, SkipsWhatNeedsAStepThatFailed) {
    auto side = side_of([](WindowsSideSpec& spec) { spec.fails = {{"listener-https", "no certificate"}}; });
    auto played = play(side, "Apply");
    EXPECT_EQ(states(played), "service changed, listener-https failed, auth-basic skipped, account changed");
    EXPECT_EQ(played.exit_code, 1U);
    EXPECT_NE(played.output.find("listener-https\tfailed\tno certificate"), std::string::npos);
    EXPECT_NE(played.output.find("auth-basic\tskipped\tbecause of listener-https"), std::string::npos);
    // Only what was done is put back.
    EXPECT_EQ(states(play(side, "Undo")),
              "account changed, service changed, listener-https ok, auth-basic ok");
}

TEST(WindowsSide, BreaksOffWithoutAnEnd) {
    auto side = side_of([](WindowsSideSpec& spec) { spec.ends_after = "listener-https"; });
    const auto played = play(side, "Apply");
    EXPECT_EQ(states(played), "service changed, listener-https changed");
    EXPECT_EQ(played.output.find("mullion-end"), std::string::npos);
}

TEST(WindowsSide, NeedsAPasswordForANewAccount) {
    auto side = side_of([](WindowsSideSpec& spec) {
        spec.done = {"service", "listener-https", "auth-basic"};
    });
    const auto script = read_prepare_input(input("Apply", steps, "https:5986 -")).value();
    EXPECT_EQ(states(side.play(script)), "service ok, listener-https ok, auth-basic ok, account failed");
}

}  // namespace
}  // namespace mullion::simulate
