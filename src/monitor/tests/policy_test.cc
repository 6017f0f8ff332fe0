#include "monitor/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <cerrno>

namespace mullion::monitor {
namespace {

using Names = std::vector<std::string>;

TEST(ShellUsers, AreWholeLines) {
    EXPECT_EQ(parse_shell_users("# who may have a shell\nalice\n\nbob smith \r\nlast\n"),
              (Names{"alice", "bob smith", "last"}));
    EXPECT_EQ(parse_shell_users(""), Names{});
    EXPECT_EQ(parse_shell_users("\n \n\t\n"), Names{});
}

TEST(ShellUsers, OfEveryTruncationAreNoOneElse) {
    const std::string whole = "alice\nrootkeeper\n# note\nbob\n";
    const Names all{"alice", "rootkeeper", "bob"};
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const Names names = parse_shell_users(whole.substr(0, length));
        ASSERT_LT(names.size(), all.size()) << length;
        EXPECT_TRUE(std::equal(names.begin(), names.end(), all.begin())) << length;
    }
    EXPECT_EQ(parse_shell_users(whole), all);
}

TEST(ShellUsers, AreNoOneWhenTheFileIsNotAList) {
    EXPECT_EQ(parse_shell_users(std::string("alice\n\0", 7)), Names{});
    std::string many;
    for (int i = 0; i <= 4096; ++i) many += "u" + std::to_string(i) + "\n";
    EXPECT_EQ(parse_shell_users(many), Names{});
}

TEST(Policy, KnowsNoOneWithoutAList) {
    const Policy policy("/nonexistent/state");
    Refusal refusal;
    const auto person = policy.person("no-such-user-here", refusal);
    ASSERT_FALSE(person.ok());
    EXPECT_EQ(refusal.error, EPERM);
    EXPECT_EQ(refusal.step, "become user");
}

TEST(Pam, LetsInWhomItNamesAndNobodyElse) {
    if (!os::is_root()) GTEST_SKIP() << "only root can become somebody";
    Policy policy("/nonexistent/state");
    Refusal refusal;
    EXPECT_FALSE(policy.person("nobody", refusal).ok());
    ASSERT_TRUE(policy.let_in_by_pam("nobody", 65534).ok());
    const auto person = policy.person("nobody", refusal);
    ASSERT_TRUE(person.ok());
    EXPECT_TRUE(person->change);
    EXPECT_FALSE(policy.person("daemon", refusal).ok());
    // Root's list says who may be root, each time.
    EXPECT_FALSE(policy.let_in_by_pam("root", 0).ok());
    EXPECT_FALSE(policy.person("root", refusal).ok());
}

TEST(Policy, WithoutRootIsForOneselfOnly) {
    if (os::is_root()) GTEST_SKIP() << "runs as root; users_test.cc tries it as nobody";
    const Policy policy("/nonexistent/state");
    Refusal refusal;
    const auto own = policy.person(os::current_user().value().name, refusal);
    ASSERT_TRUE(own.ok());
    EXPECT_FALSE(own->change);
    EXPECT_FALSE(policy.person("root", refusal).ok());
}

}  // namespace
}  // namespace mullion::monitor
