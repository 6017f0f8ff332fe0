// Which program a command goes to: the login shell, and what stands in for Windows' own.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "monitor/tests/running_monitor.h"
#include "os/user.h"

namespace mullion::monitor {
namespace {

struct WhichShell : testing::Test {
    StateFolder state;
    RunningMonitor monitor{state.path()};
    std::string folder{state.path() + "/programs"};

    void SetUp() override { ASSERT_EQ(::mkdir(folder.c_str(), 0755), 0); }
    void write_program(const std::string& name, const std::string& text) const {
        ASSERT_TRUE(os::write_file_atomic(folder + '/' + name, text, 0755).ok());
    }
    // On the PATH that commands have by themselves, and before all that is there.
    os::SpawnRequest with_folder(std::uint64_t token, const std::string& script) const {
        os::SpawnRequest request = shell(token, "PATH=" + folder + ":$PATH; " + script);
        return request;
    }
};

TEST_F(WhichShell, IsTheUsersOwnWhereThatIsAskedFor) {
    os::SpawnRequest request = shell(1, "echo $0");
    request.argv = {"/bin/sh", "-c", "echo $0"};
    EXPECT_EQ(monitor.run(request).output, "/bin/sh\n");
    request.token = 2;
    request.login_shell = true;
    const std::string own = os::current_user().value().shell;
    if (!own.ends_with("sh")) GTEST_SKIP() << own << " is no shell";
    EXPECT_EQ(monitor.run(request).output, own + "\n");
}

TEST_F(WhichShell, OfSomebodyWhoMayNotLogInIsNone) {
    if (!os::is_root()) GTEST_SKIP() << "needs root";
    state.write_list("nobody\n");
    os::SpawnRequest request = shell(1, "echo in");
    request.unix_user = "nobody";
    EXPECT_EQ(monitor.run(request).output, "in\n");
    request.token = 2;
    request.login_shell = true;
    const auto outcome = monitor.run(request);
    EXPECT_NE(outcome.output, "in\n");  // nologin says so, and fails.
    EXPECT_NE(outcome.exited.value, 0);
}

TEST_F(WhichShell, PowerShellIsPwshWhereThatIs) {
    write_program("pwsh", "#!/bin/sh\nfor a; do printf '[%s]' \"$a\"; done; echo\n");
    std::uint64_t token = 0;
    const auto said = [&](const std::string& line) { return monitor.run(with_folder(++token, line)).output; };
    for (const char* name : {"powershell", "powershell.exe", "PowerShell", "PowerShell.exe", "pwsh.exe"})
        EXPECT_EQ(said(name + std::string(" -NoProfile -EncodedCommand QQA=")),
                  "[-NoProfile][-EncodedCommand][QQA=]\n");
    EXPECT_EQ(
        said("powershell -Version 5.1 -Sta -WindowStyle Hidden -NoLogo -Command 'Get-Date  -x' -Sta ''"),
        "[-NoLogo][-Command][Get-Date  -x][-Sta][]\n");
    EXPECT_EQ(said("powershell -version"), "[-version]\n");
    EXPECT_EQ(said("powershell /tmp/version.ps1"), "[/tmp/version.ps1]\n");
    EXPECT_EQ(said("powershell"), "\n");
}

// Of the machine's own comes first.
TEST_F(WhichShell, AnotherPowerShellIsLeftAlone) {
    write_program("powershell", "#!/bin/sh\necho mine\n");
    EXPECT_EQ(monitor.run(with_folder(1, "powershell -NoProfile")).output, "mine\n");
}

TEST_F(WhichShell, WithoutPwshItSaysSo) {
    if (::access("/usr/bin/pwsh", X_OK) == 0) GTEST_SKIP() << "pwsh is installed";
    const auto outcome = monitor.run(shell(1, "powershell.exe -NoProfile -EncodedCommand QQA="));
    EXPECT_EQ(outcome.exited.value, 127);
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    EXPECT_NE(outcome.error.find(std::string("pwsh is not installed on ") + host.data()), std::string::npos)
        << outcome.error;
}

// Without a shell the monitor's child looks on the same PATH.
TEST_F(WhichShell, IsFoundWithoutAShellToo) {
    if (::access("/usr/bin/pwsh", X_OK) == 0) GTEST_SKIP() << "pwsh is installed";
    os::SpawnRequest request = shell(1, "");
    request.argv = {"powershell.exe", "-NoProfile"};
    EXPECT_EQ(monitor.run(request).exited.value, 127);
}

}  // namespace
}  // namespace mullion::monitor
