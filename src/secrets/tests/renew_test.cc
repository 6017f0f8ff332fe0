// New keys, new wrappings, copies; by several processes at once.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "secrets/tests/store_fixture.h"
#include "storage/secrets_rows.h"

namespace mullion::secrets {
namespace {

class RenewTest : public StoreTest {
protected:
    std::vector<storage::ScopeKeyRow> keys() {
        using Rows = storage::SecretsDatabase;
        auto rows = Rows::open(path, Rows::Mode::existing, 0, system_random());
        EXPECT_TRUE(rows.ok());
        return (*rows)->keys().value();
    }
};

TEST_F(RenewTest, RotationSealsEverythingAnew) {
    add_kms();
    const Scope project{"o", "p"};
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret("2")).ok());
    ASSERT_TRUE(add(text_secret("b", "account.kms", project), "3").ok());
    ASSERT_TRUE(add(text_secret("big"), std::string(5 * 1024 * 1024, 'x')).ok());
    const auto before = keys();
    const auto done = store->rotate(who, purpose);
    ASSERT_TRUE(done.ok()) << done.error().message();
    EXPECT_EQ(done->keys, before.size());
    EXPECT_EQ(done->values, 6u);  // ak, sk, two versions of a, b, big
    EXPECT_EQ(done->records, 6u);
    const auto after = keys();
    ASSERT_EQ(after.size(), before.size());
    for (const auto& old : before)
        for (const auto& now : after) EXPECT_NE(old.id, now.id);
    open();
    EXPECT_EQ(value("a"), "2");
    EXPECT_EQ(value("b", project), "3");
    EXPECT_EQ(value("big").size(), 5u * 1024 * 1024);
    ASSERT_TRUE(store->make_current(who, purpose, text_secret("a").identity, 1).ok());
    EXPECT_EQ(value("a"), "1");
    EXPECT_EQ(store->list()->size(), 6u);
    EXPECT_GE(said("new keys for"), 1);
}

// A manager that is away, or gone for good, keeps the keys of nobody else old.
TEST_F(RenewTest, OneManagerThatIsAwayHoldsNobodyElseUp) {
    add_kms();
    const Scope project{"o", "p"};
    ASSERT_TRUE(add(text_secret("a", "account.kms"), "1").ok());
    ASSERT_TRUE(add(text_secret("b", builtin_manager_id, project), "2").ok());
    const auto before = keys();
    ASSERT_EQ(before.size(), 3u);
    managers.kms->down = true;
    open();  // Nothing is in hand.
    auto done = store->rotate(who, purpose);
    EXPECT_EQ(done.error().id, ErrorId::aws_unreachable);
    EXPECT_NE(done.error().detail.find("1 keys of scopes are as they were; 2 others were renewed"),
              std::string::npos)
        << done.error().detail;
    std::size_t same = 0;
    for (const auto& old : before)
        for (const auto& now : keys()) same += old.id == now.id ? 1 : 0;
    EXPECT_EQ(same, 1u);
    EXPECT_EQ(value("b", project), "2");
    EXPECT_EQ(store->rewrap(who, purpose).error().id, ErrorId::aws_unreachable);
    managers.kms->down = false;
    done = store->rotate(who, purpose);
    ASSERT_TRUE(done.ok()) << done.error().message();
    EXPECT_EQ(done->keys, 3u);
    EXPECT_EQ(value("a"), "1");
}

TEST_F(RenewTest, RewrappingTouchesNoValue) {
    add_kms();
    ASSERT_TRUE(add(text_secret("a", "kms"), "1").ok());
    const auto before = keys();
    managers.kms->add_key();
    const auto done = store->rewrap(who, purpose);
    ASSERT_TRUE(done.ok()) << done.error().message();
    EXPECT_EQ(done->keys, before.size());
    EXPECT_EQ(done->values, 0u);
    const auto after = keys();
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(before[i].id, after[i].id);
        EXPECT_NE(before[i].blob, after[i].blob);
    }
    managers.kms->keys.erase(managers.kms->keys.begin());  // The old key of the manager is gone.
    open();
    EXPECT_EQ(value("a"), "1");
}

TEST_F(RenewTest, TheMachinesKeyIsRenewedByRewrapping) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    for (int round = 2; round <= 4; ++round) {
        auto own = BuiltinManager::open_file(key_file, {});
        ASSERT_TRUE((*own)->add_key().ok());
        managers.own = *own;
        open();
        ASSERT_TRUE(store->rewrap(who, purpose).ok());
        ASSERT_TRUE(store->drop_old_keys(**own).ok());
        for (const auto& key : keys()) EXPECT_EQ(key.manager_key, "file:" + std::to_string(round));
    }
    managers.own = nullptr;
    open();
    EXPECT_EQ(value("a"), "1");
    std::ifstream file(key_file);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(text.find("key 2 "), std::string::npos);
    EXPECT_NE(text.find("key 4 "), std::string::npos);
}

