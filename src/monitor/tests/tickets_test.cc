// Forwarded tickets: where a command finds its own, and that nobody else does, and when they are gone.
#include <gtest/gtest.h>
#include <linux/keyctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "monitor/tests/adopting.h"
#include "monitor/tests/running_monitor.h"
#include "monitor/ticket_folders.h"
#include "monitor/ticket_keyring.h"
#include "os/user.h"

namespace mullion::monitor {
namespace {

constexpr std::size_t too_large_for_a_key = 32 * 1024;
constexpr const char* show = "echo $KRB5CCNAME; case $KRB5CCNAME in FILE:*) cat ${KRB5CCNAME#FILE:};; esac";
constexpr const char* granting = "krbtgt/EXAMPLE.TEST@EXAMPLE.TEST";

std::shared_ptr<const os::SpawnTicket> ticket(std::size_t size = 500) {
    auto made = std::make_shared<os::SpawnTicket>();
    made->client = "(the client)";
    made->server = granting;
    made->credential = Secret(std::string(size, 't'));
    return made;
}

// In a process of its own, whose session keyring it gets. Its exit status.
int in_a_child(int (*work)()) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = -1;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_keyrings() {
    return in_a_child([] { return put_into_keyring(*ticket()) ? 0 : 1; }) == 0;
}

std::string key(const char* name) {
    std::string content(4096, '\0');
    const long found = ::syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name, 0);
    const long size = ::syscall(SYS_keyctl, KEYCTL_READ, found, content.data(), content.size());
    content.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return content;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

struct TicketsTest : testing::Test {
    os::SpawnRequest with_ticket(const std::string& script, std::size_t size = 500) {
        os::SpawnRequest request = shell(++token, script);
        request.ticket = ticket(size);
        return request;
    }
    std::uint64_t token = 0;
    StateFolder state;
    RunningMonitor monitor{state.path()};
};

TEST_F(TicketsTest, AreInAKeyringOfTheCommandsOwn) {
    if (!has_keyrings()) GTEST_SKIP() << "the kernel has no keyrings, or forbids them here";
    EXPECT_EQ(monitor.run(with_ticket(show)).output, std::string(keyring_cache) + "\n");
    const auto look = [] {
        if (!put_into_keyring(*ticket())) return 1;
        if (key("__krb5_princ__") != ticket()->client) return 2;
        return key(granting) == std::string(500, 't') ? 0 : 3;
    };
    EXPECT_EQ(in_a_child(look), 0);
    const auto leave = [] {
        if (!put_into_keyring(*ticket()) || !put_into_keyring(*ticket(too_large_for_a_key))) return 0;
        return 1;
    };
    EXPECT_EQ(in_a_child(leave), 0);
}

// A ticket with the groups of a Windows account; and every ticket, where the kernel has no keyrings.
TEST_F(TicketsTest, AreInAFileOfTheUsersAloneWhereTheyCannotBeKeys) {
    const auto seen = monitor.run(
        with_ticket(std::string(show) + "; f=${KRB5CCNAME#FILE:}; ls -ld ${f%/tickets} | cut -c1-10",
                    too_large_for_a_key));
    ASSERT_TRUE(seen.started) << seen.failure.step;
    const std::string variable = first_line(seen.output);
    ASSERT_TRUE(variable.starts_with("FILE:/")) << variable;
    EXPECT_EQ(
        seen.output.substr(variable.size() + 1),
        std::string("\5\4\0\0", 4) + "(the client)" + std::string(too_large_for_a_key, 't') + "drwx------\n");
    monitor.close_socket();
    EXPECT_EQ(monitor.wait(), 0);
    EXPECT_FALSE(
        std::filesystem::exists(std::filesystem::path(variable.substr(5)).parent_path().parent_path()))
        << variable;
}

TEST_F(TicketsTest, InFilesGoWithTheCommand) {
    const auto request = with_ticket(
        "f=${KRB5CCNAME#FILE:}; touch ${f%/tickets}/another && "
        "ln -s /etc ${f%/tickets}/link && echo $KRB5CCNAME; exec cat >/dev/null",
        too_large_for_a_key);
    monitor.send(request);
    Event started = monitor.next_of(request.token);
    ASSERT_EQ(started.descriptors.size(), 3U);
    const std::string variable = read_until(started.descriptors[1], "\n");
    const auto folder = std::filesystem::path(variable.substr(5, variable.size() - 6)).parent_path();
    started.descriptors.clear();  // Its input ends.
    (void)monitor.next_of(request.token);
    EXPECT_TRUE(std::filesystem::exists(folder / "tickets"));
    monitor.send(os::Release{request.token});
    const auto after = monitor.run("true");  // Handled after the release.
    EXPECT_TRUE(after.started);
    EXPECT_FALSE(std::filesystem::exists(folder));
    EXPECT_TRUE(std::filesystem::exists("/etc/passwd"));
}

TEST_F(TicketsTest, InFilesGoWithAMonitorThatIsKilled) {
    const Adopting adopting;
    const auto request = with_ticket("echo $KRB5CCNAME; exec sleep 1000", too_large_for_a_key);
    monitor.send(request);
    Event started = monitor.next_of(request.token);
    ASSERT_EQ(started.descriptors.size(), 3U);
    const std::string variable = read_until(started.descriptors[1], "\n");
    const auto folder = std::filesystem::path(variable.substr(5, variable.size() - 6)).parent_path();
    EXPECT_TRUE(std::filesystem::exists(folder));
    ASSERT_EQ(::kill(monitor.worker(), SIGKILL), 0);
    EXPECT_EQ(monitor.wait(), 128 + SIGKILL);
    EXPECT_FALSE(std::filesystem::exists(folder.parent_path()));
}

TEST_F(TicketsTest, AreNotThereWithoutOne) {
    EXPECT_EQ(monitor.run("echo [$KRB5CCNAME]").output, "[]\n");
}

TEST_F(TicketsTest, GiveWayToACacheThatTheClientNames) {
    auto request = with_ticket("echo $KRB5CCNAME");
    request.environment = {{"KRB5CCNAME", "FILE:/mine"}};
    EXPECT_EQ(monitor.run(std::move(request)).output, "FILE:/mine\n");
}

TEST_F(TicketsTest, OfAnotherUserAreHis) {
    if (!os::is_root()) GTEST_SKIP() << "needs root";
    state.write_list("nobody\n");
    for (const std::size_t size : {std::size_t{500}, too_large_for_a_key}) {
        auto request = with_ticket(show, size);
        request.unix_user = "nobody";
        const auto seen = monitor.run(std::move(request));
        ASSERT_TRUE(seen.started) << seen.failure.step;
        const bool in_key = size == 500 && has_keyrings();
        EXPECT_NE(seen.output.find(in_key ? keyring_cache : "tttt"), std::string::npos) << seen.output;
    }
}

// The monitor has others to serve.
TEST(TicketFolder, ThatItsUserFillsIsNotEmptiedForEver) {
    namespace fs = std::filesystem;
    const StateFolder parent;
    const auto folder = fs::path(parent.path()) / "filled";
    constexpr std::size_t many = 3'000;
    fs::create_directory(folder);
    for (std::size_t i = 0; i < many; ++i) fs::create_symlink("/etc", folder / std::to_string(i));
    fs::create_symlink("/etc/passwd", folder / "tickets");
    { const TicketFolder gone(folder.string()); }
    EXPECT_FALSE(fs::exists(fs::symlink_status(folder / "tickets")));
    const auto left = std::distance(fs::directory_iterator(folder), fs::directory_iterator());
    EXPECT_GT(left, 0);
    EXPECT_LT(left, static_cast<std::ptrdiff_t>(many));
}

TEST(TicketFolders, CannotBeWhereNothingIsInMemory) {
    const TicketFolders nowhere("/nonexistent");
    const TicketFolder folder = nowhere.place(1);
    EXPECT_TRUE(folder.path().empty());
    EXPECT_FALSE(write_ticket(ticket_file(folder, *ticket()), *ticket(), Person{}));
    EXPECT_EQ(errno, ENOTSUP);
}

}  // namespace
}  // namespace mullion::monitor
