// What lasts in --state DIR: the directory itself, accounts, certificates.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "crypto/password_hash.h"
#include "crypto/x509.h"
#include "os/file.h"
#include "os/tests/temporary_folder.h"
#include "os/user.h"
#include "rights/well_known.h"
#include "state/account_admin.h"
#include "state/account_store.h"
#include "state/certificates.h"
#include "state/shell_users.h"
#include "state/state_directory.h"

namespace mullion::state::testing {
namespace {

using os::TemporaryFolder;

mode_t mode_of(const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 07777;
}

NewAccount account(const std::string& name, std::string_view password = "correct horse") {
    NewAccount out;
    out.name = name;
    out.password = Secret(password);
    out.administrator = true;
    out.unix_user = os::current_user()->name;
    return out;
}

TEST(StateDirectory, IsMadePrivateAndHasOneUser) {
    const TemporaryFolder folder;
    const std::string path = folder / "state";
    auto first = StateDirectory::open(path);
    ASSERT_TRUE(first.ok()) << first.error().message();
    EXPECT_EQ(mode_of(path), 0700u);
    EXPECT_EQ(mode_of(path + "/certs"), 0700u);
    ASSERT_TRUE(first->lock().ok());
    auto second = StateDirectory::open(path);  // `mullion user` while the service runs.
    ASSERT_TRUE(second.ok());
    const auto locked = second->lock();
    ASSERT_FALSE(locked.ok());
    EXPECT_EQ(locked.error().id, ErrorId::state_locked);
}

TEST(StateDirectory, RefusesWhatOthersCanRead) {
    const TemporaryFolder folder;
    const std::string path = folder / "state";
    ASSERT_EQ(mkdir(path.c_str(), 0755), 0);
    ASSERT_EQ(chmod(path.c_str(), 0755), 0);
    const auto open = StateDirectory::open(path);
    ASSERT_FALSE(open.ok());
    EXPECT_EQ(open.error().id, ErrorId::state_directory);
    EXPECT_NE(open.error().detail.find("chmod 700"), std::string::npos);
    EXPECT_FALSE(StateDirectory::open(folder / "no/such/parent").ok());
}

TEST(StateDirectory, RefusesAnotherVersion) {
    const TemporaryFolder folder;
    const std::string path = folder / "state";
    ASSERT_TRUE(StateDirectory::open(path).ok());
    ASSERT_TRUE(os::write_file_atomic(path + "/VERSION", "2\n").ok());
    const auto open = StateDirectory::open(path);
    ASSERT_FALSE(open.ok());
    EXPECT_EQ(open.error().id, ErrorId::state_version);
}

TEST(StateDirectory, IsHandedOverExceptTheListOfUsers) {
    if (!os::is_root()) GTEST_SKIP() << "only root can give files away";
    const TemporaryFolder folder;
    const std::string path = folder / "state";
    auto directory = StateDirectory::open(path);
    ASSERT_TRUE(directory.ok());
    ASSERT_TRUE(write_shell_users(directory->shell_users(), {"b", "a", "b"}).ok());
    ASSERT_TRUE(os::write_file_atomic(path + "/certs/x.pem", "x").ok());
    ASSERT_TRUE(directory->give_to({65534, 65534}).ok());
    const auto owner = [](const std::string& file) {
        struct stat facts {};
        EXPECT_EQ(stat(file.c_str(), &facts), 0);
        return facts.st_uid;
    };
    EXPECT_EQ(owner(path), 65534u);
    EXPECT_EQ(owner(path + "/VERSION"), 65534u);
    EXPECT_EQ(owner(path + "/certs/x.pem"), 65534u);
    EXPECT_EQ(owner(path + "/shell-users"), 0u);
    EXPECT_EQ(*read_shell_users(path + "/shell-users"), (std::vector<std::string>{"a", "b"}));

    // What the account put there must not make it the owner of somebody else's file.
    ASSERT_TRUE(os::write_file_atomic(folder / "other", "x").ok());
    std::filesystem::create_hard_link(folder / "other", path + "/linked");
    EXPECT_FALSE(directory->give_to({65534, 65534}).ok());
    EXPECT_EQ(owner(folder / "other"), 0u);

    // Nor must a list of its own become root's when root adds to it.
    const std::string list = path + "/shell-users";
    ASSERT_TRUE(os::write_file_atomic(list, "root\n", 0644).ok());
    ASSERT_EQ(::chown(list.c_str(), 65534, 65534), 0);
    EXPECT_FALSE(add_account(path, account("mallory")).ok());
    EXPECT_EQ(owner(list), 65534u);
    std::filesystem::remove(list);
    ASSERT_TRUE(os::write_file_atomic(folder / "elsewhere", "root\n", 0644).ok());
    std::filesystem::create_symlink(folder / "elsewhere", list);
    EXPECT_FALSE(read_shell_users(list).ok());
}

TEST(Accounts, ChangeTheirGroups) {
    const TemporaryFolder folder;
    const std::string state = folder / "state";
    auto plain = account("alice");
    plain.administrator = false;
    plain.groups = {"rm"};
    ASSERT_TRUE(add_account(state, plain).ok());
    auto database =
        storage::AccountsDatabase::open(state + "/accounts.db", storage::AccountsDatabase::Mode::read_write);
    AccountStore store(std::move(*database));
    using Sids = std::vector<rights::Sid>;
    namespace sids = rights::sids;
    EXPECT_EQ((*store.sids("alice"))->groups, (Sids{sids::users, sids::remote_management_users}));
    const auto now = change_groups(state, "ALICE", {"Event Log Readers", "BA"}, {"RM"});
    ASSERT_TRUE(now.ok());
    EXPECT_TRUE(now->administrator);
    EXPECT_EQ((*store.sids("alice"))->groups,
              (Sids{sids::users, sids::administrators, sids::event_log_readers}))
        << "a running service must see it";
    EXPECT_EQ(change_groups(state, "bob", {"RM"}, {}).error().id, ErrorId::account_missing);
    EXPECT_EQ(change_groups(state, "alice", {"wheel"}, {}).error().id, ErrorId::account_invalid);
    plain.name = "bob";
    plain.password = Secret("correct horse");
    plain.groups = {"wheel"};
    EXPECT_EQ(add_account(state, plain).error().id, ErrorId::account_invalid);
}

TEST(Accounts, AreMadeListedFoundAndDeleted) {
    const TemporaryFolder folder;
    const std::string state = folder / "state";
    ASSERT_TRUE(add_account(state, account("Alice")).ok());
    const auto twice = add_account(state, account("ALICE"));
    ASSERT_FALSE(twice.ok());
    EXPECT_EQ(twice.error().id, ErrorId::account_exists);
    const auto list = list_accounts(state);
    ASSERT_TRUE(list.ok());
    ASSERT_EQ(list->rows.size(), 1u);
    EXPECT_TRUE(crypto::verify_password(list->rows[0].argon2, Secret("correct horse")));
    EXPECT_EQ(list->rows[0].nt_hash.expose().size(), 16u);

    auto database =
        storage::AccountsDatabase::open(state + "/accounts.db", storage::AccountsDatabase::Mode::read_write);
    ASSERT_TRUE(database.ok());
    AccountStore store(std::move(*database));
    const auto found = store.find("HOST\\alice");
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->user, "Alice");
    EXPECT_FALSE(store.find("bob")->has_value());
    EXPECT_EQ((*store.sids("alice"))->user, list->machine.with_rid(1000));
    EXPECT_FALSE(store.sids("HOST\\alice")->has_value()) << "by the account's own name alone";

