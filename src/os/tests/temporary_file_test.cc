#include "os/temporary_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "os/tests/temporary_folder.h"

namespace mullion::os {
namespace {

std::set<std::string> names_in(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

TEST(TemporaryFile, IsThereWhileItIsWanted) {
    const TemporaryFolder folder;
    std::string path;
    {
        const auto file = TemporaryFile::make(folder.path(), "ca-", "text", 0644);
        ASSERT_TRUE(file.ok()) << file.error().message();
        path = file->path();
        EXPECT_EQ(read_file(path, 100).value(), "text");
        struct stat about {};
        ASSERT_EQ(::stat(path.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 07777, 0644U);
        const auto other = TemporaryFile::make(folder.path(), "ca-", "more", 0600);
        ASSERT_TRUE(other.ok());
        EXPECT_TRUE(file_exists(path));  // Its maker lives.
    }
    EXPECT_FALSE(file_exists(path));
    EXPECT_EQ(TemporaryFile::make(folder / "missing", "ca-", "", 0600).error().id, ErrorId::usage_file);
}

TEST(TemporaryFile, OfWhoWasKilledIsRemovedByTheNext) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_file_atomic(folder / "other", "stays").ok());
    const pid_t child = ::fork();
    if (child == 0) {
        const auto file = TemporaryFile::make(folder.path(), "ca-", "left behind", 0644);
        ::_exit(file.ok() ? 0 : 1);  // No destructor runs, as with kill -9.
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    ASSERT_EQ(names_in(folder.path()).size(), 2U);
    ASSERT_EQ(::symlink("other", (folder / "ca-link").c_str()), 0);
    const auto next = TemporaryFile::make(folder.path(), "ca-", "", 0644);
    ASSERT_TRUE(next.ok());
    const auto own = std::filesystem::path(next->path()).filename().string();
    EXPECT_EQ(names_in(folder.path()), (std::set<std::string>{"other", "ca-link", own}));
}

}  // namespace
}  // namespace mullion::os
