#include "os/program.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "os/tests/temporary_folder.h"

namespace mullion::os {
namespace {

constexpr Duration long_enough{60'000};

TEST(Program, SaysHowItEndedAndWhatItSaid) {
    const auto end = run_program({"sh", "-c", "echo out; echo err >&2; cat; exit 3"}, long_enough);
    ASSERT_TRUE(end.ok()) << end.error().message();
    EXPECT_EQ(end->exit_code, 3);
    EXPECT_EQ(end->output, "out\n");
    EXPECT_EQ(end->errors, "err\n");
    EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}, long_enough)->exit_code, 137);
    EXPECT_EQ(run_program({"sh", "-c", "echo $LC_ALL"}, long_enough)->output, "C\n");
    EXPECT_EQ(run_program({"printf", "%s", "$HOME; *"}, long_enough)->output, "$HOME; *")
        << "no shell between";
}

TEST(Program, KeepsAMegabyteAndDropsTheRest) {
    const auto end =
        run_program({"sh", "-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"}, long_enough);
    ASSERT_TRUE(end.ok());
    EXPECT_EQ(end->output.size(), 1024U * 1024U);
    EXPECT_EQ(end->errors.size(), 1024U * 1024U);
}

TEST(Program, IsKilledWithWhatItStarted) {
    const auto end = run_program({"sh", "-c", "sleep 1000 & wait"}, Duration(50));
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().id, ErrorId::usage_file);
    EXPECT_NE(end.error().detail.find("did not end"), std::string::npos);
}

TEST(Program, IsLookedForInPathFirstAndNeverHere) {
    const TemporaryFolder folder;
    std::ofstream(folder / "systemctl") << "#!/bin/sh\necho mine\n";
    ASSERT_EQ(::chmod((folder / "systemctl").c_str(), 0700), 0);
    const std::string before = std::getenv("PATH");
    ::setenv("PATH", (folder.path() + ":" + before).c_str(), 1);
    EXPECT_EQ(find_on_path("systemctl"), folder / "systemctl");
    EXPECT_EQ(run_program({"systemctl"}, long_enough)->output, "mine\n");
    ::setenv("PATH", "", 1);
    EXPECT_NE(find_on_path("sh"), "") << "the usual folders are looked at without it";
    ::setenv("PATH", ".:relative", 1);
    EXPECT_EQ(find_on_path("CMakeCache.txt"), "");
    ::setenv("PATH", before.c_str(), 1);
    const auto none = run_program({"no-such-program-here"}, long_enough);
    ASSERT_FALSE(none.ok());
    EXPECT_NE(none.error().detail.find("not installed"), std::string::npos);
}

}  // namespace
}  // namespace mullion::os
