// Where a result goes that is to be in a file: what is replaced, what is written into, what is told.
#include "cli/result_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "os/file.h"

namespace mullion::cli {
namespace {

class ResultFile : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "result-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    [[nodiscard]] std::string path(const std::string& name) const { return folder + "/" + name; }
    static std::string content(const std::string& name) {
        std::ifstream file(name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::string folder;
};

TEST_F(ResultFile, IsMadeAndReplaced) {
    EXPECT_EQ(write_result(path("new"), "OK: one\n"), std::nullopt);
    EXPECT_EQ(write_result(path("new"), "OK\n"), std::nullopt);
    EXPECT_EQ(content(path("new")), "OK\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);  // Nothing beside it.
}

TEST_F(ResultFile, KeepsItsRights) {
    EXPECT_EQ(write_result(path("kept"), "one"), std::nullopt);
    ASSERT_EQ(::chmod(path("kept").c_str(), 0640), 0);
    EXPECT_EQ(write_result(path("kept"), "two"), std::nullopt);
    struct stat facts {};
    ASSERT_EQ(::stat(path("kept").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0640U);
}

TEST_F(ResultFile, IsWhereALinkLeads) {
    EXPECT_EQ(write_result(path("real"), "one"), std::nullopt);
    ASSERT_EQ(::symlink("real", path("link").c_str()), 0);
    EXPECT_EQ(write_result(path("link"), "two"), std::nullopt);
    EXPECT_EQ(content(path("real")), "two");
    EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
}

TEST_F(ResultFile, ADeviceStaysOne) {
    EXPECT_EQ(write_result("/dev/null", "OK\n"), std::nullopt);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(ResultFile, APipeIsWrittenInto) {
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    const os::UniqueFd reader(::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    ASSERT_TRUE(reader);
    EXPECT_EQ(write_result(path("pipe"), "OK\n"), std::nullopt);
    std::array<char, 16> bytes{};
    EXPECT_EQ(::read(reader.get(), bytes.data(), bytes.size()), 3);
    EXPECT_TRUE(std::filesystem::is_fifo(path("pipe")));
}

TEST_F(ResultFile, APipeWithoutAReaderIsNotWaitedFor) {
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_TRUE(write_result(path("pipe"), "OK\n").has_value());
}

TEST_F(ResultFile, SaysWhyItCannotBe) {
    EXPECT_EQ(write_result(path("none/file"), "OK\n"), "No such file or directory");
    EXPECT_EQ(write_result(folder, "OK\n"), "Is a directory");
}

}  // namespace
}  // namespace mullion::cli
