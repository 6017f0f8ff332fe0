#include "cli/host_inputs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace mullion::cli {
namespace {

class HostInputsTest : public ::testing::Test {
protected:
    ~HostInputsTest() override { ::unlink(path.c_str()); }
    static std::string read(client::InputSource& input, std::size_t most) {
        std::string all;
        for (;;) {
            auto chunk = input.next(most);
            EXPECT_TRUE(chunk.ok());
            if (!chunk.ok() || chunk->empty()) return all;
            EXPECT_LE(chunk->size(), most);
            all += *chunk;
        }
    }
    std::string path = ::testing::TempDir() + "mullion-input-" + std::to_string(::getpid());
};

TEST_F(HostInputsTest, EachHostReadsAFileFromItsStart) {
    std::ofstream(path) << "0123456789";
    const auto inputs = open_inputs(path, true);
    ASSERT_TRUE(inputs.ok());
    const auto one = (*inputs)->open(), two = (*inputs)->open();
    EXPECT_EQ(one->next(4).value(), "0123");
    EXPECT_EQ(read(*two, 3), "0123456789");
    EXPECT_EQ(read(*one, 100), "456789");
}

TEST_F(HostInputsTest, EachHostReadsASecretFromItsStart) {
    const auto inputs = inputs_of(Secret(std::string_view("pass\0word\n", 10)));
    const auto one = inputs->open(), two = inputs->open(), three = inputs->open();
    EXPECT_EQ(one->next(4).value(), "pass");
    EXPECT_EQ(read(*two, 3), std::string("pass\0word\n", 10));
    EXPECT_EQ(read(*one, 100), std::string("\0word\n", 6));
    three->cancel();
    EXPECT_EQ(read(*three, 100), "");
}

TEST_F(HostInputsTest, WhatCanBeReadOnlyOnceIsKept) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const std::string text(200'000, 'x');
    std::thread writer([&] { std::ofstream(path) << text; });
    const auto inputs = open_inputs(path, true);
    writer.join();
    ASSERT_TRUE(inputs.ok());
    for (int host = 0; host < 3; ++host) EXPECT_EQ(read(*(*inputs)->open(), 30'000), text);
}

TEST_F(HostInputsTest, TooMuchToKeepIsAnError) {
    const auto inputs = open_inputs("/dev/zero", true);
    ASSERT_FALSE(inputs.ok());
    EXPECT_EQ(inputs.error().id, ErrorId::usage_invalid);
}

TEST_F(HostInputsTest, AFileThatIsNotThereIsNamed) {
    for (const bool several : {false, true}) {
        const auto inputs = open_inputs(path + "-none", several);
        ASSERT_FALSE(inputs.ok());
        EXPECT_EQ(inputs.error().id, ErrorId::usage_file);
        EXPECT_NE(inputs.error().detail.find("-none"), std::string::npos);
    }
}

TEST_F(HostInputsTest, CancelEndsTheInput) {
    std::ofstream(path) << "0123456789";
    const auto inputs = open_inputs(path, true);
    const auto one = (*inputs)->open(), two = (*inputs)->open();
    one->cancel();
    EXPECT_EQ(one->next(4).value(), "");
    EXPECT_EQ(two->next(4).value(), "0123");
}

}  // namespace
}  // namespace mullion::cli
