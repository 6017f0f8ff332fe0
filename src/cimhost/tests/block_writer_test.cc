#include "cimhost/block_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace mullion::cimhost {
namespace {

// A pipe that takes all that a test writes.
class Pipe {
public:
    Pipe() {
        EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0);
        EXPECT_GE(::fcntl(ends_[1], F_SETPIPE_SZ, 1 << 20), 1 << 20);
        EXPECT_EQ(::fcntl(ends_[0], F_SETFL, O_NONBLOCK), 0);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_reader();
        ::close(ends_[1]);
    }
    void close_reader() {
        if (ends_[0] >= 0) ::close(ends_[0]);
        ends_[0] = -1;
    }
    [[nodiscard]] int writer() const { return ends_[1]; }
    // What is there.
    [[nodiscard]] std::string read() const {
        std::string bytes(1 << 20, '\0');
        const auto size = ::read(ends_[0], bytes.data(), bytes.size());
        bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return bytes;
    }

private:
    int ends_[2] = {-1, -1};
};

class BlockWriterTest : public ::testing::Test {
protected:
    BlockWriterTest() { std::signal(SIGPIPE, SIG_IGN); }
    std::chrono::steady_clock::time_point now_{};
    BlockWriter::Clock clock_ = [this] { return now_; };
    Pipe pipe_;
};

TEST_F(BlockWriterTest, WritesManyAtOnce) {
    BlockWriter out(pipe_.writer(), clock_);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(out.item("<p:X/>"));
    EXPECT_EQ(pipe_.read(), "");
    const std::string large(70'000, 'x');
    EXPECT_TRUE(out.item(large));
    const auto block = pipe_.read();
    EXPECT_GT(block.size(), large.size());
    EXPECT_TRUE(out.item("<p:Y/>"));
    out.last(cim::End{});
    EXPECT_TRUE(out.ended());
    cim::FrameReader reader;
    reader.feed(block);
    reader.feed(pipe_.read());
    std::size_t items = 0;
    std::optional<cim::FromHost> frame;
    while ((frame = reader.next()) && std::holds_alternative<cim::Item>(*frame)) ++items;
    EXPECT_EQ(items, 12u);
    EXPECT_TRUE(frame && std::holds_alternative<cim::End>(*frame));
    EXPECT_TRUE(reader.at_boundary());
}

// What was found is not kept back while much is looked through and nothing found.
TEST_F(BlockWriterTest, DoesNotKeepWhatItHas) {
    BlockWriter out(pipe_.writer(), clock_);
    EXPECT_TRUE(out.item("<p:X/>"));
    now_ += std::chrono::milliseconds(99);
    EXPECT_TRUE(out.go_on());
    EXPECT_EQ(pipe_.read(), "");
    now_ += std::chrono::milliseconds(1);
    EXPECT_TRUE(out.go_on());
    EXPECT_EQ(pipe_.read(), cim::encode(cim::Item{"<p:X/>"}));
    EXPECT_TRUE(out.go_on());
    EXPECT_EQ(pipe_.read(), "");
}

TEST_F(BlockWriterTest, NeverHasHalfAFrame) {
    BlockWriter out(pipe_.writer(), clock_);
    EXPECT_TRUE(out.item("<p:X/>"));
    EXPECT_THROW((void)out.item(std::string(cim::item_limit + 1, 'x')), std::length_error);
    out.last(cim::Failure{0x54F, "broken", "", {}});
    EXPECT_EQ(pipe_.read(),
              cim::encode(cim::Item{"<p:X/>"}) + cim::encode(cim::Failure{0x54F, "broken", "", {}}));
}

TEST_F(BlockWriterTest, EndsWhereNobodyReads) {
    pipe_.close_reader();
    BlockWriter out(pipe_.writer(), clock_);
    EXPECT_TRUE(out.item("<p:X/>"));  // It waits.
    EXPECT_FALSE(out.item(std::string(70'000, 'x')));
    EXPECT_TRUE(out.broken());
    EXPECT_FALSE(out.item("<p:X/>"));
    EXPECT_FALSE(out.go_on());
    out.last(cim::End{});
    EXPECT_FALSE(out.ended());
}

}  // namespace
}  // namespace mullion::cimhost
