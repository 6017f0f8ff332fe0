#include "storage/secrets_rows.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "os/tests/temporary_folder.h"
#include "storage/sqlite.h"
#include "storage/tests/power_loss.h"

namespace mullion::storage {
namespace {

const KeyHolder holder{"o", "p", {0, "", "", "kms"}};

class SecretsRows : public testing::Test {
protected:
    std::unique_ptr<SecretsDatabase> open(SecretsDatabase::Mode mode = SecretsDatabase::Mode::create) {
        auto opened = SecretsDatabase::open(path, mode, 1000, system_random());
        EXPECT_TRUE(opened.ok()) << opened.error().message();
        return opened.ok() ? std::move(opened).value() : nullptr;
    }
    static EntityRow entity(const std::string& id) {
        return {0, {0, "o", "p", id}, "name", "{}", 1, 1, 5, 6, "", "key-1", std::string("\0mark", 5)};
    }
    static ScopeKeyRow key(const std::string& id, bool active = true) {
        return {id, holder, "file:1", std::string("\0blob", 5), 7, active};
    }

    os::TemporaryFolder folder;
    std::string path = folder / "secrets.db";
};

TEST_F(SecretsRows, KeepWhatWasPut) {
    std::string account;
    {
        const auto database = open();
        account = database->account();
        EXPECT_TRUE(is_guid(account));
        auto hold = database->write();
        ASSERT_TRUE(hold.ok());
        ASSERT_TRUE(database->insert(key("key-1")).ok());
        const auto number = database->insert(entity("a"));
        ASSERT_TRUE(number.ok()) << number.error().message();
        ASSERT_TRUE(database->set_references(*number, {{"spec.x", {1, "", "", "kms"}}}).ok());
        ASSERT_TRUE(
            database->put({*number, 1, "value", "key-1", "wrapped", std::string("\0sealed", 7), 8}).ok());
        ASSERT_TRUE(hold->commit().ok());
    }
    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0600u);
    const auto database = open(SecretsDatabase::Mode::existing);
    EXPECT_EQ(database->account(), account);
    const auto found = database->find({0, "o", "p", "a"});
    ASSERT_TRUE(found.ok() && *found);
    EXPECT_EQ((*found)->mark, std::string("\0mark", 5));
    EXPECT_EQ((*found)->changed, 6);
    EXPECT_FALSE(*database->find({1, "o", "p", "a"}));
    EXPECT_FALSE(*database->find({0, "o", "p", "A"}));
    const auto value = database->value((*found)->number, 1, "value");
    ASSERT_TRUE(value.ok() && *value);
    EXPECT_EQ((*value)->sealed, std::string("\0sealed", 7));
    const auto referrers = database->referrers({1, "", "", "kms"});
    ASSERT_EQ(referrers->size(), 1u);
    EXPECT_EQ(referrers->front().first.id, "a");
    EXPECT_EQ(referrers->front().second, "spec.x");
    EXPECT_EQ((*database->active_key(holder))->blob, std::string("\0blob", 5));
    ASSERT_TRUE(database->remove((*found)->number).ok());
    EXPECT_TRUE(database->values((*found)->number)->empty());
    EXPECT_TRUE(database->referrers({1, "", "", "kms"})->empty());
}

TEST_F(SecretsRows, AreRolledBackUnlessCommitted) {
    const auto database = open();
    {
        const auto hold = database->write();
        ASSERT_TRUE(database->insert(key("key-1")).ok());
    }
    EXPECT_TRUE(database->keys()->empty());
    // Not sealed with a key that is not there.
    EXPECT_FALSE(database->insert(entity("a")).ok());
}

TEST_F(SecretsRows, HaveOneActiveKeyForEachHolderAndDropWhatIsNotUsed) {
    const auto database = open();
    ASSERT_TRUE(database->insert(key("key-1")).ok());
    EXPECT_FALSE(database->insert(key("key-2")).ok());
    ASSERT_TRUE(database->insert(entity("a")).ok());
    ASSERT_TRUE(database->retire("key-1").ok());
    ASSERT_TRUE(database->insert(key("key-2")).ok());
    ASSERT_TRUE(database->insert(key("key-3", false)).ok());
    ASSERT_TRUE(database->drop_unused_keys().ok());
    ASSERT_EQ(database->keys()->size(), 2u);
    EXPECT_EQ(database->entities_of_key("key-1", 10)->size(), 1u);
    ASSERT_TRUE(database->rewrap("key-2", "file:2", "new").ok());
    EXPECT_EQ((*database->key("key-2"))->blob, "new");
}

TEST_F(SecretsRows, SayHowFarTheLogWentAndKeepTheKeyOfThat) {
    const auto database = open();
    EXPECT_FALSE(*database->audit_end());
    EXPECT_FALSE(*database->has_entities());
    EXPECT_FALSE(*database->first_active_key("kms"));
    EXPECT_FALSE(
        database->put(AuditEndRow{1, 2, "hash", "key-1", "mark"}).ok());  // By a key that is not there.
    ASSERT_TRUE(database->insert(key("key-1")).ok());
    EXPECT_EQ((*database->first_active_key("kms"))->id, "key-1");
    EXPECT_FALSE(*database->first_active_key("another"));
    for (const std::int64_t number : {1, 2}) {
        auto hold = database->write();
        EXPECT_TRUE(database->writes());
        ASSERT_TRUE(database->put(AuditEndRow{number, 100, "hash", "key-1", std::string("\0mark", 5)}).ok());
        ASSERT_TRUE(hold->commit().ok());
        EXPECT_FALSE(database->writes());
    }
    EXPECT_EQ((*database->audit_end())->number, 2);
    EXPECT_EQ((*database->audit_end())->mark, std::string("\0mark", 5));
    ASSERT_TRUE(database->retire("key-1").ok());
    EXPECT_FALSE(*database->first_active_key("kms"));
    ASSERT_TRUE(database->drop_unused_keys().ok());
    EXPECT_EQ(database->keys()->size(), 1u);
    // Within a transaction that only reads, and behind one that was rolled back, nothing is written.
    {
        const auto hold = database->read();
        EXPECT_FALSE(database->writes());
    }
    { const auto hold = database->write(); }
    EXPECT_FALSE(database->writes());
}

TEST_F(SecretsRows, OfVersionOneAreBroughtUpToDate) {
    using Mode = SecretsDatabase::Mode;
    std::string account;
    {
        const auto database = open();
        account = database->account();
        ASSERT_TRUE(database->insert(key("key-1")).ok());
    }
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &file), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(file, "DROP TABLE audit_end; PRAGMA user_version = 1", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(file);
    // A backup of then is one, too.
    ASSERT_TRUE(SecretsDatabase::restore(path, folder / "restored").ok());
    for (const auto& where : {path, folder / "restored"}) {
        path = where;
        const auto database = open(Mode::existing);
        ASSERT_TRUE(database);
        EXPECT_EQ(database->account(), account);
        EXPECT_TRUE(database->put(AuditEndRow{1, 2, "hash", "key-1", "mark"}).ok());
    }
}

TEST_F(SecretsRows, SayWhenAnotherHasWritten) {
    const auto one = open(), two = open();
    const auto before = *one->changes_of_others();
    EXPECT_EQ(*one->changes_of_others(), before);
    ASSERT_TRUE(one->insert(key("key-1")).ok());
    EXPECT_EQ(*one->changes_of_others(), before);
    ASSERT_TRUE(two->retire("key-1").ok());
    EXPECT_NE(*one->changes_of_others(), before);
}

TEST_F(SecretsRows, GiveAsManyValuesAsFit) {
    const auto database = open();
    ASSERT_TRUE(database->insert(key("key-1")).ok());
    const auto number = *database->insert(entity("a"));
    for (std::uint32_t version = 1; version <= 5; ++version)
        ASSERT_TRUE(database->put({number, version, "value", "key-1", "w", std::string(100, 's'), 8}).ok());
    EXPECT_EQ(database->values_of_key("key-1", 10, 250)->size(), 3u);
    EXPECT_EQ(database->values_of_key("key-1", 2, 1000)->size(), 2u);
    EXPECT_EQ(database->values_of_key("key-1", 10, 1)->size(), 1u);
    EXPECT_EQ(database->versions(number)->front().first, 5u);
}

TEST_F(SecretsRows, AreRefusedOfWhatIsNoStore) {
    using Mode = SecretsDatabase::Mode;
    const auto refused = [&](ErrorId id, Mode mode = Mode::create) {
        const auto opened = SecretsDatabase::open(path, mode, 0, system_random());
        ASSERT_FALSE(opened.ok());
        EXPECT_EQ(opened.error().id, id) << opened.error().message();
    };
    refused(ErrorId::state_database, Mode::existing);
    EXPECT_FALSE(std::filesystem::exists(path));
    std::ofstream(path) << std::string(5000, 'x');
    refused(ErrorId::state_database);
    std::ofstream(path, std::ios::trunc).close();
    refused(ErrorId::state_database, Mode::existing);  // Empty: nothing was ever kept in it.
    ASSERT_TRUE(open());
    // The version is at byte 60: https://sqlite.org/fileformat2.html 1.3
    std::fstream(path).seekp(63).put(9).flush();
    refused(ErrorId::state_version);
    std::filesystem::remove(path);
    std::filesystem::create_symlink(folder / "elsewhere", path);
    refused(ErrorId::state_database);
}

// A home is often reached by a link: only the file itself must be none.
TEST_F(SecretsRows, MayLieBehindALinkedFolder) {
    std::filesystem::create_directory(folder / "real");
    std::filesystem::create_directory_symlink(folder / "real", folder / "link");
    path = folder / "link/secrets.db";
    {
        const auto database = open();
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->insert(key("key-1")).ok());
        std::ofstream(folder / "link/copy").close();
        ASSERT_TRUE(database->copy_to(folder / "link/copy").ok());
    }
    EXPECT_TRUE(std::filesystem::exists(folder / "real/secrets.db"));
    std::filesystem::create_symlink(folder / "real/secrets.db", folder / "real/linked");
    const auto linked =
        SecretsDatabase::open(folder / "link/linked", SecretsDatabase::Mode::existing, 0, system_random());
    EXPECT_FALSE(linked.ok());
}

