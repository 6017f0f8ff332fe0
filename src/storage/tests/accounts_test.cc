#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "storage/database.h"

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

TEST_F(Accounts, AMissingDatabaseIsNotMadeByReading) {
    EXPECT_FALSE(AccountsDatabase::open(path_, Mode::read_only).ok());
    EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace mullion::storage
