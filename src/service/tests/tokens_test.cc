#include "service/access/tokens.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>

#include "os/tests/temporary_folder.h"
#include "os/user.h"
#include "rights/well_known.h"
#include "storage/database.h"

namespace mullion::service {
namespace {

namespace sids = rights::sids;

net::Task<void> keep(net::Task<Result<SharedToken>> task, std::optional<Result<SharedToken>>& out) {
    out = co_await std::move(task);
}

class Tokens : public ::testing::Test {
protected:
    Tokens() {
        add("ann", false, {"Remote Management Users"}, self().name);
        add("boss", true, {}, "");
    }
    static os::User self() { return *os::current_user(); }

    std::unique_ptr<storage::AccountsDatabase> open() {
        return std::move(*storage::AccountsDatabase::open(folder / "accounts.db",
                                                          storage::AccountsDatabase::Mode::read_write));
    }
    void add(const std::string& name, bool administrator, std::vector<std::string> groups,
             const std::string& unix_user) {
        storage::AccountRow row;
        row.name = name;
        row.nt_hash = Secret("0123456789abcdef");
        row.argon2 = "x";
        row.administrator = administrator;
        row.groups = std::move(groups);
        row.unix_user = unix_user;
        ASSERT_TRUE(open()->add(row).ok());
    }
    Result<SharedToken> find(const std::string& user, const std::string& unix_user,
                             AccountNumber proven = std::nullopt) {
        // The flag of an identity makes nobody an administrator: the account says who is one.
        const auth::Identity identity(user, auth::Transport::ntlm, true, unix_user);
        std::optional<Result<SharedToken>> out;
        auto task = keep(tokens.find(identity, proven), out);
        boost::asio::co_spawn(io, std::move(task), [](std::exception_ptr bug) { EXPECT_FALSE(bug); });
        io.restart();
        io.run();
        return std::move(*out);
    }
    SharedToken known(const std::string& user, const std::string& unix_user,
                      AccountNumber proven = std::nullopt) {
        return tokens.known(auth::Identity(user, auth::Transport::ntlm, true, unix_user), proven);
    }