TEST_F(SecretsRows, SayWhatToDoWhereTheFileIsNotTheMatter) {
    std::ofstream(path).close();
    auto one = Database::open(path, true), two = Database::open(path, true);
    ASSERT_TRUE(one.ok() && two.ok());
    ASSERT_TRUE(one->execute("CREATE TABLE t (x); PRAGMA max_page_count = 3; BEGIN IMMEDIATE").ok());
    const auto locked = two->execute("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
    ASSERT_EQ(locked.error().advice.size(), 1u);
    EXPECT_NE(locked.error().advice.front().find("Another process"), std::string::npos);
    const auto full = one->execute("INSERT INTO t VALUES (zeroblob(100000))");
    ASSERT_EQ(full.error().advice.size(), 1u);
    EXPECT_NE(full.error().advice.front().find("Make room"), std::string::npos);
    EXPECT_TRUE(one->execute("nonsense").error().advice.empty());
}

TEST_F(SecretsRows, CopiesAreWhole) {
    {
        const auto database = open();
        ASSERT_TRUE(database->insert(key("key-1")).ok());
        std::ofstream(folder / "copy").close();
        ASSERT_TRUE(database->copy_to(folder / "copy").ok());
    }
    ASSERT_TRUE(SecretsDatabase::restore(folder / "copy", folder / "restored").ok());
    path = folder / "restored";
    EXPECT_EQ(open()->keys()->size(), 1u);
    EXPECT_EQ(SecretsDatabase::restore(folder / "none", path).error().id, ErrorId::state_database);
    std::ofstream(folder / "other") << "text";
    EXPECT_EQ(SecretsDatabase::restore(folder / "other", path).error().id, ErrorId::state_database);
    // A page in the middle of the file.
    std::fstream damaged(folder / "copy");
    damaged.seekp(4096 * 2).write(std::string(4096, 'x').data(), 4096).flush();
    EXPECT_EQ(SecretsDatabase::restore(folder / "copy", path).error().id, ErrorId::state_database);
    EXPECT_EQ(open()->keys()->size(), 1u);
}

// That the cuts cut: what was not synced is gone, and a commit that was told to be done is not.
TEST_F(SecretsRows, APowerCutTakesWhatWasNotSynced) {
    PowerLoss power;
    ASSERT_TRUE(open());
    power.restore_power();
    const auto add = [&](const std::string& id) {
        const auto database = open();
        return database->insert(key(id, false)).ok();
    };
    ASSERT_TRUE(add("key-1"));
    const int syncs = power.syncs();
    EXPECT_GE(syncs, 3);  // The journal, the database, the folder.
    power.restore_power();
    for (const auto left : {PowerLoss::Left::nothing, PowerLoss::Left::everything, PowerLoss::Left::some}) {
        for (int at = 0; at <= syncs; ++at) {
            const auto before = open()->keys()->size();
            const auto id = std::to_string(static_cast<int>(left)) + "-" + std::to_string(at);
            power.restore_power();
            power.cut_at(at, left, static_cast<unsigned>(at));
            const bool told = add(id);
            EXPECT_EQ(power.is_off(), at < syncs);
            power.restore_power();
            const auto after = open()->keys();
            ASSERT_TRUE(after.ok()) << after.error().message();
            EXPECT_TRUE(after->size() == before || after->size() == before + 1);
            EXPECT_TRUE(!told || after->size() == before + 1) << at;
            EXPECT_TRUE(at != 0 || after->size() == before);
        }
    }
}

}  // namespace
}  // namespace mullion::storage
