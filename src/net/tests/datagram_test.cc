// One question in a datagram: what is sent, what counts as an answer, and what is said where none comes.
#include "net/datagram.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <thread>
#include <utility>
#include <vector>

#include "net/tests/loop.h"
#include "os/file.h"

namespace mullion::net {
namespace {

// A socket on loopback, and its port.
class Server {
public:
    Server() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
        port_ = ntohs(address.sin_port);
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    // From this process, to who waits in answer().
    void tell(const std::string& packet) const {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        ASSERT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
        const os::UniqueFd from(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        ASSERT_EQ(::sendto(from.get(), packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&address),
                           size),
                  static_cast<ssize_t>(packet.size()));
    }
    // Waits for one question, and answers it so.
    std::string answer(const std::vector<std::string>& packets) {
        std::array<char, 4096> bytes{};
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const auto got = ::recvfrom(socket_.get(), bytes.data(), bytes.size(), 0,
                                    reinterpret_cast<sockaddr*>(&from), &size);
        for (const auto& packet : packets)
            ::sendto(socket_.get(), packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&from),
                     size);
        return {bytes.data(), static_cast<std::size_t>(got)};
    }

private:
    os::UniqueFd socket_;
    std::uint16_t port_ = 0;
};

DatagramQuestion question(std::uint16_t port) {
    DatagramQuestion asked;
    asked.host = "127.0.0.1";
    asked.port = port;
    asked.make = [] { return std::string("what?"); };
    asked.takes = [](const std::string& packet) { return packet.starts_with("that"); };
    return asked;
}

TEST(Datagram, IsSentAndAnswered) {
    Loop loop;
    Server server;
    std::string heard;
    std::thread thread([&] { heard = server.answer({"that one"}); });
    const auto answer =
        loop.run(ask_datagram(loop.executor(), loop.pool(), question(server.port()), far_off()));
    thread.join();
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(*answer, "that one");
    EXPECT_EQ(heard, "what?");
}

TEST(Datagram, WhatDoesNotAnswerIsPassedOver) {
    Loop loop;
    Server server;
    std::thread thread([&] {
        server.answer({"something else", "", "that" + std::string(3000, 'x'), "that at last"});
    });
    const auto answer =
        loop.run(ask_datagram(loop.executor(), loop.pool(), question(server.port()), far_off()));
    thread.join();
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(*answer, "that at last");
}

TEST(Datagram, IsAskedAgainWhereNothingComes) {
    Loop loop;
    Server server;
    auto asked = question(server.port());
    int made = 0;
    asked.make = [&made] { return "question " + std::to_string(++made); };
    asked.patience = std::chrono::milliseconds(1);
    // The answer to the second may come behind the patience of its try; then a later one is in time.
    std::vector<std::string> heard;
    std::thread thread([&] {
        heard.push_back(server.answer({}));
        while (heard.back() != "stop") heard.push_back(server.answer({"that"}));
    });
    const auto answer = loop.run(ask_datagram(loop.executor(), loop.pool(), std::move(asked), far_off()));
    server.tell("stop");
    thread.join();
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(*answer, "that");
    ASSERT_GE(heard.size(), 3u);
    EXPECT_EQ(heard[0], "question 1");
    EXPECT_EQ(heard[1], "question 2");
    EXPECT_EQ(heard.back(), "stop");
}

TEST(Datagram, SilenceEndsAtTheDeadline) {
    Loop loop;
    Server server;
    const auto answer =
        loop.run(ask_datagram(loop.executor(), loop.pool(), question(server.port()), in_ms(20)));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::net_timeout);
    EXPECT_NE(answer.error().detail.find("127.0.0.1 port " + std::to_string(server.port())),
              std::string::npos);
}

TEST(Datagram, APortWhereNobodyIsSaysSo) {
    Loop loop;
    std::uint16_t port = 0;
    {
        const Server gone;
        port = gone.port();
    }
    const auto answer = loop.run(ask_datagram(loop.executor(), loop.pool(), question(port), far_off()));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::net_refused);
}

TEST(Datagram, NoNameIsNoQuestion) {
    Loop loop;
    auto asked = question(123);
    asked.host = std::string("a\0b", 3);
    const auto answer = loop.run(ask_datagram(loop.executor(), loop.pool(), std::move(asked), far_off()));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().id, ErrorId::net_name);
}

}  // namespace
}  // namespace mullion::net
