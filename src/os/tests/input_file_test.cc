#include "os/input_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "os/tests/temporary_folder.h"

namespace mullion::os {
namespace {

using std::chrono::milliseconds;

class NamedPipe : public ::testing::Test {
protected:
    NamedPipe() { EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0); }

    // Opens it as a program that writes does, and is done.
    std::thread writer(std::string text) {
        return std::thread([this, text = std::move(text)] {
            const UniqueFd pipe(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
            for (std::string_view rest = text; !rest.empty();) {
                const auto written = ::write(pipe.get(), rest.data(), rest.size());
                if (written <= 0) return;
                rest.remove_prefix(static_cast<std::size_t>(written));
            }
        });
    }

    const TemporaryFolder folder;
    const std::string path = folder / "pipe";
};

TEST_F(NamedPipe, IsReadToItsEndWhateverItsWriterTakes) {
    for (const std::size_t size : {0U, 1U, 1000U, 300'000U}) {
        const std::string text(size, 'x');
        auto thread = writer(text);
        const auto read = read_input(path, 1 << 20);
        thread.join();
        ASSERT_TRUE(read.ok()) << read.error().message();
        EXPECT_TRUE(*read == text) << size << ' ' << read->size();
    }
}

TEST_F(NamedPipe, IsASecretToItsEnd) {
    auto thread = writer("open sesame");
    auto file = InputFile::open(path);
    ASSERT_TRUE(file.ok());
    const auto secret = read_secret_input(*file, 100);
    thread.join();
    ASSERT_TRUE(secret.ok()) << secret.error().message();
    EXPECT_EQ(secret->expose(), "open sesame");
}

TEST_F(NamedPipe, WithoutAWriterIsNotWaitedForWithoutEnd) {
    const auto read = read_input(path, 100, {milliseconds(1)});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().id, ErrorId::usage_file);
    EXPECT_EQ(read.error().detail, path + ": it is a pipe, and nobody opens it for writing");
}

TEST_F(NamedPipe, IsLeftWhenNobodyWantsToKnowAnyMore) {
    const UniqueFd cancelled(::eventfd(1, EFD_CLOEXEC));
    const auto unopened = read_input(path, 100, {std::chrono::hours(1), cancelled.get()});
    ASSERT_FALSE(unopened.ok());
    EXPECT_EQ(unopened.error().id, ErrorId::run_interrupted);
    // Also where there is a writer that says nothing.
    const UniqueFd silent(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    InputFile file(silent.get(), "pipe", cancelled.get());
    char byte = 0;
    const auto unsaid = file.read(&byte, 1);
    ASSERT_FALSE(unsaid.ok());
    EXPECT_EQ(unsaid.error().id, ErrorId::run_interrupted);
}

TEST_F(NamedPipe, MayBeReadByTheByteAndKeepsTheRest) {
    const UniqueFd both(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::write(both.get(), "abc", 3), 3);
    auto file = InputFile::open(path);
    ASSERT_TRUE(file.ok());
    char bytes[2] = {};
    ASSERT_EQ(file->read(bytes, 1).value(), 1U);
    ASSERT_EQ(file->read(bytes + 1, 1).value(), 1U);
    EXPECT_EQ(std::string_view(bytes, 2), "ab");
    EXPECT_EQ(::read(both.get(), bytes, 2), 1);
    EXPECT_EQ(bytes[0], 'c');
}

TEST(InputFile, HasALimit) {
    const TemporaryFolder folder;
    const auto path = folder / "file";
    ASSERT_TRUE(write_file_atomic(path, "12345").ok());
    EXPECT_EQ(read_input(path, 5).value(), "12345");
    EXPECT_EQ(read_input(path, 4).error().detail, path + ": it is larger than 4 bytes");
    auto file = InputFile::open(path);
    ASSERT_TRUE(file.ok());
    EXPECT_FALSE(read_secret_input(*file, 4).ok());
    EXPECT_EQ(read_input("/dev/zero", 100'000).error().id, ErrorId::usage_file);
    EXPECT_EQ(read_input("/dev/null", 1).value(), "");
}

TEST(InputFile, SaysWhatIsWrong) {
    const TemporaryFolder folder;
    EXPECT_EQ(InputFile::open(folder.path()).error().detail, folder.path() + ": it is a directory");
    EXPECT_TRUE(InputFile::open(folder / "missing").error().detail.ends_with(": No such file or directory"));
}

// No descriptor is left: that is no matter of the file.
TEST(InputFile, SaysThatThereAreTooManyFiles) {
    EXPECT_EQ(system_error(ErrorId::usage_file, "open", EMFILE).id, ErrorId::net_descriptors);
    EXPECT_EQ(system_error(ErrorId::state_directory, "open", ENFILE).id, ErrorId::net_descriptors);
}

}  // namespace
}  // namespace mullion::os
