#include "inventory/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

namespace mullion::inventory {
namespace {

using std::chrono::milliseconds;

class PipeTest : public ::testing::Test {
protected:
    PipeTest() { EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0); }
    ~PipeTest() override { ::unlink(path.c_str()); }

    // Opens the pipe, which waits for a reader, and writes all of it.
    [[nodiscard]] std::thread writer(std::string text) const {
        return std::thread([text, name = path] {
            const int pipe = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
            EXPECT_EQ(::write(pipe, text.data(), text.size()), static_cast<ssize_t>(text.size()));
            ::close(pipe);
        });
    }

    const std::string path = ::testing::TempDir() + "mullion-pipe-" + std::to_string(::getpid());
};

TEST_F(PipeTest, IsReadToItsEnd) {
    for (const std::size_t size : {1U, 2U, 1000U, 300'000U}) {
        const std::string text(size, 'x');
        auto thread = writer(text);
        const auto read = file_text(path);
        thread.join();
        ASSERT_TRUE(read.ok()) << read.error().message();
        EXPECT_TRUE(*read == text) << size << ' ' << read->size();
    }
}

TEST_F(PipeTest, MayBeEmpty) {
    auto thread = writer("");
    const auto read = file_text(path);
    thread.join();
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(*read, "");
}

TEST_F(PipeTest, WithoutAWriterIsNotWaitedForWithoutEnd) {
    const auto read = file_text(path, milliseconds(1));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().id, ErrorId::usage_file);
    EXPECT_EQ(read.error().detail, path + ": it is a pipe, and nobody opens it for writing");
}

// One that is slow is no reason to give up: it may be a program that asks a cloud.
TEST_F(PipeTest, WaitsForAWriterThatIsThere) {
    const int both = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    std::thread thread([both] {
        EXPECT_EQ(::write(both, "late", 4), 4);
        // Closed before the reader has come, the pipe would forget what is in it.
        for (int waiting = 4; waiting != 0; std::this_thread::yield()) ::ioctl(both, FIONREAD, &waiting);
        ::close(both);
    });
    const auto read = file_text(path, milliseconds(0));
    thread.join();
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(*read, "late");
}

}  // namespace
}  // namespace mullion::inventory
