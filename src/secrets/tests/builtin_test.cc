// The built-in manager: its file, its passphrase, systemd's credential.
#include "secrets/managers/builtin.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "encoding/base64.h"
#include "os/tests/temporary_folder.h"

namespace mullion::secrets {
namespace {

const WrapContext context{{"app", "mullion"}, {"scope", "account"}};

class Builtin : public testing::Test {
protected:
    void put(const std::string& text, mode_t mode = 0600) {
        std::filesystem::remove(path);
        std::ofstream(path) << text;
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    }
    std::string text() {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string refused(const BuiltinManager::AskPassphrase& ask = {}) {
        const auto opened = BuiltinManager::open_file(path, ask);
        if (opened.ok()) return "opened";
        EXPECT_EQ(opened.error().id, ErrorId::secrets_key);
        return opened.error().detail;
    }

    os::TemporaryFolder folder;
    std::string path = folder / "store.key";
};

TEST_F(Builtin, WrapsWithARandomKeyInAPrivateFile) {
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0600u);
    const auto manager = BuiltinManager::open_file(path, {});
    ASSERT_TRUE(manager.ok()) << manager.error().message();
    const auto made = (*manager)->generate(context);
    EXPECT_EQ(made->wrapped.manager_key, "file:1");
    EXPECT_EQ(made->key.expose().size(), 32u);
    EXPECT_TRUE((*manager)->unwrap(made->wrapped, context)->same_as(made->key));
    auto other = context;
    other["scope"] = "org:o";
    EXPECT_EQ((*manager)->unwrap(made->wrapped, other).error().id, ErrorId::secrets_tampered);
    auto touched = made->wrapped;
    touched.blob.back() = static_cast<char>(touched.blob.back() ^ 1);
    EXPECT_EQ((*manager)->unwrap(touched, context).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ((*manager)->rewrap(touched, context).error().id, ErrorId::secrets_tampered);
    // Not over one that is there: what it has wrapped would be lost.
    const auto before = text();
    EXPECT_EQ(BuiltinManager::make_file(path, Secret()).error().id, ErrorId::secrets_key);
    EXPECT_EQ(text(), before);
    std::filesystem::remove(path);
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    const auto another = BuiltinManager::open_file(path, {});
    EXPECT_EQ((*another)->unwrap(made->wrapped, context).error().id, ErrorId::secrets_key);
}

// Who looks at that moment sees all of it or nothing, and a crash leaves all of it or nothing.
TEST_F(Builtin, ANewKeyIsWholeUnderItsName) {
    const os::UniqueFd watch(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    ASSERT_GE(::inotify_add_watch(watch.get(), folder.path().c_str(), IN_CREATE | IN_MOVED_TO), 0);
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    alignas(inotify_event) std::array<char, 4096> seen{};
    const auto size = ::read(watch.get(), seen.data(), seen.size());
    ASSERT_GT(size, 0);
    int came = 0;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
        const auto* const event = reinterpret_cast<const inotify_event*>(seen.data() + at);
        if (std::string(event->name) == "store.key") {
            EXPECT_NE(event->mask & IN_MOVED_TO, 0u) << "it was made empty, and filled";
            ++came;
        }
        at += sizeof(inotify_event) + event->len;
    }
    EXPECT_EQ(came, 1);
    EXPECT_EQ(BuiltinManager::make_file(path, Secret()).error().id, ErrorId::secrets_key);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1)
        << "something is left";
}

// Keys are in them.
TEST_F(Builtin, WhatKilledWritersLeftIsTakenAway) {
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    std::ofstream(path + ".unfinished-abcdef") << text();
    ASSERT_TRUE((*BuiltinManager::open_file(path, {}))->add_key().ok());
    EXPECT_FALSE(std::filesystem::exists(path + ".unfinished-abcdef"));
}

TEST_F(Builtin, IsRefusedWhereOthersCouldHaveIt) {
    EXPECT_NE(refused().find("No such file"), std::string::npos);
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    for (const mode_t mode : {0640u, 0604u, 0660u, 0606u, 0601u}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_NE(refused().find("must be 0600"), std::string::npos) << mode;
    }
    ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
    EXPECT_EQ(refused(), "opened");
    std::filesystem::create_hard_link(path, folder / "link");
    EXPECT_NE(refused().find("one name"), std::string::npos);
    std::filesystem::remove(path);
    std::filesystem::create_symlink(folder / "link", path);
    EXPECT_NE(refused(), "opened");
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    EXPECT_NE(refused(), "opened");
    ASSERT_EQ(::chmod(folder.path().c_str(), 0770), 0);
    EXPECT_EQ(BuiltinManager::make_file(folder / "other", Secret()).error().id, ErrorId::secrets_key);
    if (::geteuid() == 0) {
        std::filesystem::remove(path);
        ASSERT_EQ(::chmod(folder.path().c_str(), 0700), 0);
        ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
        ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
        EXPECT_NE(refused().find("uid 12345"), std::string::npos);
    }
}

TEST_F(Builtin, IsUnderAPassphrase) {
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret("correct horse"), crypto::least_argon2).ok());
    EXPECT_NE(text().find("protection argon2id 2 65536 "), std::string::npos);
    int asked = 0;
    const auto say = [&](const char* words) {
        return [&asked, words]() -> Result<Secret> {
            ++asked;
            return Secret(words);
        };
    };
    const auto manager = BuiltinManager::open_file(path, say("correct horse"));
    ASSERT_TRUE(manager.ok()) << manager.error().message();
    EXPECT_EQ(asked, 1);
    const auto made = (*manager)->generate(context);
    EXPECT_EQ(made->wrapped.manager_key, "passphrase:1");
    EXPECT_NE(refused(say("correct hors")).find("passphrase is another one"), std::string::npos);
    EXPECT_NE(refused(say("")).find("wants a passphrase"), std::string::npos);
    EXPECT_NE(refused().find("wants a passphrase"), std::string::npos);
    // The same keys under another one, and under none.
    ASSERT_TRUE((*manager)->protect(Secret("battery staple"), crypto::least_argon2).ok());
    EXPECT_NE(refused(say("correct horse")), "opened");
    auto again = BuiltinManager::open_file(path, say("battery staple"));
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE((*again)->unwrap(made->wrapped, context)->same_as(made->key));
    ASSERT_TRUE((*again)->protect(Secret()).ok());
    EXPECT_EQ(refused(), "opened");
    // Weaker than this nothing is opened: somebody wrote it to have the passphrase guessed.
    EXPECT_EQ(BuiltinManager::make_file(folder / "weak", Secret("x"), {1, 64}).error().id,
              ErrorId::secrets_key);
    EXPECT_FALSE(std::filesystem::exists(folder / "weak"));
}

