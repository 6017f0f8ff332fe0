#include "os/user.h"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "os/file.h"

namespace mullion::os {
namespace {

TEST(User, IsFoundByNameAndNumber) {
    const auto root = find_user("root").value();
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(root->uid, 0U);
    EXPECT_EQ(find_user(uid_t{0}).value()->name, "root");
    EXPECT_FALSE(find_user("no-such-user-here").value().has_value());
    EXPECT_FALSE(find_user("").value().has_value());
    EXPECT_EQ(current_user().value().uid, ::geteuid());
}

TEST(User, HasGroups) {
    const auto root = *find_user("root").value();
    const auto groups = groups_of(root);
    EXPECT_NE(std::find(groups.begin(), groups.end(), root.gid), groups.end());
    EXPECT_EQ(find_group("root").value(), gid_t{0});
    EXPECT_FALSE(find_group("no-such-group-here").value().has_value());
    EXPECT_FALSE(find_group("").value().has_value());
    EXPECT_EQ(groups_of(User{"no-such-user-here", 4711, 4712, "", ""}), std::vector<gid_t>{4712});
}

TEST(User, IsNoOneByDefault) {
    EXPECT_EQ(User{}.uid, static_cast<uid_t>(-1));
}

template <class Body>
int in_child(Body body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body());
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string status_line(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(key + ":")) return line.substr(key.size() + 2);
    }
    return "missing";
}

int drop_for_good(const User& user) {
    if (!drop_to_user(user).ok()) return 1;
    if (::getuid() != user.uid || ::getegid() != user.gid || ::getgroups(0, nullptr) != 0) return 2;
    if (::setuid(0) == 0 || ::setgid(0) == 0) return 3;
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
        if (status_line(set) != "0000000000000000") return 4;
    }
    if (status_line("NoNewPrivs") != "1") return 5;
    if (::prctl(PR_GET_DUMPABLE) != 0) return 6;
    return ::access("/etc/shadow", R_OK) == 0 ? 7 : 0;
}

TEST(DropToUser, CannotComeBack) {
    if (!is_root()) GTEST_SKIP() << "needs root";
    const User nobody = find_user("nobody").value().value();
    EXPECT_EQ(in_child([&] {
                  const gid_t more = 0;
                  if (::setgroups(1, &more) != 0) return 9;
                  return drop_for_good(nobody);
              }),
              0);
}

// The NTLM acceptor reads its key file through /proc/self/fd: an undumpable process still can.
TEST(DropToUser, LeavesTheProcessItsOwnDescriptors) {
    if (!is_root()) GTEST_SKIP() << "needs root";
    const User nobody = find_user("nobody").value().value();
    EXPECT_EQ(in_child([&] {
                  if (!drop_to_user(nobody).ok()) return 1;
                  const UniqueFd memory(::memfd_create("test", MFD_CLOEXEC));
                  const std::string path = "/proc/self/fd/" + std::to_string(memory.get());
                  return UniqueFd(::open(path.c_str(), O_RDWR | O_CLOEXEC)) ? 0 : 2;
              }),
              0);
}

TEST(DropToUser, RefusesRootAndNoOne) {
    for (const auto& user : {User{"root", 0, 0, "/", "/bin/sh"}, User{}}) {
        const auto dropped = drop_to_user(user);
        ASSERT_FALSE(dropped.ok());
        EXPECT_EQ(dropped.error().id, ErrorId::serve_rights);
    }
}

TEST(DropToUser, WithoutRootIsForOneselfOnly) {
    const User nobody = find_user("nobody").value().value();
    EXPECT_EQ(in_child([&] {
                  if (is_root() && !drop_to_user(nobody).ok()) return 1;
                  const User self = current_user().value();
                  if (!drop_to_user(self).ok()) return 2;
                  return drop_to_user(User{"other", self.uid + 1, self.gid, "/", ""}).ok() ? 3 : 0;
              }),
              0);
}

}  // namespace
}  // namespace mullion::os