    EXPECT_EQ(read_shell_users(state + "/shell-users")->size(), os::is_root() ? 1u : 0u);
    ASSERT_TRUE(delete_account(state, "alice").ok());
    EXPECT_FALSE(store.find("alice")->has_value()) << "a running service must see that an account is gone";
    EXPECT_TRUE(read_shell_users(state + "/shell-users")->empty());
    const auto missing = delete_account(state, "alice");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().id, ErrorId::account_missing);
}

TEST(Accounts, TheFileNeverHoldsThePassword) {
    const TemporaryFolder folder;
    ASSERT_TRUE(add_account(folder / "state", account("alice", "canary-4711-password")).ok());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "state")) {
        if (!entry.is_regular_file()) continue;
        const auto bytes = os::read_file(entry.path(), 10 * 1024 * 1024);
        ASSERT_TRUE(bytes.ok());
        EXPECT_EQ(bytes->find("canary"), std::string::npos) << entry.path();
        EXPECT_EQ(bytes->find(std::string("c\0a\0n\0a\0r\0y\0", 12)), std::string::npos) << entry.path();
    }
}

TEST(Accounts, NamesAndPasswordsThatCannotBe) {
    for (const std::string name : {"", "a\\b", "a/b", "a:b", "a@", "a\nb", " a", "a ", "\xFF"}) {
        const auto row = make_account(account(name));
        ASSERT_FALSE(row.ok()) << name;
        EXPECT_EQ(row.error().id, ErrorId::account_invalid) << name;
    }
    EXPECT_FALSE(check_account_name(std::string(65, 'a')).ok());
    std::string umlauts;
    for (int i = 0; i < 64; ++i) umlauts += "\xC3\xBC";
    EXPECT_TRUE(check_account_name(umlauts).ok());
    for (const std::string& password :
         {std::string(), std::string(256, 'p'), std::string("a\nb"), std::string("\xFF\xFE")})
        EXPECT_FALSE(make_account(account("alice", password)).ok());
}