    os::TemporaryFolder folder;
    boost::asio::io_context io;
    ManualClock clock;
    state::AccountStore accounts{open()};
    net::WorkerPool workers{1};
    AccountTokens tokens{accounts, workers, clock};
};

TEST_F(Tokens, HaveTheSidsOfTheAccount) {
    const auto ann = *find("ann", self().name), boss = *find("boss", "");
    EXPECT_EQ(ann->user.text().substr(ann->user.text().rfind('-')), "-1000");
    EXPECT_NE(ann->user, boss->user);
    for (const auto& token : {ann, boss})
        for (const auto& sid : {sids::everyone, sids::authenticated_users, sids::network, sids::users})
            EXPECT_TRUE(token->has(sid)) << sid.text();
    EXPECT_TRUE(ann->has(sids::remote_management_users));
    EXPECT_FALSE(ann->has(sids::administrators));
    EXPECT_TRUE(boss->has(sids::administrators));
    EXPECT_FALSE(boss->has(sids::remote_management_users));
    for (const auto& token : {ann, boss}) EXPECT_FALSE(token->has(sids::interactive)) << "nobody sits there";
}

TEST_F(Tokens, HaveTheSidsOfTheLinuxUser) {
    const auto ann = *find("ann", self().name), boss = *find("boss", "");
    EXPECT_EQ(unix_user_sid(1000).text(), "S-1-22-1-1000");
    EXPECT_EQ(unix_group_sid(27).text(), "S-1-22-2-27");
    EXPECT_TRUE(ann->has(unix_user_sid(self().uid)));
    for (const gid_t group : os::groups_of(self())) EXPECT_TRUE(ann->has(unix_group_sid(group)));
    EXPECT_EQ(boss->groups.size(), 5u) << "who has no Linux user has no SID of one";
    EXPECT_EQ((*find("ann", "no-such-user-here"))->groups.size(), 5u);
}

TEST_F(Tokens, GroupsOfLinuxMeanWhatTheRulesSay) {
    if (self().uid != 0) GTEST_SKIP() << "which groups somebody is in is known of root alone";
    const std::string in = "root";
    EXPECT_FALSE((*find("ann", self().name))->has(sids::administrators));
    tokens.set_rules(
        {{in, "Event Log Readers"}, {"nogroup", "Administrators"}, {"no-such-group", "Administrators"}});
    EXPECT_EQ(known("ann", self().name), nullptr) << "other rules, other groups";
    const auto ann = *find("ann", self().name);
    EXPECT_TRUE(ann->has(sids::event_log_readers));
    EXPECT_FALSE(ann->has(sids::administrators));
    EXPECT_FALSE((*find("boss", ""))->has(sids::event_log_readers));
    tokens.set_rules({{in, "Administrators"}});
    EXPECT_TRUE((*find("ann", self().name))->has(sids::administrators));
}

// PAM let him in; no account of the service is his, whatever it is called.
TEST_F(Tokens, OfALinuxUserAreWhatLinuxSays) {
    const std::string user = "Unix User\\" + self().name;
    const auto token = *find(user, self().name);
    EXPECT_EQ(token->user, unix_user_sid(self().uid));
    for (const gid_t group : os::groups_of(self())) EXPECT_TRUE(token->has(unix_group_sid(group)));
    EXPECT_TRUE(token->has(sids::users));
    EXPECT_FALSE(token->has(sids::administrators)) << "the flag of an identity makes nobody one";
    const auto gone = find("Unix User\\no-such-user-here", "no-such-user-here");
    ASSERT_FALSE(gone.ok());
    EXPECT_EQ(gone.error().id, ErrorId::auth_rejected);
    if (self().uid != 0) return;
    tokens.set_rules({{"root", "Administrators"}});
    EXPECT_TRUE((*find(user, self().name))->has(sids::administrators));
}

TEST_F(Tokens, AreKnownForAWhile) {
    EXPECT_EQ(known("ann", ""), nullptr);
    const auto first = *find("ann", "");
    EXPECT_EQ(known("ann", ""), first);
    EXPECT_EQ(known("ann", "other"), nullptr) << "another account of that name";
    EXPECT_EQ(known("Ann", ""), nullptr) << "an identity has its account's own spelling";
    clock.advance(AccountTokens::fresh - Duration(1));
    EXPECT_EQ(known("ann", ""), first);
    clock.advance(Duration(1));
    EXPECT_EQ(known("ann", ""), nullptr) << "one looks again";
    EXPECT_EQ(known("ann", ""), first) << "and the others go on meanwhile";
    clock.advance(AccountTokens::longest_kept);
    EXPECT_EQ(known("ann", ""), nullptr) << "but not for ever";
}

TEST_F(Tokens, ChangeWithTheAccount) {
    ASSERT_TRUE((*find("ann", ""))->has(sids::remote_management_users));
    ASSERT_TRUE(open()->set_membership("ann", {true, {}}).ok());
    EXPECT_EQ(known("ann", ""), nullptr) << "at once, and not after a while";
    const auto now = *find("ann", "");
    EXPECT_FALSE(now->has(sids::remote_management_users));
    EXPECT_TRUE(now->has(sids::administrators));
    EXPECT_EQ(known("ann", ""), now);
    ASSERT_TRUE(open()->remove("ann").ok());
    const auto gone = find("ann", "");
    ASSERT_FALSE(gone.ok());
    EXPECT_EQ(gone.error().id, ErrorId::auth_rejected);
    EXPECT_EQ(known("ann", ""), nullptr) << "an account that is gone has nothing left";
}

// Its account was deleted, and another of its name made, while its request waited.
TEST_F(Tokens, AreNeverThoseOfAnotherAccountOfTheName) {
    ASSERT_TRUE(find("ann", "", 1000).ok());
    EXPECT_NE(known("ann", "", 1000), nullptr);
    ASSERT_TRUE(open()->remove("ann").ok());
    add("ann", true, {}, "");
    const auto refused = find("ann", "", 1000);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::auth_rejected);
    EXPECT_NE(refused.error().message().find("ann that logged on was deleted"), std::string::npos);
    const auto now = *find("ann", "", 1002);
    EXPECT_EQ(now->user.sub_authorities().back(), 1002u);
    EXPECT_EQ(known("ann", "", 1000), nullptr) << "nor those that are known by now";
    EXPECT_FALSE(find("ann", "", 1000).ok());
    EXPECT_EQ(known("ann", "", 1002), now) << "whom the other's refusal costs nothing";
}

TEST(PlainTokens, AreAdministratorsOrNot) {
    const auto token = [](bool administrator) {
        return plain_tokens().known(auth::Identity("x", auth::Transport::ntlm, administrator, ""),
                                    std::nullopt);
    };
    EXPECT_TRUE(token(true)->has(sids::administrators));
    EXPECT_FALSE(token(false)->has(sids::administrators));
    EXPECT_TRUE(token(false)->has(sids::network));
}

}  // namespace
}  // namespace mullion::service