TEST_F(RenewTest, BackupAndRestore) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    const auto copy = folder / "backup";
    ASSERT_TRUE(store->backup(who, purpose, copy).ok());
    EXPECT_EQ(store->backup(who, purpose, copy).error().id, ErrorId::secrets_exists);
    EXPECT_EQ(store->backup(who, purpose, folder / "none/backup").error().id, ErrorId::secrets_store);
    EXPECT_EQ(std::filesystem::status(copy).permissions(), std::filesystem::perms(0600));
    ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret("2")).ok());
    const auto restore = [&](const std::string& to, bool replace) {
        return Store::restore(who, purpose, copy, to, replace, *audit);
    };
    // Elsewhere.
    const auto here = path, elsewhere = folder / "elsewhere.db";
    ASSERT_TRUE(restore(elsewhere, false).ok());
    path = elsewhere;
    open();
    EXPECT_EQ(value("a"), "1");
    // Over what is there, while another has it open.
    path = here;
    open();
    EXPECT_EQ(value("a"), "2");
    EXPECT_EQ(restore(here, false).error().id, ErrorId::secrets_exists);
    EXPECT_EQ(value("a"), "2");
    ASSERT_TRUE(restore(here, true).ok());
    EXPECT_EQ(value("a"), "1");
    EXPECT_EQ(said(R"("detail":"restore of)"), 2);
    EXPECT_EQ(said(R"("detail":"backup to)"), 1);
    // Not of what is none.
    std::ofstream(copy, std::ios::trunc) << "nothing";
    EXPECT_EQ(restore(here, true).error().id, ErrorId::secrets_store);
    EXPECT_EQ(value("a"), "1");
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        EXPECT_EQ(entry.path().string().find("backup."), std::string::npos) << entry.path();
    // Without the key a backup is worth nothing.
    store.reset();
    std::filesystem::remove(key_file);
    ASSERT_TRUE(BuiltinManager::make_file(key_file, Secret()).ok());
    open();
    EXPECT_EQ(value("a"), "! secrets.key");
}

// Each in a process of its own: two that add, one that rotates, one that rewraps, two that read all the time.
TEST_F(RenewTest, SeveralProcessesAtOnce) {
    constexpr int added = 12;
    ASSERT_TRUE(add(text_secret("there"), "constant").ok());
    store.reset();
    const auto in_child = [&](const std::function<bool()>& act) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            auto log = AuditLog::open(audit_file, clock);
            if (!log.ok()) ::_exit(2);
            audit = std::move(*log);
            open();
            ::_exit(store != nullptr && act() ? 0 : 1);
        }
        return pid;
    };
    const auto good = [](const auto& result) {
        if (!result.ok()) std::fprintf(stderr, "%s\n", result.error().message().c_str());
        return result.ok();
    };
    std::vector<pid_t> children;
    for (const std::string name : {"x", "y"}) {
        children.push_back(in_child([&] {
            for (int i = 0; i < added; ++i)
                if (!good(add(text_secret(name + std::to_string(i), builtin_manager_id, {"o", {}}), name)))
                    return false;
            return true;
        }));
    }
    children.push_back(in_child([&] {
        for (int i = 0; i < 4; ++i)
            if (!good(store->rotate(who, purpose))) return false;
        return true;
    }));
    children.push_back(in_child([&] {
        for (int i = 0; i < 4; ++i) {
            auto own = BuiltinManager::open_file(key_file, {});
            if (!good(own) || !good((*own)->add_key())) return false;
            managers.own = *own;
            if (!good(store->rewrap(who, purpose)) || !good(store->drop_old_keys(**own))) return false;
        }
        return true;
    }));
    for (int reader = 0; reader < 2; ++reader) {
        children.push_back(in_child([&] {
            for (int i = 0; i < 40; ++i) {
                const auto read = value("there");
                if (read != "constant") {
                    std::fprintf(stderr, "read: %s\n", read.c_str());
                    return false;
                }
            }
            return true;
        }));
    }
    for (const auto pid : children) {
        int status = -1;
        ASSERT_EQ(::waitpid(pid, &status, 0), pid);
        EXPECT_EQ(status, 0);
    }
    audit = AuditLog::open(audit_file, clock).value();
    open();
    for (const std::string name : {"x", "y"})
        for (int i = 0; i < added; ++i) EXPECT_EQ(value(name + std::to_string(i), {"o", {}}), name);
    EXPECT_EQ(said(R"("kind":"tampered")"), 0);
    for (const auto& key : keys()) EXPECT_TRUE(key.active);
}

}  // namespace
}  // namespace mullion::secrets