TEST_F(Builtin, IsSystemdsCredential) {
    ASSERT_TRUE(BuiltinManager::make_file(folder / key_credential, Secret()).ok());
    ASSERT_EQ(::chmod((folder / key_credential).c_str(), 0440),
              0);  // Of an access list the group's bits are the mask.
    const auto manager = BuiltinManager::open_credential(folder.path(), {});
    ASSERT_TRUE(manager.ok()) << manager.error().message();
    EXPECT_EQ((*manager)->generate(context)->wrapped.manager_key, "credential:1");
    EXPECT_EQ((*manager)->add_key().error().id, ErrorId::secrets_key);
    EXPECT_EQ((*manager)->protect(Secret("x")).error().id, ErrorId::secrets_key);
    ASSERT_EQ(::chmod((folder / key_credential).c_str(), 0444), 0);
    EXPECT_EQ(BuiltinManager::open_credential(folder.path(), {}).error().id, ErrorId::secrets_key);
    EXPECT_EQ(BuiltinManager::open_credential(folder / "none", {}).error().id, ErrorId::secrets_key);
}

TEST_F(Builtin, AddsKeysWithoutLosingAnothersAndDropsThemOneRoundLater) {
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    const auto one = *BuiltinManager::open_file(path, {}), two = *BuiltinManager::open_file(path, {});
    const auto first = one->generate(context);
    ASSERT_TRUE(one->add_key().ok());
    // Nobody else adds one until this one is through.
    const auto late = two->add_key();
    EXPECT_EQ(late.error().id, ErrorId::secrets_store);
    EXPECT_NE(late.error().detail.find("another mullion secret rewrap"), std::string::npos);
    const auto second = two->generate(context);
    EXPECT_EQ(second->wrapped.manager_key, "file:2");  // It has seen that there is a newer one.
    ASSERT_TRUE(one->drop_old_keys({}).ok());
    EXPECT_TRUE(two->unwrap(first->wrapped, context).ok());
    ASSERT_TRUE(two->add_key().ok());
    ASSERT_TRUE(two->drop_old_keys({}).ok());
    const auto third = two->generate(context);
    EXPECT_EQ(third->wrapped.manager_key, "file:3");
    EXPECT_TRUE(one->unwrap(third->wrapped, context).ok());
    EXPECT_TRUE(one->unwrap(second->wrapped, context).ok());
    EXPECT_EQ(one->unwrap(first->wrapped, context).error().id, ErrorId::secrets_key);
    EXPECT_EQ(one->rewrap(second->wrapped, context)->manager_key, "file:3");
    // Rounds that were cut short do not fill the file for ever.
    for (std::size_t i = 0; i < 2 * most_keys; ++i) ASSERT_TRUE(one->add_key().ok()) << i;
    EXPECT_EQ(one->generate(context)->wrapped.manager_key, "file:17");
    ASSERT_TRUE(one->drop_old_keys({}).ok());
    EXPECT_TRUE(two->unwrap(one->generate(context)->wrapped, context).ok());
}

