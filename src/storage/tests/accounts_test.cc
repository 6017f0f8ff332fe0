#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "storage/database.h"
#include "storage/sqlite.h"

namespace mullion::storage {
namespace {

using Mode = AccountsDatabase::Mode;

class Accounts : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "mullion-accounts-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        path_ = (folder_ / "accounts.db").string();
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static AccountRow account(std::string name) {
        AccountRow row;
        row.name = std::move(name);
        row.nt_hash = Secret("0123456789abcdef");
        row.argon2 = "$argon2id$";
        row.administrator = true;
        row.groups = {"Remote Management Users"};
        row.unix_user = "nobody";
        return row;
    }
    std::unique_ptr<AccountsDatabase> open(Mode mode) {
        auto database = AccountsDatabase::open(path_, mode);
        EXPECT_TRUE(database.ok()) << database.error().message();
        return std::move(database).value();
    }

    std::filesystem::path folder_;
    std::string path_;
};

TEST_F(Accounts, KeepsWhatItWasGiven) {
    const auto database = open(Mode::read_write);
    ASSERT_TRUE(database->add(account("Alice")).ok());
    const auto found = database->find("aLICE");
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->name, "Alice");
    EXPECT_EQ((*found)->nt_hash.expose(), "0123456789abcdef");
    EXPECT_EQ((*found)->groups, std::vector<std::string>{"Remote Management Users"});
    EXPECT_TRUE((*found)->administrator);
}

TEST_F(Accounts, NamesAreUniqueWithoutCase) {
    const auto database = open(Mode::read_write);
    ASSERT_TRUE(database->add(account("alice")).ok());
    const auto again = database->add(account("ALICE"));
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().id, ErrorId::account_exists);
}

TEST_F(Accounts, AnUnknownNameIsNoAccount) {
    const auto database = open(Mode::read_write);
    EXPECT_FALSE(database->find("' OR 1=1 --")->has_value());
    EXPECT_EQ(database->remove("bob").error().id, ErrorId::account_missing);
}

TEST_F(Accounts, DeletingTakesTheGroupsAlong) {
    const auto database = open(Mode::read_write);
    ASSERT_TRUE(database->add(account("alice")).ok());
    ASSERT_TRUE(database->remove("Alice").ok());
    AccountRow plain = account("alice");
    plain.groups.clear();
    ASSERT_TRUE(database->add(plain).ok());
    EXPECT_TRUE((*database->find("alice"))->groups.empty());
}

