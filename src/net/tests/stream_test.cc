// Plain streams, listeners and the worker pool over loopback.
#include "net/stream.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "net/tests/loop.h"

namespace mullion::net {
namespace {

class Streams : public ::testing::Test {
protected:
    void SetUp() override {
        ends = connect_both(loop);
        ASSERT_TRUE(ends.client.ok() && ends.server.ok());
        client = ends.client->get();
        server = ends.server->get();
    }
    Loop loop;
    Ends ends;
    Stream* client = nullptr;
    Stream* server = nullptr;
    std::array<char, 64> part{};
};

Task<void> write_all(Stream& stream, std::string text, bool close) {
    (void)co_await stream.write(text);
    if (close) stream.close();
}

Task<std::size_t> count_to_end(Stream& stream) {
    std::size_t total = 0;
    std::array<char, 70'000> big;
    while (true) {
        const auto count = co_await stream.read_some(big);
        if (!count || *count == 0) co_return total;
        total += *count;
    }
}

TEST_F(Streams, CarryMoreThanTheSocketHolds) {
    loop.start(write_all(*client, std::string(20'000'000, 'x'), true));
    EXPECT_EQ(loop.run(count_to_end(*server)), 20'000'000U);
}

Task<void> set(Executor executor, bool& flag) {
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    flag = true;
}

Task<std::size_t> read_until(Stream& stream, const bool& flag) {
    std::array<char, 1> byte{};
    std::size_t total = 0;
    while (!flag && total < 40'000) {
        const auto count = co_await stream.read_some(byte);
        if (!count || *count == 0) break;
        ++total;
    }
    co_return total;
}

// A peer that always has more bytes ready does not keep the others of its thread from their turn.
TEST_F(Streams, LeaveTurnsToOthersOfTheThread) {
    loop.run(write_all(*client, std::string(50'000, 'x'), false));
    bool other = false;
    loop.start(set(loop.executor(), other));
    EXPECT_LT(loop.run(read_until(*server, other)), 40'000U);
    EXPECT_TRUE(other);
}

TEST_F(Streams, TellTheirPeer) {
    EXPECT_EQ(client->peer(), "127.0.0.1");
    EXPECT_EQ(server->peer(), "127.0.0.1");
    EXPECT_EQ(client->tls(), nullptr);
}

TEST_F(Streams, FailAtTheDeadline) {
    client->expires_at(in_ms(5));
    const auto read = loop.run(client->read_some(part));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().info().id, "net.read_timeout");
    const auto write = loop.run(client->write("x"));
    ASSERT_FALSE(write.ok());
    EXPECT_EQ(write.error().info().id, "net.read_timeout");
    // A later deadline makes it usable again.
    client->expires_at(far_off());
    EXPECT_TRUE(loop.run(client->write("x")).ok());
    EXPECT_TRUE(loop.run(server->read_some(part)).ok());
}

// A thread that was busy, or a process that was stopped, finds the answer and the deadline at the same time.
TEST_F(Streams, WhatCameBeforeABusyThreadLookedIsNoTimeout) {
    const auto deadline = in_ms(5);
    client->expires_at(deadline);
    const auto be_busy = [&] {
        loop.start(write_all(*server, "answer", false));
        while (std::chrono::steady_clock::now() < deadline) {
        }
    };
    boost::asio::post(loop.executor(), [&] { boost::asio::post(loop.executor(), be_busy); });
    const auto read = loop.run(client->read_some(part));
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(*read, 6U);
    // It is good for one read: a peer that always has one more byte does not outrun the deadline.
    ASSERT_TRUE(loop.run(server->write("more")).ok());
    const auto again = loop.run(client->read_some(part));
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().info().id, "net.read_timeout");
}

TEST_F(Streams, AWriteThatNobodyReadsFailsAtTheDeadline) {
    client->expires_at(in_ms(20));
    const std::string much(50'000'000, 'x');
    const auto written = loop.run(client->write(much));
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().info().id, "net.read_timeout");
}

TEST_F(Streams, AnEarlierDeadlineReachesAPendingRead) {
    client->expires_at(far_off());
    boost::asio::post(loop.executor(), [this] { client->expires_at(in_ms(5)); });
    const auto read = loop.run(client->read_some(part));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().info().id, "net.read_timeout");
}

TEST_F(Streams, ClosingEndsAPendingRead) {
    boost::asio::post(loop.executor(),
                      [this] { boost::asio::post(loop.executor(), [this] { client->close(); }); });
    const auto read = loop.run(client->read_some(part));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().info().id, "net.closed");
}

TEST_F(Streams, AreStaleOnceThePeerSaysSomethingOrLeaves) {
    EXPECT_FALSE(client->stale());
    ASSERT_TRUE(loop.run(server->write("x")).ok());
    EXPECT_TRUE(client->stale());
    ASSERT_TRUE(loop.run(client->read_some(part)).ok());
    EXPECT_FALSE(client->stale());
    server->close();
    EXPECT_TRUE(client->stale());
    const auto read = loop.run(client->read_some(part));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, 0U);
}

