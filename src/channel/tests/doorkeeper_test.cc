// Every log-on passes the doorkeeper, whatever its scheme.
#include "channel/doorkeeper.h"

#include <gtest/gtest.h>

#include "channel/tests/channel_fixture.h"

namespace mullion::channel {
namespace {

using namespace testing;
using auth::Transport;

class Keeper final : public Doorkeeper {
public:
    std::optional<Duration> arrives(const std::string& address) override {
        EXPECT_EQ(address, "127.0.0.1");
        ++arrived;
        return wait;
    }
    void waited(const std::string&) override { ++waits_over; }
    Duration ended(const LogonAttempt& attempt, const Error* why, Duration waited) override {
        EXPECT_EQ(attempt.address, "127.0.0.1");
        EXPECT_EQ(waited, wait.value_or(Duration(0)));
        said.push_back(attempt.scheme + " " + (attempt.inside.empty() ? "-" : attempt.inside) + " " +
                       (attempt.who.empty() ? "-" : attempt.who) + " " +
                       (why == nullptr ? "in" : why->detail));
        return held;
    }
    int arrived = 0;
    int waits_over = 0;
    std::optional<Duration> wait{Duration(0)};
    Duration held{0};
    std::vector<std::string> said;
};

class Logons : public ChannelFixture {
protected:
    Logons() {
        doorkeeper_ = &keeper;
        server_.basic = server_.allow_unencrypted = true;
        client_.allow_unencrypted = true;
    }
    Keeper keeper;
};

TEST_F(Logons, AHandshakeIsOneAttempt) {
    auto good = client({Transport::ntlm});
    EXPECT_TRUE(exchange(*good, "one").ok());
    EXPECT_TRUE(exchange(*good, "two").ok());
    EXPECT_EQ(keeper.arrived, 1);
    auto bad = client({Transport::ntlm}, "wrong");
    EXPECT_EQ(exchange(*bad, "three").error().id, ErrorId::auth_rejected);
    EXPECT_EQ(keeper.said,
              (std::vector<std::string>{"Negotiate fake alice in", "Negotiate fake bob wrong word"}));
    EXPECT_EQ(keeper.waits_over, 0);
}

// A handshake that goes on when the password is known to be right: who stops there has guessed it.
TEST_F(Logons, WhoIsKnownBeforeTheEndIsToldThenAndOnce) {
    const std::string head =
        "POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: Negotiate ";
    const std::string more = head + "cHJvb2Y6bW9yZQ==\r\n", end = head + "cHJvb2Y6d29yZA==\r\n";
    const std::string last = "Connection: close\r\n\r\n";
    const std::vector<std::string> once{"Negotiate fake alice in"};
    keeper.held = Duration(1);
    EXPECT_NE(raw(more + last).find("HTTP/1.1 401"), std::string::npos);
    EXPECT_EQ(keeper.said, once);
    keeper.said.clear();
    EXPECT_NE(raw(more + "\r\n" + end + last).find("HTTP/1.1 200"), std::string::npos);
    EXPECT_EQ(keeper.said, once);
    EXPECT_EQ(keeper.arrived, 2);
}

TEST_F(Logons, BasicIsOnlyOneForEachConnection) {
    auto good = client({Transport::basic});
    EXPECT_TRUE(exchange(*good, "one").ok());
    EXPECT_TRUE(exchange(*good, "two").ok());
    EXPECT_EQ(keeper.arrived, 1);
    auto bad = client({Transport::basic}, "bad");
    EXPECT_FALSE(exchange(*bad, "three").ok());
    EXPECT_EQ(keeper.said, (std::vector<std::string>{"Basic - alice in", "Basic - alice wrong"}));
}

TEST_F(Logons, WhoIsTurnedAwayIsNotChecked) {
    keeper.wait = std::nullopt;
    auto one = client({Transport::basic});
    EXPECT_EQ(exchange(*one, "one").error().id, ErrorId::http_busy);
    auto other = client({Transport::ntlm});
    EXPECT_EQ(exchange(*other, "two").error().id, ErrorId::http_busy);
    EXPECT_EQ(verifier_.verified, 0);
    EXPECT_TRUE(keeper.said.empty());
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Logons, WhoWaitsBeforeAndAfterIsServedAllTheSame) {
    keeper.wait = Duration(1);
    keeper.held = Duration(1);
    for (const auto transport : {Transport::basic, Transport::ntlm}) {
        auto good = client({transport});
        EXPECT_TRUE(exchange(*good, "one").ok());
    }
    EXPECT_EQ(keeper.waits_over, 2);
    EXPECT_EQ(keeper.said.size(), 2U);
}

// Ends what is held, as a service that stops does.
class Ending final : public ConnectionWatch {
public:
    void request() override {}
    net::Task<Delivery> handshake(http::Response&) override { co_return Delivery{}; }
    net::Task<bool> hold(net::Executor, Duration) override { co_return false; }
};

TEST_F(Logons, WhoseConnectionEndsWhileHeWaitsIsNotChecked) {
    Ending watch;
    watch_ = &watch;
    keeper.wait = Duration(60'000);
    auto one = client({Transport::basic});
    EXPECT_FALSE(exchange(*one, "one").ok());
    EXPECT_EQ(verifier_.verified, 0);
    EXPECT_EQ(keeper.waits_over, 1);
}

TEST_F(Logons, AnotherAccountOnAConnectionIsTold) {
    const std::string head = "POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: Basic ";
    // alice:word, then bob:word.
    const auto answer = raw(head + "YWxpY2U6d29yZA==\r\n\r\n" + head + "Ym9iOndvcmQ=\r\n\r\n");
    EXPECT_NE(answer.find("HTTP/1.1 401"), std::string::npos);
    EXPECT_EQ(keeper.said,
              (std::vector<std::string>{"Basic - alice in", "Basic - bob the connection belongs to alice"}));
}

}  // namespace
}  // namespace mullion::channel