TEST_F(Builtin, KeepsOldKeysForWhatIsStillWrappedWithThem) {
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    const auto one = *BuiltinManager::open_file(path, {});
    const auto first = one->generate(context)->wrapped;
    EXPECT_TRUE(*one->still_has_key_of(first));
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(one->add_key().ok());
    ASSERT_TRUE(one->drop_old_keys(std::span(&first, 1)).ok());
    const auto two = *BuiltinManager::open_file(path, {});
    EXPECT_TRUE(two->unwrap(first, context).ok());
    EXPECT_EQ(two->generate(context)->wrapped.manager_key, "file:5");
    ASSERT_TRUE(one->drop_old_keys({}).ok());
    EXPECT_FALSE(*two->still_has_key_of(first));
    EXPECT_FALSE(*one->still_has_key_of(first));
    EXPECT_FALSE(*one->still_has_key_of({"file:1", "none of ours"}));
}

// Where one file is removed for another, the next may get its inode, within one tick of the file system's
// clock.
TEST_F(Builtin, SeesAnotherFileThatLooksLikeTheOneBefore) {
    const auto other = folder / "other";
    ASSERT_TRUE(BuiltinManager::make_file(path, Secret()).ok());
    ASSERT_TRUE(BuiltinManager::make_file(other, Secret()).ok());
    const auto one = *BuiltinManager::open_file(path, {}), two = *BuiltinManager::open_file(other, {});
    struct stat before {};
    ASSERT_EQ(::stat(path.c_str(), &before), 0);
    {
        std::ifstream from(other, std::ios::binary);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << from.rdbuf();
    }
    const std::array<timespec, 2> times{before.st_atim, before.st_mtim};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
    EXPECT_TRUE(one->unwrap(two->generate(context)->wrapped, context).ok());
    EXPECT_TRUE(two->unwrap(one->generate(context)->wrapped, context).ok());
}

TEST(KeyFileText, EveryTruncationIsRefusedOrHasFewerKeys) {
    std::vector<KeyFile::Key> keys;
    keys.push_back({1, Secret(std::string(32, 'a'))});
    keys.push_back({5, Secret(std::string(32, 'b'))});
    for (const auto* passphrase : {"", "x"}) {
        const auto file = close_keys(keys, Secret(passphrase), crypto::least_argon2, system_random());
        const Secret text = key_file_text(*file);
        const auto whole = parse_key_file(text.expose());
        ASSERT_TRUE(whole.ok()) << whole.error().message();
        EXPECT_EQ(whole->keys.size(), 2u);
        EXPECT_TRUE(key_file_text(*whole).same_as(text));
        EXPECT_TRUE(open_keys(*whole, Secret(passphrase))->back().bytes.same_as(keys.back().bytes));
        for (std::size_t size = 0; size < text.expose().size(); ++size) {
            const auto cut = parse_key_file(text.expose().substr(0, size));
            EXPECT_TRUE(!cut.ok() || cut->keys.size() == 1) << size;
        }
    }
}

TEST(KeyFileText, OfAnyOtherFormIsRefused) {
    const auto key = encoding::base64_encode(std::string(32, 'a'));
    const std::string begin = "mullion-store-key 1\nprotection none\n";
    const auto wrong = [](const std::string& text) {
        const auto file = parse_key_file(text);
        EXPECT_FALSE(file.ok()) << text;
        // What is wrong with a key is told without it.
        EXPECT_TRUE(file.ok() || file.error().detail.find("YWFh") == std::string::npos);
    };
    ASSERT_TRUE(parse_key_file(begin + "key 1 " + key + "\n").ok());
    wrong("mullion-store-key 2\nprotection none\nkey 1 " + key + "\n");
    wrong("mullion-store-key 1\nprotection rot13\nkey 1 " + key + "\n");
    wrong("mullion-store-key 1\nprotection argon2id 3 1 " + key + "\nkey 1 " + key + "\n");
    wrong(begin);
    wrong(begin + "key 0 " + key + "\n");
    wrong(begin + "key 01 " + key + "\n");
    wrong(begin + "key 4294967296 " + key + "\n");
    wrong(begin + "key 1 " + key + " x\n");
    wrong(begin + "key 1 " + encoding::base64_encode(std::string(31, 'a')) + "\n");
    wrong(begin + "key 2 " + key + "\nkey 1 " + key + "\n");
    wrong(begin + "key 1 " + key + "\nkey 1 " + key + "\n");
    wrong(begin + "other 1 " + key + "\n");
    wrong(std::string(largest_key_file + 1, '\n'));
    std::string many = begin;
    for (std::size_t i = 1; i <= most_keys + 1; ++i) many += "key " + std::to_string(i) + " " + key + "\n";
    wrong(many);
}

TEST(WrappedKey, EveryTruncationIsRefused) {
    const auto blob = wrapped_blob(std::string(8, 'i'), std::string(60, 's'));
    ASSERT_TRUE(parse_wrapped(blob));
    for (std::size_t size = 0; size < blob.size(); ++size)
        EXPECT_FALSE(parse_wrapped(blob.substr(0, size))) << size;
    EXPECT_FALSE(parse_wrapped(blob + "x"));
    auto newer = blob;
    newer[0] = 2;
    EXPECT_FALSE(parse_wrapped(newer));
}

}  // namespace
}  // namespace mullion::secrets