TEST_F(Streams, WritingToAPeerThatLeftIsAnErrorNotASignal) {
    server->close();
    Result<void> written;
    for (int i = 0; i < 100 && written.ok(); ++i)
        written = loop.run(client->write(std::string(100'000, 'x')));
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().info().id, "net.closed");
}

TEST(Listening, StarTakesBothFamilies) {
    Loop loop;
    auto listener = listen(loop.executor(), "*", 0);
    ASSERT_TRUE(listener.ok()) << listener.error().message();
    for (const std::string address : {"127.0.0.1", "::1"}) {
        if (address == "::1" && (*listener)->address() != "::") continue;  // A machine without IPv6.
        const auto accepted = std::make_shared<std::optional<Result<std::unique_ptr<Stream>>>>();
        loop.start(accept_one(loop.executor(), **listener, nullptr, accepted));
        const Endpoint endpoint{address, (*listener)->port(), nullptr, ""};
        const auto client = loop.run(connect(loop.executor(), loop.pool(), endpoint, far_off()));
        ASSERT_TRUE(client.ok()) << client.error().message();
        while (!accepted->has_value()) loop.run(one_turn(loop.executor()));
        ASSERT_TRUE((*accepted)->ok());
        EXPECT_EQ((*accepted)->value()->peer(), address);
    }
}

TEST(Listening, OnEveryAddressSaysWhichOneWasSpokenTo) {
    Loop loop;
    auto listener = listen(loop.executor(), "0.0.0.0", 0);
    ASSERT_TRUE(listener.ok()) << listener.error().message();
    for (const std::string address : {"127.0.0.1", "127.9.8.7"}) {
        const Endpoint endpoint{address, (*listener)->port(), nullptr, ""};
        const auto client = loop.run(connect(loop.executor(), loop.pool(), endpoint, far_off()));
        ASSERT_TRUE(client.ok()) << client.error().message();
        auto accepted = loop.run((*listener)->accept());
        ASSERT_TRUE(accepted.ok());
        EXPECT_EQ(accepted->local, address);
        EXPECT_EQ(accepted->local_port, (*listener)->port());
        ::close(accepted->descriptor);
    }
}

TEST(Listening, SaysWhyItCannot) {
    Loop loop;
    auto first = listen(loop.executor(), "127.0.0.1", 0);
    ASSERT_TRUE(first.ok());
    for (const auto& [address, port] : {std::pair<std::string, std::uint16_t>{"127.0.0.1", (*first)->port()},
                                        {"192.0.2.1", 0},
                                        {"not an address", 0}}) {
        const auto again = listen(loop.executor(), address, port);
        ASSERT_FALSE(again.ok()) << address;
        EXPECT_EQ(again.error().info().id, "serve.listen");
    }
}

TEST(Listening, ClosingEndsAccept) {
    Loop loop;
    auto listener = listen(loop.executor(), "127.0.0.1", 0);
    ASSERT_TRUE(listener.ok());
    boost::asio::post(loop.executor(),
                      [&] { boost::asio::post(loop.executor(), [&] { (*listener)->close(); }); });
    const auto accepted = loop.run((*listener)->accept());
    ASSERT_FALSE(accepted.ok());
    EXPECT_EQ(accepted.error().info().id, "serve.listen");
}

TEST(Workers, RunElsewhereAndComeBack) {
    Loop loop;
    std::thread::id worker;
    auto job = [&worker] {
        worker = std::this_thread::get_id();
        return Result<int>(42);
    };
    const auto result = loop.run(loop.pool().run(job));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(*result, 42);
    EXPECT_NE(worker, std::this_thread::get_id());
}

}  // namespace
}  // namespace mullion::net