TEST(Accounts, WhomShellsMayRunAs) {
    const std::string self = os::current_user()->name;
    if (os::is_root()) {
        EXPECT_FALSE(choose_unix_user("x", "root", false).ok());
        EXPECT_TRUE(choose_unix_user("x", "root", true).ok());
        EXPECT_FALSE(choose_unix_user("root", "", false).ok());
        EXPECT_TRUE(choose_unix_user("x", "nobody", false).ok());
        EXPECT_FALSE(choose_unix_user("no-such-user-here", "", false).ok());
        EXPECT_FALSE(choose_unix_user("x", "no-such-user-here", false).ok());
    } else {
        EXPECT_EQ(*choose_unix_user("x", "", false), self);
        EXPECT_EQ(*choose_unix_user("x", self, false), self);
        EXPECT_FALSE(choose_unix_user("x", "root", true).ok());
    }
}

TEST(Certificates, OursIsMadeOnceAndKeptPrivate) {
    const TemporaryFolder folder;
    const std::string certs = folder / "certs";
    ASSERT_TRUE(os::make_directory(certs).ok());
    const auto first = own_certificate(certs, system_clock(), null_logger());
    ASSERT_TRUE(first.ok()) << first.error().message();
    EXPECT_EQ(mode_of(certs + "/" + first->thumbprint + ".pem"), 0600u);
    EXPECT_EQ(mode_of(first->public_file), 0644u);
    EXPECT_EQ(os::read_file(first->public_file, 100'000)->find("PRIVATE"), std::string::npos);
    const auto again = own_certificate(certs, system_clock(), null_logger());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->thumbprint, first->thumbprint);
    EXPECT_EQ(again->key_pem.expose(), first->key_pem.expose());

    ManualClock later;  // Near its end a new one is made.
    const auto info = crypto::describe_certificate(*crypto::certificate_der(first->chain_pem));
    later.advance(
        std::chrono::duration_cast<Duration>(info->not_after - later.wall() - std::chrono::hours(24 * 29)));
    const auto renewed = own_certificate(certs, later, null_logger());
    ASSERT_TRUE(renewed.ok());
    EXPECT_NE(renewed->thumbprint, first->thumbprint);
    const auto names = own_names();
    EXPECT_NE(std::find(names.begin(), names.end(), "localhost"), names.end());
    EXPECT_NE(std::find(names.begin(), names.end(), "127.0.0.1"), names.end());
}

TEST(Certificates, FilesThatAreNotWhatTheyAreCalled) {
    const TemporaryFolder folder;
    const std::string certs = folder / "certs";
    ASSERT_TRUE(os::make_directory(certs).ok());
    const auto made = own_certificate(certs, system_clock(), null_logger());
    ASSERT_TRUE(made.ok());
    const std::string other(40, 'A');
    ASSERT_TRUE(os::write_file_atomic(certs + "/" + other + ".pem",
                                      *os::read_file(certs + "/" + made->thumbprint + ".pem", 100'000))
                    .ok());
    EXPECT_EQ(load_certificate(certs, other).error().id, ErrorId::tls_files);
    ASSERT_TRUE(os::write_file_atomic(certs + "/" + other + ".pem", made->chain_pem).ok());
    EXPECT_EQ(load_certificate(certs, other).error().id, ErrorId::tls_files);
    EXPECT_EQ(load_certificate(certs, std::string(40, 'B')).error().id, ErrorId::usage_file);
    EXPECT_TRUE(own_certificate(certs, system_clock(), null_logger()).ok())
        << "a broken neighbour must not stop the service";
}

}  // namespace
}  // namespace mullion::state::testing
