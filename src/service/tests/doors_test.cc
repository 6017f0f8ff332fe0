// The listening sockets of the service, on loopback: who meets whom, and what changes leave open.
#include "service/doors/doors.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <boost/asio/io_context.hpp>

#include <map>

#include "os/file.h"
#include "os/tests/temporary_folder.h"

namespace mullion::service {
namespace {

// A socket of the operator's own, or of a client.
class Plain {
public:
    Plain(const std::string& address, std::uint16_t port) {
        const bool six = address.find(':') != std::string::npos;
        descriptor = os::UniqueFd(::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const timeval patience{10, 0};  // After which it is a failure.
        ::setsockopt(descriptor.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (six) {
            auto* to = reinterpret_cast<sockaddr_in6*>(&storage_);
            to->sin6_family = AF_INET6;
            to->sin6_port = htons(port);
            inet_pton(AF_INET6, address.c_str(), &to->sin6_addr);
            size_ = sizeof(sockaddr_in6);
        } else {
            auto* to = reinterpret_cast<sockaddr_in*>(&storage_);
            to->sin_family = AF_INET;
            to->sin_port = htons(port);
            inet_pton(AF_INET, address.c_str(), &to->sin_addr);
            size_ = sizeof(sockaddr_in);
        }
    }
    bool connect() { return ::connect(descriptor.get(), raw(), size_) == 0; }
    bool listen() {
        return ::bind(descriptor.get(), raw(), size_) == 0 && ::listen(descriptor.get(), 8) == 0;
    }
    std::uint16_t port() {
        ::getsockname(descriptor.get(), raw(), &size_);
        return ntohs(reinterpret_cast<sockaddr_in*>(&storage_)->sin_port);  // In both versions it is there.
    }
    // The other end closed it.
    bool closed() {
        char byte = 0;
        return ::recv(descriptor.get(), &byte, 1, 0) == 0;
    }
    os::UniqueFd descriptor;

private:
    sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage_); }
    sockaddr_storage storage_{};
    socklen_t size_ = 0;
};

state::ListenerSettings at(const std::string& address, std::uint16_t port,
                           const std::string& prefix = "wsman") {
    state::ListenerSettings one;
    one.address = address;
    one.port = port;
    one.url_prefix = prefix;
    return one;
}

class Lines final : public Logger {
public:
    [[nodiscard]] bool enabled(LogLevel level) const override { return level >= LogLevel::info; }
    void write(LogLevel, std::string_view line) override { text.append(line) += '\n'; }
    [[nodiscard]] bool has(std::string_view part) const { return text.find(part) != std::string::npos; }
    std::string text;
};

class DoorsTest : public ::testing::Test {
protected:
    void make(std::vector<PassedSocket> passed = {}) {
        doors.emplace(
            Doors::Parts{context.get_executor(), folder.path(), log, std::move(passed)},
            [this](net::Listener::Accepted accepted, std::shared_ptr<const Doorway> doorway) {
                met = doorway->way()->listener.address + " " + doorway->way()->listener.url_prefix;
                const os::UniqueFd closed(accepted.descriptor);
            },
            [this](Error why) { broken = why.message(); });
    }
    // What went wrong; empty: it is in force.
    std::string set(std::vector<state::ListenerSettings> listeners) {
        if (!doors) make();
        state::Config config;
        config.listeners = std::move(listeners);
        auto plan = doors->prepare(config);
        if (!plan.ok()) return plan.error().message();
        doors->apply(std::move(*plan));
        return {};
    }
    // Who meets a connection to there: "ADDRESS PREFIX"; "" when it is closed without a word, "refused".
    std::string meet(const std::string& address, std::uint16_t port) {
        Plain client(address, port);
        if (!client.connect()) return "refused";
        met.clear();
        context.restart();
        context.poll();
        EXPECT_TRUE(client.closed());  // By us or by who took it.
        return met;
    }
    std::uint16_t free_port() {
        Plain one("::", 0);
        EXPECT_TRUE(one.listen());
        return one.port();
    }

