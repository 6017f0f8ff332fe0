#include "net/connect.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tests/loop.h"

namespace mullion::net {
namespace {

Result<std::unique_ptr<Stream>> try_to(Loop& loop, const std::string& host, std::uint16_t port,
                                       MonotonicTime deadline = far_off()) {
    const Endpoint endpoint{host, port, nullptr, ""};
    return loop.run(connect(loop.executor(), loop.pool(), endpoint, deadline));
}

// A port that was just given back: nothing listens there.
std::uint16_t closed_port(Loop& loop) {
    auto listener = listen(loop.executor(), "127.0.0.1", 0);
    return (*listener)->port();
}

TEST(Connect, ByNameAndByAddress) {
    Loop loop;
    auto listener = listen(loop.executor(), "*", 0);
    ASSERT_TRUE(listener.ok());
    for (const std::string host : {"localhost", "127.0.0.1"}) {
        const auto stream = try_to(loop, host, (*listener)->port());
        EXPECT_TRUE(stream.ok()) << stream.error().message();
    }
}

TEST(Connect, TakesTheNextAddressWhenOneRefuses) {
    Loop loop;
    auto listener = listen(loop.executor(), "127.0.0.1", 0);  // localhost may be ::1 first.
    ASSERT_TRUE(listener.ok());
    EXPECT_TRUE(try_to(loop, "localhost", (*listener)->port()).ok());
}

TEST(Connect, SaysThatThePortIsClosed) {
    Loop loop;
    const auto stream = try_to(loop, "127.0.0.1", closed_port(loop));
    ASSERT_FALSE(stream.ok());
    EXPECT_EQ(stream.error().info().id, "net.refused");
    EXPECT_NE(stream.error().detail.find("127.0.0.1: Connection refused"), std::string::npos);
}

TEST(Connect, NamesEveryAddressThatWasTried) {
    Loop loop;
    const auto stream = try_to(loop, "localhost", closed_port(loop));
    ASSERT_FALSE(stream.ok());
    EXPECT_EQ(stream.error().info().id, "net.refused");
    EXPECT_NE(stream.error().detail.find("localhost port"), std::string::npos);
    EXPECT_NE(stream.error().detail.find("127.0.0.1: "), std::string::npos) << stream.error().detail;
}

TEST(Connect, SaysThatANameDoesNotResolve) {
    Loop loop;
    for (const std::string host : {"no-such-host.invalid", "", "white space", "[::1]"}) {
        const auto stream = try_to(loop, host, 5985);
        ASSERT_FALSE(stream.ok()) << host;
        EXPECT_EQ(stream.error().info().id, "net.name") << stream.error().message();
    }
    const auto hidden = try_to(loop, std::string("localhost\0.test", 15), 5985);
    ASSERT_FALSE(hidden.ok());
    EXPECT_EQ(hidden.error().info().id, "net.name");
}

TEST(Connect, GivesUpAtTheDeadline) {
    // A listener whose queue is full drops the handshake's packets, as a black-holed address does.
    const int full = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    ASSERT_EQ(::bind(full, reinterpret_cast<sockaddr*>(&place), size), 0);
    ASSERT_EQ(::listen(full, 0), 0);
    ASSERT_EQ(::getsockname(full, reinterpret_cast<sockaddr*>(&place), &size), 0);
    Loop loop;
    std::vector<std::unique_ptr<Stream>> held;
    Result<std::unique_ptr<Stream>> last = Error(ErrorId::net_closed, "");
    for (int i = 0; i < 10; ++i) {
        last = try_to(loop, "127.0.0.1", ntohs(place.sin_port), in_ms(100));
        if (!last) break;
        held.push_back(std::move(*last));
    }
    ASSERT_FALSE(last.ok());
    EXPECT_EQ(last.error().info().id, "net.timeout");
    EXPECT_NE(last.error().detail.find("127.0.0.1: no answer"), std::string::npos) << last.error().detail;
    ::close(full);
}

TEST(Connect, ThatABusyThreadNoticesLateIsNoTimeout) {
    Loop loop;
    auto listener = listen(loop.executor(), "127.0.0.1", 0);
    ASSERT_TRUE(listener.ok());
    const auto deadline = in_ms(5);
    boost::asio::post(loop.executor(), [&, deadline] {
        // The attempt has begun by now; its success is noticed after the deadline.
        boost::asio::post(loop.executor(), [deadline] {
            while (std::chrono::steady_clock::now() < deadline) {
            }
        });
    });
    const auto stream = try_to(loop, "127.0.0.1", (*listener)->port(), deadline);
    EXPECT_TRUE(stream.ok()) << stream.error().message();
}

TEST(Connect, ADeadlineThatIsOverIsATimeout) {
    Loop loop;
    auto listener = listen(loop.executor(), "127.0.0.1", 0);
    ASSERT_TRUE(listener.ok());
    const auto stream = try_to(loop, "127.0.0.1", closed_port(loop), in_ms(-1000));
    EXPECT_FALSE(stream.ok());
}

}  // namespace
}  // namespace mullion::net