TEST_F(Accounts, TheFileIsPrivate) {
    const auto old = ::umask(0);
    const auto database = open(Mode::read_write);
    ::umask(old);
    struct stat facts {};
    ASSERT_EQ(::stat(path_.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST_F(Accounts, AReaderSeesWhatAnotherProcessWrites) {
    const auto writer = open(Mode::read_write);
    const auto reader = open(Mode::read_only);
    EXPECT_FALSE(reader->find("alice")->has_value());
    const pid_t child = ::fork();
    if (child == 0) {
        const auto own = AccountsDatabase::open(path_, Mode::read_write);
        ::_exit(own.ok() && own.value()->add(account("alice")).ok() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    EXPECT_TRUE(reader->find("alice")->has_value());
    EXPECT_FALSE(reader->add(account("bob")).ok());
}

TEST_F(Accounts, WhatIsNoDatabaseIsToldSo) {
    std::ofstream(path_) << std::string(8192, 'x');
    const auto database = AccountsDatabase::open(path_, Mode::read_only);
    ASSERT_FALSE(database.ok());
    EXPECT_EQ(database.error().id, ErrorId::state_database);
}

TEST_F(Accounts, ANewerVersionIsRefused) {
    { const auto database = open(Mode::read_write); }
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);  // user_version in SQLite's header, big endian.
    file.write("\0\0\0\x09", 4);
    file.close();
    const auto database = AccountsDatabase::open(path_, Mode::read_write);
    ASSERT_FALSE(database.ok());
    EXPECT_EQ(database.error().id, ErrorId::state_version);
}

TEST_F(Accounts, HaveNumbersThatAreNeverUsedAgain) {
    CountingRandom random;
    auto database = std::move(*AccountsDatabase::open(path_, Mode::read_write, random));
    for (const auto* name : {"alice", "bob"}) ASSERT_TRUE(database->add(account(name)).ok());
    EXPECT_EQ((*database->find("alice"))->rid, 1000U);
    EXPECT_EQ((*database->find("bob"))->rid, 1001U);
    ASSERT_FALSE(database->add(account("Bob")).ok());
    ASSERT_TRUE(database->remove("bob").ok());
    ASSERT_TRUE(database->add(account("bob")).ok());
    EXPECT_EQ((*database->find("bob"))->rid, 1002U) << "another bob, and a failed one takes no number";
    const auto sid = *database->machine_sid();
    EXPECT_EQ(sid, "S-1-5-21-50462976-117835012-185207048");
    database = open(Mode::read_write);
    EXPECT_EQ(*database->machine_sid(), sid);
    EXPECT_EQ((*database->find("bob"))->rid, 1002U);
}

TEST_F(Accounts, MachinesDiffer) {
    const auto other = path_ + "2";
    const auto first = open(Mode::read_write);
    const auto second = AccountsDatabase::open(other, Mode::read_write);
    ASSERT_TRUE(second.ok());
    EXPECT_NE(*first->machine_sid(), *(*second)->machine_sid());
}

TEST_F(Accounts, ChangeTheirGroups) {
    const auto database = open(Mode::read_write);
    ASSERT_TRUE(database->add(account("alice")).ok());
    ASSERT_TRUE(database->add(account("bob")).ok());
    ASSERT_TRUE(database->set_membership("ALICE", {false, {"Event Log Readers", "Users"}}).ok());
    const auto alice = *database->find("alice");
    EXPECT_FALSE(alice->administrator);
    EXPECT_EQ(alice->groups, (std::vector<std::string>{"Event Log Readers", "Users"}));
    EXPECT_EQ(alice->rid, 1000U);
    EXPECT_EQ((*database->find("bob"))->groups, account("bob").groups);
    EXPECT_EQ(database->set_membership("carol", {true, {"Users"}}).error().id, ErrorId::account_missing);
    EXPECT_FALSE(database->find("carol")->has_value());
}

// As the first release made it.
constexpr const char* first_version = R"sql(
    CREATE TABLE account (name TEXT PRIMARY KEY COLLATE NOCASE, nt_hash BLOB NOT NULL CHECK (length(nt_hash) = 16),
        argon2 TEXT NOT NULL, administrator INTEGER NOT NULL CHECK (administrator IN (0, 1)), unix_user TEXT NOT NULL) STRICT;
    CREATE TABLE membership (account TEXT NOT NULL COLLATE NOCASE REFERENCES account (name) ON DELETE CASCADE,
        group_name TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (account, group_name)) STRICT;
    INSERT INTO account VALUES ('zoe', X'30313233343536373839616263646566', 'z', 1, 'nobody');
    INSERT INTO account VALUES ('Gone', X'30313233343536373839616263646566', 'g', 0, 'nobody');
    INSERT INTO account VALUES ('adam', X'30313233343536373839616263646566', 'a', 0, 'games');
    DELETE FROM account WHERE name = 'gone';
    INSERT INTO membership VALUES ('adam', 'remote management users'), ('adam', 'ADMINISTRATORS'), ('zoe', 'Staff');
    PRAGMA user_version = 1;
)sql";

TEST_F(Accounts, OfTheFirstVersionGetNumbers) {
    {
        std::ofstream(path_).close();
        auto old = Database::open(path_, true);
        ASSERT_TRUE(old.ok());
        const auto made = old->execute(first_version);
        ASSERT_TRUE(made.ok()) << made.error().message();
    }
    EXPECT_EQ(AccountsDatabase::open(path_, Mode::read_only).error().id, ErrorId::state_version);
    const auto database = open(Mode::read_write);
    const auto zoe = *database->find("zoe"), adam = *database->find("adam");
    ASSERT_TRUE(zoe && adam);
    EXPECT_EQ(zoe->rid, 1000U) << "in the order in which they were made";
    EXPECT_EQ(adam->rid, 1001U);
    EXPECT_TRUE(zoe->administrator);
    EXPECT_EQ(zoe->groups, std::vector<std::string>{"Staff"});
    EXPECT_EQ(adam->argon2, "a");
    EXPECT_EQ(adam->nt_hash.expose(), "0123456789abcdef");
    EXPECT_FALSE(adam->administrator);
    EXPECT_EQ(adam->groups, std::vector<std::string>{"remote management users"})
        << "a word makes no administrator";
    EXPECT_TRUE(database->machine_sid()->starts_with("S-1-5-21-"));
    ASSERT_TRUE(database->add(account("bob")).ok());
    EXPECT_EQ((*database->find("bob"))->rid, 1002U);
    EXPECT_EQ(*open(Mode::read_write)->machine_sid(), *database->machine_sid());
}

// Two programs that find an old file at once: it is brought up to date by one.
TEST_F(Accounts, AreBroughtUpToDateOnce) {
    std::ofstream(path_).close();
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) {
        children.push_back(::fork());
        if (children.back() == 0) {
            const auto own = AccountsDatabase::open(path_, Mode::read_write);
            ::_exit(own.ok() && own.value()->add(account("account" + std::to_string(i))).ok() ? 0 : 1);
        }
    }
    for (const pid_t child : children) {
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    const auto rows = open(Mode::read_only)->list();
    ASSERT_TRUE(rows.ok());
    std::uint32_t sum = 0;
    for (const auto& row : *rows) sum += row.rid - 1000;
    EXPECT_EQ(rows->size(), 8U);
    EXPECT_EQ(sum, 28U);
}

TEST_F(Accounts, AMissingDatabaseIsNotMadeByReading) {
    EXPECT_FALSE(AccountsDatabase::open(path_, Mode::read_only).ok());
    EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace mullion::storage
