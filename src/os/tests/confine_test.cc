#include "os/confine.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>

#include "os/tests/temporary_folder.h"
#include "os/user.h"

namespace mullion::os {
namespace {

namespace fs = std::filesystem;

struct ConfinedView : testing::Test {
    TemporaryFolder folder;
    void SetUp() override {
        if (!is_root()) GTEST_SKIP() << "only root has mounts of its own";
    }
    // 77: this machine forbids it.
    int in_child(const View& view, const std::function<int()>& body) {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(confine_view(view).ok() ? body() : 77);
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    static int error_of_writing(const std::string& path) {
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        return file >= 0 ? (::close(file), 0) : errno;
    }
};

TEST_F(ConfinedView, OnlyWhatIsNamedCanBeWritten) {
    const std::string state = folder / "state";
    const std::string beside = folder / "beside";
    fs::create_directory(state);
    const int status = in_child({{state}, {}}, [&] {
        if (error_of_writing(state + "/file") != 0) return 1;
        if (error_of_writing(beside) != EROFS) return 2;
        if (error_of_writing("/tmp/mullion-confined") != EROFS || error_of_writing("/etc/mullion") != EROFS)
            return 3;
        return error_of_writing("/dev/null") == 0 ? 0 : 4;
    });
    if (status == 77) GTEST_SKIP() << "mounts are forbidden here";
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(fs::exists(state + "/file")) << "it is the same folder";
    EXPECT_EQ(error_of_writing(beside), 0) << "for everybody else nothing has changed";
}

TEST_F(ConfinedView, HomesAreNotThereUnlessTheyAreNeeded) {
    const auto empty = [](const char* path) { return fs::is_empty(path) ? 0 : 1; };
    const int hidden = in_child({{folder.path()}, {}}, [&] { return empty("/root") + empty("/home"); });
    if (hidden == 77) GTEST_SKIP() << "mounts are forbidden here";
    EXPECT_EQ(hidden, 0);
    const std::string needed = "/root/mullion-confine-test-" + std::to_string(::getpid());
    ASSERT_EQ(error_of_writing(needed), 0);
    EXPECT_EQ(
        in_child({{folder.path()}, {needed}}, [&] { return ::access(needed.c_str(), R_OK) == 0 ? 0 : 1; }),
        0);
    EXPECT_EQ(in_child({{folder.path()}, {}}, [&] { return ::access(needed.c_str(), R_OK) == 0 ? 1 : 0; }),
              0);
    fs::remove(needed);
}

TEST_F(ConfinedView, FailsWithoutTheRight) {
    const pid_t child = ::fork();
    if (child == 0) {
        const auto nobody = find_user("nobody").value().value();
        if (!drop_to_user(nobody).ok()) ::_exit(1);
        const auto done = confine_view({{folder.path()}, {}});
        ::_exit(!done.ok() && done.error().id == ErrorId::serve_rights ? 0 : 2);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace mullion::os
