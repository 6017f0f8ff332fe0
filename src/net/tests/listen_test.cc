// Listening sockets beside each other, on one port of loopback.
#include "net/listen.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/address_watch.h"
#include "net/tests/loop.h"
#include "os/file.h"

namespace mullion::net {
namespace {

class Beside : public ::testing::Test {
protected:
    std::unique_ptr<Listener> open(const std::string& address, std::uint16_t port = 0,
                                   const std::vector<Listener*>& own = {}) {
        auto listener = own.empty() ? listen(loop.executor(), address, port)
                                    : listen_beside(loop.executor(), address, port, own);
        if (listener.ok()) return std::move(*listener);
        failure = listener.error().detail;
        return nullptr;
    }
    void knock(const std::string& address, std::uint16_t port) {
        auto stream =
            loop.run(connect(loop.executor(), loop.pool(), {address, port, nullptr, ""}, far_off()));
        EXPECT_TRUE(stream.ok()) << address;
        guests.push_back(std::move(stream));
    }
    static std::vector<std::string> who_waits(Listener& listener) {
        std::vector<std::string> out;
        for (const auto& one : listener.waiting()) {
            out.push_back(one.local);
            const os::UniqueFd closed(one.descriptor);
        }
        return out;
    }

    Loop loop;
    std::string failure;
    std::vector<Result<std::unique_ptr<Stream>>> guests;
};

using Addresses = std::vector<std::string>;

TEST_F(Beside, AllAddressesBesideOneOfOurs) {
    const auto one = open("127.0.0.1");
    ASSERT_TRUE(one) << failure;
    EXPECT_FALSE(open("*", one->port())) << "without sharing there is no such thing";
    const auto all = open("*", one->port(), {one.get()});
    ASSERT_TRUE(all) << failure;
    knock("127.0.0.1", one->port());
    knock("127.0.0.2", one->port());
    EXPECT_EQ(who_waits(*one), Addresses{"127.0.0.1"});
    EXPECT_EQ(who_waits(*all), Addresses{"127.0.0.2"});
    one->close();
    knock("127.0.0.1", all->port());
    EXPECT_EQ(who_waits(*all), Addresses{"127.0.0.1"});
}

TEST_F(Beside, OneAddressBesideAllOfOurs) {
    const auto all = open("*");
    ASSERT_TRUE(all) << failure;
    const auto one = open("127.0.0.3", all->port(), {all.get()});
    ASSERT_TRUE(one) << failure;
    knock("127.0.0.3", all->port());
    knock("127.0.0.1", all->port());
    EXPECT_EQ(who_waits(*one), Addresses{"127.0.0.3"});
    EXPECT_EQ(who_waits(*all), Addresses{"127.0.0.1"});
}

TEST_F(Beside, SharingEndsWithTheMoment) {
    const auto one = open("127.0.0.1");
    ASSERT_TRUE(one) << failure;
    const auto all = open("*", one->port(), {one.get()});
    ASSERT_TRUE(all) << failure;
    EXPECT_FALSE(open("127.0.0.1", one->port())) << "an ordinary socket finds the port taken";
    EXPECT_FALSE(open("127.0.0.2", one->port()));
}

TEST_F(Beside, WhereAnotherHasThePortItIsTold) {
    const auto ours = open("127.0.0.1");
    ASSERT_TRUE(ours) << failure;
    const auto others = open("127.0.0.2", ours->port());  // Of no interest to listen_beside().
    ASSERT_TRUE(others) << failure;
    EXPECT_FALSE(open("*", ours->port(), {ours.get()}));
    EXPECT_NE(failure.find("in use"), std::string::npos) << failure;
    EXPECT_FALSE(open("127.0.0.1", ours->port())) << "nor does it go on sharing";
}

TEST_F(Beside, AClosedOneHasNothingToShare) {
    const auto one = open("127.0.0.1");
    ASSERT_TRUE(one) << failure;
    const auto port = one->port();
    one->close();
    EXPECT_TRUE(open("*", port, {one.get()})) << failure;
}

TEST(OwnAddress, WhatASocketCanHave) {
    for (const auto* own : {"127.0.0.1", "127.0.0.2", "0.0.0.0"}) EXPECT_TRUE(is_own_address(own)) << own;
    for (const auto* other : {"192.0.2.1", "2001:db8::1", "fe80::1%nowhere", "localhost", ""})
        EXPECT_FALSE(is_own_address(other)) << other;
}

Task<std::string> told_after_closing(AddressWatch& watch) {
    auto waiting = watch.next();
    const auto seen = co_await std::move(waiting);
    co_return seen.ok() ? "" : seen.error().detail;
}

// What comes and goes is in tests/e2e, which have a network of their own.
TEST(AddressWatch, EndsWhenItIsClosed) {
    Loop loop;
    auto watch = AddressWatch::make(loop.executor());
    ASSERT_TRUE(watch.ok()) << watch.error().message();
    boost::asio::post(loop.executor(), [&] { (*watch)->close(); });
    EXPECT_NE(loop.run(told_after_closing(**watch)), "");
    EXPECT_NE(loop.run(told_after_closing(**watch)), "");
}

}  // namespace
}  // namespace mullion::net