    os::TemporaryFolder folder;
    Lines log;
    boost::asio::io_context context{1};
    std::optional<Doors> doors;
    std::string met, broken;
};

TEST_F(DoorsTest, TheClosestListenerMeets) {
    const auto port = free_port();
    ASSERT_EQ(set({at("*", port, "all"), at("127.0.0.2", port, "two"), at("::", port, "six"),
                   at("::1", port, "one")}),
              "");
    EXPECT_EQ(meet("127.0.0.1", port), "* all");
    EXPECT_EQ(meet("127.0.0.2", port), "127.0.0.2 two");
    EXPECT_EQ(meet("::1", port), "::1 one");
    ASSERT_EQ(set({at("*", port, "all"), at("::", port, "six")}), "");
    EXPECT_EQ(meet("127.0.0.2", port), "* all");
    EXPECT_EQ(meet("::1", port), ":: six");
}

TEST_F(DoorsTest, AllOfOneVersion) {
    const auto port = free_port();
    ASSERT_EQ(set({at("::", port), at("127.0.0.2", port)}), "");
    EXPECT_EQ(meet("::1", port), ":: wsman");
    EXPECT_EQ(meet("127.0.0.2", port), "127.0.0.2 wsman");
    EXPECT_EQ(meet("127.0.0.1", port), "refused");
    ASSERT_EQ(set({at("::", port), at("0.0.0.0", port)}), "");
    EXPECT_EQ(meet("127.0.0.1", port), "0.0.0.0 wsman");
}

// Each of these from each other in one step, whatever is open.
TEST_F(DoorsTest, FromAnyToAnyInOneStep) {
    const auto port = free_port();
    const std::vector<std::vector<state::ListenerSettings>> ways{
        {at("*", port)},
        {at("127.0.0.1", port)},
        {at("*", port), at("127.0.0.1", port)},
        {at("127.0.0.1", port), at("127.0.0.2", port), at("::1", port)},
        {at("::", port), at("127.0.0.2", port)},
        {at("0.0.0.0", port), at("::1", port)},
        {}};
    const std::vector<std::map<std::string, std::string>> expected{
        {{"127.0.0.1", "*"}, {"127.0.0.2", "*"}, {"::1", "*"}},
        {{"127.0.0.1", "127.0.0.1"}},
        {{"127.0.0.1", "127.0.0.1"}, {"127.0.0.2", "*"}, {"::1", "*"}},
        {{"127.0.0.1", "127.0.0.1"}, {"127.0.0.2", "127.0.0.2"}, {"::1", "::1"}},
        {{"127.0.0.2", "127.0.0.2"}, {"::1", "::"}},
        {{"127.0.0.1", "0.0.0.0"}, {"127.0.0.2", "0.0.0.0"}, {"::1", "::1"}},
        {}};
    const auto check = [&](std::size_t i) {
        for (const auto* address : {"127.0.0.1", "127.0.0.2", "::1"}) {
            const auto found = expected[i].find(address);
            EXPECT_EQ(meet(address, port), found == expected[i].end() ? "refused" : found->second + " wsman")
                << address << " in way " << i;
        }
    };
    for (std::size_t from = 0; from < ways.size(); ++from) {
        for (std::size_t to = 0; to < ways.size(); ++to) {
            ASSERT_EQ(set(ways[from]), "") << from;
            ASSERT_EQ(set(ways[to]), "") << from << " to " << to;
            check(to);
        }
    }
    EXPECT_EQ(broken, "");
}

TEST_F(DoorsTest, WhoWaitsAtASocketThatGoesIsMetByTheListenerThatHasHisAddressThen) {
    const auto port = free_port();
    ASSERT_EQ(set({at("*", port, "all")}), "");
    Plain one("127.0.0.1", port), two("127.0.0.2", port);
    ASSERT_TRUE(one.connect());
    ASSERT_TRUE(two.connect());
    met.clear();
    ASSERT_EQ(set({at("127.0.0.1", port, "own")}), "");
    EXPECT_EQ(met, "127.0.0.1 own");
    EXPECT_TRUE(one.closed());
    EXPECT_TRUE(two.closed());
}

TEST_F(DoorsTest, WhatCannotBeOpenedLeavesAllAsItWas) {
    Plain taken("127.0.0.3", 0);
    ASSERT_TRUE(taken.listen());
    const auto port = taken.port();
    ASSERT_EQ(set({at("127.0.0.1", port, "mine")}), "");
    EXPECT_NE(set({at("*", port)}).find("in use"), std::string::npos);
    EXPECT_NE(set({at("127.0.0.1", port), at("127.0.0.3", port)}).find("in use"), std::string::npos);
    EXPECT_EQ(meet("127.0.0.1", port), "127.0.0.1 mine");
    EXPECT_EQ(meet("127.0.0.2", port), "refused");
}

TEST_F(DoorsTest, AnAddressThatIsNotHereIsWaitedFor) {
    const auto port = free_port();
    ASSERT_EQ(set({at("192.0.2.1", port), at("MAC:02-00-00-00-00-77", port), at("127.0.0.1", port)}), "");
    EXPECT_EQ(doors->urls().size(), 1U);
    EXPECT_EQ(meet("127.0.0.1", port), "127.0.0.1 wsman");
    EXPECT_TRUE(log.has("the listener IP:192.0.2.1 HTTP waits")) << log.text;
    EXPECT_TRUE(log.has("the listener MAC:02-00-00-00-00-77 HTTP waits"));
    EXPECT_TRUE(doors->facts(at("192.0.2.1", port), {}).listening_on.empty());
    log.text.clear();
    ASSERT_EQ(set({at("192.0.2.1", port), at("127.0.0.1", port)}), "");
    EXPECT_FALSE(log.has("192.0.2.1")) << "it is told once";
}

TEST_F(DoorsTest, FactsSayWhoListensWhere) {
    const auto port = free_port();
    ASSERT_EQ(set({at("*", port), at("127.0.0.1", port)}), "");
    const auto all = doors->facts(at("*", port), {}).listening_on;
    EXPECT_EQ(std::count(all.begin(), all.end(), "127.0.0.1"), 0) << "that is the other's";
    EXPECT_EQ(doors->facts(at("127.0.0.1", port), {}).listening_on, std::vector<std::string>{"127.0.0.1"});
    state::Config config;
    config.listeners = {at("*", port), at("127.0.0.1", port)};
    EXPECT_FALSE(doors->addresses_changed(config));
}

PassedSocket passed_at(Plain& socket, const std::string& place) {
    EXPECT_TRUE(socket.listen());
    const auto port = socket.port();
    return {false, ::dup(socket.descriptor.get()), place, port};
}

TEST_F(DoorsTest, AWidePassedSocketServesParticularListenersToo) {
    Plain systemds("::", 0);
    const auto passed = passed_at(systemds, "*");
    make({passed});
    ASSERT_EQ(set({at("*", passed.port, "all"), at("127.0.0.2", passed.port, "two")}), "");
    EXPECT_EQ(meet("127.0.0.1", passed.port), "* all");
    EXPECT_EQ(meet("127.0.0.2", passed.port), "127.0.0.2 two");
    // It stays, whatever the listeners: systemd would go on holding it, and clients would hang there.
    ASSERT_EQ(set({at("127.0.0.2", passed.port, "two")}), "");
    EXPECT_EQ(meet("127.0.0.2", passed.port), "127.0.0.2 two");
    EXPECT_EQ(meet("127.0.0.1", passed.port), "");
}

TEST_F(DoorsTest, APassedSocketOfOneVersionIsMadeWhole) {
    Plain systemds("0.0.0.0", 0);
    const auto passed = passed_at(systemds, "0.0.0.0");
    make({passed});
    ASSERT_EQ(set({at("*", passed.port, "all")}), "");
    EXPECT_EQ(meet("127.0.0.1", passed.port), "* all");
    EXPECT_EQ(meet("::1", passed.port), "* all");
    ASSERT_EQ(set({at("0.0.0.0", passed.port, "four")}), "");
    EXPECT_EQ(meet("127.0.0.1", passed.port), "0.0.0.0 four");
    EXPECT_EQ(meet("::1", passed.port), "refused");
}

TEST_F(DoorsTest, APassedSocketThatNoListenerIsForIsClosedToAllAndTold) {
    Plain systemds("127.0.0.1", 0);
    const auto passed = passed_at(systemds, "127.0.0.1");
    make({passed});
    const auto port = free_port();
    ASSERT_EQ(set({at("127.0.0.1", port)}), "");
    EXPECT_EQ(meet("127.0.0.1", passed.port), "");
    EXPECT_EQ(meet("127.0.0.1", port), "127.0.0.1 wsman");
    EXPECT_TRUE(log.has("ListenStream=")) << log.text;
    EXPECT_EQ(doors->urls().size(), 1U);
    ASSERT_EQ(set({at("127.0.0.1", port), at("127.0.0.1", passed.port, "late")}), "");
    EXPECT_EQ(meet("127.0.0.1", passed.port), "127.0.0.1 late");
}

TEST_F(DoorsTest, WhatSystemdHoldsInTheWayIsNamed) {
    Plain systemds("127.0.0.1", 0);
    const auto passed = passed_at(systemds, "127.0.0.1");
    make({passed});
    state::Config config;
    config.listeners = {at("127.0.0.1", passed.port), at("*", passed.port)};
    const auto plan = doors->prepare(config);
    ASSERT_FALSE(plan.ok());
    ASSERT_FALSE(plan.error().advice.empty());
    EXPECT_NE(plan.error().advice[0].find("ListenStream="), std::string::npos);
}

}  // namespace
}  // namespace mullion::service
