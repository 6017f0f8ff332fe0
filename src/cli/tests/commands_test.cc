#include "cli/commands.h"

#include <gtest/gtest.h>

#include <set>

#include "cli/exit_status.h"

namespace mullion::cli {
namespace {

int run(std::vector<const char*> words) {
    words.insert(words.begin(), "mullion");
    return run_command_line(static_cast<int>(words.size()), words.data());
}

TEST(Commands, HaveNamesOfTheirOwn) {
    std::set<std::string_view> names;
    for (const auto& command : all_commands()) EXPECT_TRUE(names.insert(command.name).second) << command.name;
}

TEST(Commands, EveryOneHasHelpWithAnExample) {
    for (const auto& command : all_commands()) {
        if (command.summary.empty() || command.program != nullptr || command.words != nullptr) continue;
        CLI::App app;
        Action action;
        command.declare(app, action);
        EXPECT_NE(app.help().find("Example"), std::string::npos) << command.name;
    }
}

TEST(CommandLine, WrongUsageIsFive) {
    EXPECT_EQ(run({}), exit_status::usage);
    EXPECT_EQ(run({"no-such-command"}), exit_status::usage);
    EXPECT_EQ(run({"docs"}), exit_status::usage);
    EXPECT_EQ(run({"docs", "no-such-page"}), exit_status::usage);
    EXPECT_EQ(run({"docs", "errors", "--no-such-option"}), exit_status::usage);
}

TEST(CommandLine, HelpAndVersionAreNoErrors) {
    EXPECT_EQ(run({"--version"}), exit_status::ok);
    EXPECT_EQ(run({"--help"}), exit_status::ok);
    EXPECT_EQ(run({"docs", "--help"}), exit_status::ok);
    EXPECT_EQ(run({"help"}), exit_status::ok);
    EXPECT_EQ(run({"help", "auth"}), exit_status::ok);
    EXPECT_EQ(run({"help", "run"}), exit_status::ok);
    EXPECT_EQ(run({"help", "no-such-topic"}), exit_status::usage);
}

}  // namespace
}  // namespace mullion::cli
