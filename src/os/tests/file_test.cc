#include "os/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/tests/temporary_folder.h"

namespace mullion::os {
namespace {

mode_t mode_of(const std::string& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0);
    return about.st_mode & 07777;
}

TEST(File, IsWrittenWholeWithItsMode) {
    const TemporaryFolder folder;
    const std::string path = folder / "file";
    ASSERT_TRUE(write_file_atomic(path, "old").ok());
    EXPECT_EQ(mode_of(path), 0600U);
    ASSERT_TRUE(write_file_atomic(path, std::string("n\0w", 3), 0644).ok());
    EXPECT_EQ(read_file(path, 3).value(), std::string("n\0w", 3));
    EXPECT_EQ(mode_of(path), 0644U);
    // Nothing is left beside it.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, ThatCannotBeReplacedLeavesNothingBehind) {
    const TemporaryFolder folder;
    ASSERT_TRUE(make_directory(folder / "taken").ok());
    const auto written = write_file_atomic(folder / "taken", "x");
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().id, ErrorId::state_directory);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    EXPECT_FALSE(write_file_atomic(folder / "missing/file", "x").ok());
}

TEST(File, ThatAKilledWriterLeftIsClearedAway) {
    const TemporaryFolder folder;
    for (const char* name : {"/VERSION.unfinished-a1B2c3", "/shell-users.backup", "/kept.unfinished-XyZ123"})
        ASSERT_TRUE(write_file_atomic(folder.path() + name, "half").ok());
    ASSERT_EQ(::symlink("shell-users.backup", (folder / "link.unfinished-a1B2c3").c_str()), 0);
    const std::string kept = folder / "kept.unfinished-XyZ123";
    const UniqueFd writer(::open(kept.c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::flock(writer.get(), LOCK_EX), 0);
    remove_unfinished(folder.path());
    EXPECT_FALSE(file_exists(folder / "VERSION.unfinished-a1B2c3"));
    EXPECT_TRUE(file_exists(folder / "shell-users.backup"));
    EXPECT_TRUE(file_exists(kept));
    remove_unfinished(folder / "missing");
}

TEST(File, IsReadUpToItsLimit) {
    const TemporaryFolder folder;
    const std::string path = folder / "file";
    const std::string large(200'000, 'x');
    ASSERT_TRUE(write_file_atomic(path, large).ok());
    EXPECT_EQ(read_file(path, large.size()).value(), large);
    const auto over = read_file(path, large.size() - 1);
    ASSERT_FALSE(over.ok());
    EXPECT_EQ(over.error().id, ErrorId::usage_file);
    ASSERT_TRUE(write_file_atomic(path, "").ok());
    EXPECT_EQ(read_file(path, 0).value(), "");
}

TEST(File, IsTrustedOnlyAsItsOwnersAlone) {
    const TemporaryFolder folder;
    const std::string path = folder / "file";
    const uid_t self = ::geteuid();
    ASSERT_TRUE(write_file_atomic(path, "alice\n", 0644).ok());
    EXPECT_EQ(read_trusted_file(path, self, 100).value(), "alice\n");
    EXPECT_FALSE(read_trusted_file(path, self, 3).ok());
    EXPECT_FALSE(read_trusted_file(path, self + 1, 100).ok());
    EXPECT_FALSE(read_trusted_file(folder / "missing", self, 100).ok());

    ASSERT_EQ(::symlink(path.c_str(), (folder / "link").c_str()), 0);
    EXPECT_FALSE(read_trusted_file(folder / "link", self, 100).ok());
    ASSERT_EQ(::link(path.c_str(), (folder / "name").c_str()), 0);
    EXPECT_FALSE(read_trusted_file(path, self, 100).ok());
    ASSERT_EQ(::unlink((folder / "name").c_str()), 0);
    for (const mode_t mode : {0664, 0646}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_FALSE(read_trusted_file(path, self, 100).ok()) << mode;
    }
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
    EXPECT_FALSE(read_trusted_file(folder / "fifo", self, 100).ok());
}

TEST(File, MustBeOne) {
    const TemporaryFolder folder;
    EXPECT_FALSE(read_file(folder / "missing", 10).ok());
    EXPECT_FALSE(read_file(folder.path(), 10).ok());
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
    EXPECT_FALSE(read_file(folder / "fifo", 10).ok());  // And does not wait for a writer.
}

TEST(Directory, IsMadeOnceAndPrivate) {
    const TemporaryFolder folder;
    const std::string path = folder / "state";
    ASSERT_TRUE(make_directory(path).ok());
    EXPECT_EQ(mode_of(path), 0700U);
    EXPECT_TRUE(make_directory(path, 0755).ok());
    EXPECT_EQ(mode_of(path), 0700U);
    EXPECT_TRUE(check_private_directory(path, ::geteuid()).ok());
    ASSERT_TRUE(write_file_atomic(folder / "file", "").ok());
    EXPECT_FALSE(make_directory(folder / "file").ok());
}

TEST(Directory, IsRefusedWhenOthersGetIn) {
    const TemporaryFolder folder;
    const std::string path = folder / "state";
    ASSERT_TRUE(make_directory(path).ok());
    EXPECT_FALSE(check_private_directory(path, ::geteuid() + 1).ok());
    for (const mode_t mode : {0710, 0701, 0750, 0777}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        const auto checked = check_private_directory(path, ::geteuid());
        ASSERT_FALSE(checked.ok());
        EXPECT_EQ(checked.error().id, ErrorId::state_directory);
    }
    ASSERT_EQ(::chmod(path.c_str(), 0700), 0);
    ASSERT_EQ(::symlink(path.c_str(), (folder / "link").c_str()), 0);
    EXPECT_FALSE(check_private_directory(folder / "link", ::geteuid()).ok());
    EXPECT_FALSE(check_private_directory(folder / "missing", ::geteuid()).ok());
}

TEST(UniqueFd, ClosesWhatItOwnsOnce) {
    int raw = -1;
    {
        UniqueFd first(::dup(0));
        raw = first.get();
        const UniqueFd second = std::move(first);
        EXPECT_FALSE(first);  // NOLINT: the moved-from state is what is tested
        EXPECT_TRUE(second);
    }
    EXPECT_EQ(::fcntl(raw, F_GETFD), -1);
}

// A disk that fails has nothing to do with modes and owners.
TEST(SystemError, TellsDisksFromRights) {
    const auto id_of = [](ErrorId id, int number) { return system_error(id, "write", number).id; };
    EXPECT_EQ(id_of(ErrorId::state_directory, ENOSPC), ErrorId::state_full);
    EXPECT_EQ(id_of(ErrorId::state_directory, EDQUOT), ErrorId::state_full);
    EXPECT_EQ(id_of(ErrorId::state_directory, EROFS), ErrorId::state_read_only);
    EXPECT_EQ(id_of(ErrorId::state_directory, EIO), ErrorId::state_disk);
    EXPECT_EQ(id_of(ErrorId::state_directory, EACCES), ErrorId::state_directory);
    EXPECT_EQ(id_of(ErrorId::usage_file, EIO), ErrorId::usage_file);
    EXPECT_NE(row(ErrorId::state_disk).advice, row(ErrorId::state_directory).advice);
}

}  // namespace
}  // namespace mullion::os
