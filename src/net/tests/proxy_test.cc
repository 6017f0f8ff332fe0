// Connecting through an HTTP proxy that is played here, byte by byte.
#include <gtest/gtest.h>

#include <array>

#include "net/tests/loop.h"

namespace mullion::net {
namespace {

struct Played {
    std::string request;  // What the client sent before the answer.
    bool tunnelled = false;
};

// Reads one header, answers with these bytes, then echoes one piece as the host would.
Task<void> play_proxy(Executor executor, Listener& listener, std::string answer,
                      std::shared_ptr<Played> played) {
    auto accepted = co_await listener.accept();
    if (!accepted) co_return;
    auto adopted = co_await adopt(executor, *accepted, nullptr, far_off());
    if (!adopted) co_return;
    Stream& stream = **adopted;
    std::array<char, 1024> piece{};
    while (played->request.find("\r\n\r\n") == std::string::npos) {
        const auto count = co_await stream.read_some(piece);
        if (!count.ok() || *count == 0) co_return;
        played->request.append(piece.data(), *count);
    }
    (void)co_await stream.write(answer);
    stream.end_writing();
    const auto count = co_await stream.read_some(piece);
    played->tunnelled = count.ok() && *count > 0;
}

struct Outcome {
    Result<std::unique_ptr<Stream>> stream = Error(ErrorId::net_closed, "not run");
    std::shared_ptr<Played> played = std::make_shared<Played>();
};

Outcome through_proxy(Loop& loop, const std::string& answer, const std::string& host = "web01.invalid") {
    Outcome outcome;
    auto listener = listen(loop.executor(), "127.0.0.1", 0);
    if (!listener) return outcome;
    loop.start(play_proxy(loop.executor(), **listener, answer, outcome.played));
    Endpoint endpoint{host, 5985, nullptr, ""};
    endpoint.proxy = Proxy{"127.0.0.1", (*listener)->port()};
    outcome.stream = loop.run(connect(loop.executor(), loop.pool(), endpoint, far_off()));
    return outcome;
}

TEST(Proxy, IsAskedForTheHostByNameAndThenStepsAside) {
    Loop loop;
    auto outcome = through_proxy(loop, "HTTP/1.1 200 Connection established\r\n\r\n");
    ASSERT_TRUE(outcome.stream.ok()) << outcome.stream.error().message();
    EXPECT_EQ(outcome.played->request,
              "CONNECT web01.invalid:5985 HTTP/1.1\r\nHost: web01.invalid:5985\r\n\r\n");
    ASSERT_TRUE(loop.run((*outcome.stream)->write("to the host")).ok());
    while (!outcome.played->tunnelled) loop.run(one_turn(loop.executor()));
}

TEST(Proxy, IsAskedForAnIPv6AddressInBracketsWithoutItsScope) {
    Loop loop;
    auto outcome = through_proxy(loop, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "fe80::1%eth0");
    ASSERT_TRUE(outcome.stream.ok()) << outcome.stream.error().message();
    EXPECT_EQ(outcome.played->request.substr(0, 29), "CONNECT [fe80::1]:5985 HTTP/1");
}

TEST(Proxy, ThatRefusesIsNamedWithItsAnswer) {
    Loop loop;
    const auto outcome = through_proxy(loop, "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nnope!");
    ASSERT_FALSE(outcome.stream.ok());
    const auto& error = outcome.stream.error();
    EXPECT_EQ(error.info().id, "net.proxy");
    EXPECT_EQ(error.http_status, 403);
    EXPECT_NE(error.detail.find("CONNECT web01.invalid:5985: 403 Forbidden"), std::string::npos)
        << error.detail;
}

TEST(Proxy, ThatWantsALogOnSaysSo) {
    Loop loop;
    const auto outcome = through_proxy(
        loop, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
    ASSERT_FALSE(outcome.stream.ok());
    EXPECT_EQ(outcome.stream.error().http_status, 407);
    EXPECT_FALSE(outcome.stream.error().advice.empty());
}

TEST(Proxy, AnswersAreRefusedAtEveryTruncation) {
    const std::string whole = "HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        Loop loop;
        const auto outcome = through_proxy(loop, whole.substr(0, length));
        ASSERT_FALSE(outcome.stream.ok()) << length;
        EXPECT_EQ(outcome.stream.error().info().id, "net.proxy") << length;
    }
}

TEST(Proxy, EndlessAnswerIsRefused) {
    Loop loop;
    const auto outcome = through_proxy(loop, "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'));
    ASSERT_FALSE(outcome.stream.ok());
    EXPECT_EQ(outcome.stream.error().info().id, "net.proxy");
}

TEST(Proxy, ThatIsNotThereIsNotTakenForTheHost) {
    Loop loop;
    std::uint16_t port = 0;
    {
        auto listener = listen(loop.executor(), "127.0.0.1", 0);
        port = (*listener)->port();
    }
    Endpoint endpoint{"web01.invalid", 5985, nullptr, ""};
    endpoint.proxy = Proxy{"127.0.0.1", port};
    const auto stream = loop.run(connect(loop.executor(), loop.pool(), endpoint, far_off()));
    ASSERT_FALSE(stream.ok());
    EXPECT_EQ(stream.error().info().id, "net.refused");
    EXPECT_EQ(stream.error().detail.substr(0, 10), "the proxy:");
}

}  // namespace
}  // namespace mullion::net
