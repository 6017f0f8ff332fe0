#include "cli/writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <future>

namespace mullion::cli {
namespace {

// A pipe whose reader reads when it is told to.
class Pipe {
public:
    Pipe() {
        if (::pipe2(ends_, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }
    ~Pipe() {
        close_reader();
        close_writer();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    [[nodiscard]] int writer() const { return ends_[1]; }
    void close_reader() { close_one(ends_[0]); }
    void close_writer() { close_one(ends_[1]); }

    std::string read_some(std::size_t most = 1 << 20) {
        std::string bytes(most, '\0');
        const auto count = ::read(ends_[0], bytes.data(), bytes.size());
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
    // So many bytes.
    std::string read(std::size_t size) {
        std::string bytes;
        while (bytes.size() < size) {
            auto more = read_some(size - bytes.size());
            if (more.empty()) break;
            bytes += more;
        }
        return bytes;
    }
    std::string read_all() {
        close_writer();
        std::string bytes;
        for (auto more = read_some(); !more.empty(); more = read_some()) bytes += more;
        return bytes;
    }

private:
    static void close_one(int& descriptor) {
        if (descriptor >= 0) ::close(descriptor);
        descriptor = -1;
    }
    int ends_[2]{-1, -1};
};

class WriterTest : public ::testing::Test {
protected:
    WriterTest() { std::signal(SIGPIPE, SIG_IGN); }
    Writer::Options options() { return {output.writer(), errors.writer()}; }
    Pipe output, errors;
};

TEST_F(WriterTest, WritesInOrderAndToTheRightPlace) {
    {
        Writer writer(options());
        for (int i = 0; i < 1000; ++i) {
            writer.result(false, std::to_string(i) + "\n");
            if (i % 2 == 0) writer.result(true, "e" + std::to_string(i) + "\n");
        }
        writer.note("note\n");
        writer.result(10, [] { return std::string("made\n"); });
    }
    std::string expected, expected_errors;
    for (int i = 0; i < 1000; ++i) {
        expected += std::to_string(i) + "\n";
        if (i % 2 == 0) expected_errors += "e" + std::to_string(i) + "\n";
    }
    EXPECT_EQ(output.read_all(), expected + "made\n");
    EXPECT_EQ(errors.read_all(), expected_errors + "note\n");
}

// Both streams are one pipe: what was put first is there first.
TEST_F(WriterTest, KeepsTheOrderBetweenStreams) {
    {
        Writer writer({output.writer(), output.writer()});
        writer.result(false, "1 ");
        writer.note("2 ");
        writer.result(true, "3 ");
        writer.result(false, "4");
    }
    EXPECT_EQ(output.read_all(), "1 2 3 4");
}

TEST_F(WriterTest, ASlowReaderHoldsUpNobodyAndStopsTheHost) {
    const std::string chunk(100'000, 'x');
    Writer writer(options());
    const auto flow = std::make_shared<Writer::Flow>();
    std::promise<void> resumed;
    std::size_t put = 0;
    // A pipe holds 64 KiB: nobody reads, so putting would block for ever if it could.
    bool go_on = true;
    while (go_on) {
        ASSERT_LT(put, 10U) << "the host is never told to wait";
        writer.result(false, chunk, flow);
        ++put;
        go_on = writer.ready(flow, [&resumed] { resumed.set_value(); });
    }
    auto wait = resumed.get_future();
    EXPECT_EQ(wait.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    const auto all = output.read(put * chunk.size());
    EXPECT_EQ(all.size(), put * chunk.size());
    wait.wait();  // Once, or set_value() throws.
    EXPECT_TRUE(writer.ready(flow, {}));
}

TEST_F(WriterTest, ManyHostsTogetherAreBoundedAsWell) {
    auto few = options();
    few.total_limit = 300'000;
    Writer writer(few);
    std::atomic<int> resumed = 0;
    int waiting = 0;
    for (int i = 0; i < 20; ++i) {
        const auto flow = std::make_shared<Writer::Flow>();
        writer.result(false, std::string(30'000, 'x'), flow);
        if (!writer.ready(flow, [&resumed] { ++resumed; })) ++waiting;
    }
    EXPECT_GE(waiting, 5);
    auto room = std::async(std::launch::async, [&writer] { writer.wait_for_room(); });
    EXPECT_EQ(output.read(600'000).size(), 600'000U);
    room.wait();
    writer.finish();
    EXPECT_EQ(resumed, waiting);
}

TEST_F(WriterTest, ReleaseEndsTheWaitForRoom) {
    auto few = options();
    few.total_limit = 1000;
    Writer writer(few);
    writer.result(false, std::string(200'000, 'x'));
    auto room = std::async(std::launch::async, [&writer] { writer.wait_for_room(); });
    writer.release();
    room.wait();
    EXPECT_EQ(output.read(200'000).size(), 200'000U);
}

TEST_F(WriterTest, AReaderThatLeavesIsToldOnce) {
    Writer writer(options());
    std::atomic<int> told = 0;
    std::promise<void> broken, resumed;
    writer.on_broken([&] {
        ++told;
        broken.set_value();
    });
    const auto flow = std::make_shared<Writer::Flow>();
    writer.result(false, std::string(1'000'000, 'x'), flow);
    ASSERT_FALSE(writer.ready(flow, [&resumed] { resumed.set_value(); }));
    output.close_reader();
    broken.get_future().wait();
    resumed.get_future().wait();  // A host that waits for room must not wait for ever.
    EXPECT_EQ(writer.problem(), EPIPE);
    writer.result(false, "more");
    writer.note("more");
    EXPECT_TRUE(writer.ready(flow, {}));
    writer.wait_for_room();
    writer.finish();
    EXPECT_EQ(told, 1);
    EXPECT_EQ(errors.read_all(), "");
}

TEST_F(WriterTest, AFullDiskIsAProblemAndALostNoteIsNone) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    Writer notes({output.writer(), full});
    notes.note("lost");
    notes.finish();
    EXPECT_EQ(notes.problem(), 0);
    Writer results({full, errors.writer()});
    results.result(false, "lost");
    results.finish();
    EXPECT_EQ(results.problem(), ENOSPC);
    ::close(full);
}

TEST_F(WriterTest, KeepsTheProgressLineAtTheEnd) {
    auto with = options();
    with.errors = errors.writer();
    std::promise<void> drawn;
    std::atomic<int> calls = 0;
    with.progress = [&] {
        if (calls++ == 0) drawn.set_value();
        return std::string("1/2 done");
    };
    {
        Writer writer(with);
        drawn.get_future().wait();
        writer.note("trouble\n");
    }
    const auto text = errors.read_all();
    EXPECT_EQ(text.find("\r\x1b[K1/2 done"), 0U) << text;
    EXPECT_NE(text.find("1/2 done\r\x1b[Ktrouble\n"), std::string::npos) << text;
    // And gone at the end, whether it was drawn again or not.
    const auto last = text.rfind("1/2 done");
    EXPECT_NE(text.find("\r\x1b[K", last), std::string::npos) << text;
}

TEST_F(WriterTest, IsSilentWhileSomebodyAsksTheOperator) {
    std::atomic<bool> asking = true;
    std::atomic<bool> spoke_over_it = false;
    Writer writer(options());
    {
        const auto quiet = writer.hush();
        writer.result(5, [&] {
            spoke_over_it = asking.load();
            return std::string("after");
        });
        std::this_thread::yield();
        asking = false;
    }
    EXPECT_EQ(output.read(5), "after");
    EXPECT_FALSE(spoke_over_it);
}

}  // namespace
}  // namespace mullion::cli
