// What anybody on the way may say in the place of a host that seals.
#include "channel/tests/channel_fixture.h"

namespace mullion::channel {
namespace {

using namespace std::chrono_literals;
using Channel = testing::ChannelFixture;

constexpr auto ntlm = auth::Transport::ntlm;

// A machine in the middle takes the host's answer away and says in clear that nothing was done.
TEST_F(Channel, ARefusalInClearOfASealedRequestIsNoWordOfTheHosts) {
    const std::pair<std::string, std::string_view> forged[] = {{"302 Found", "http.redirected"},
                                                               {"400 Bad Request", "http.status"},
                                                               {"400 Speak HTTPS", "http.tls_port"},
                                                               {"403 Forbidden", "http.status"},
                                                               {"404 Not Found", "http.not_found"},
                                                               {"405 Not Allowed", "http.not_winrm"},
                                                               {"413 Too Large", "http.request_too_large"},
                                                               {"500 Failed", "http.status"},
                                                               {"501 Not Implemented", "http.not_winrm"},
                                                               {"503 Busy", "http.busy"}};
    std::string status;
    handler_ = [&](Incoming incoming) -> net::Task<Outgoing> {
        heard_.push_back(incoming.body);
        const std::string answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
        auto* const stream = *live_.begin();
        [[maybe_unused]] const auto written = co_await stream->write(answer);
        stream->close();
        co_return Outgoing{};
    };
    for (const auto& [line, id] : forged) {
        status = line;
        const auto connection = client({ntlm});
        const auto answer = exchange(*connection, "<one/>");
        ASSERT_FALSE(answer.ok());
        EXPECT_EQ(answer.error().info().id, id);
        EXPECT_TRUE(connection->sent()) << line;
        EXPECT_TRUE(answer.error().detail.ends_with("anybody may have said it")) << answer.error().detail;
    }
    EXPECT_EQ(heard_.size(), std::size(forged));
}

TEST_F(Channel, ARejectionInClearOfASealedRequestIsAskedAboutOnceMore) {
    int forge = 1;
    handler_ = [&](Incoming incoming) -> net::Task<Outgoing> {
        heard_.push_back(incoming.body);
        if (forge-- > 0) {
            const std::string answer =
                "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
            auto* const stream = *live_.begin();
            [[maybe_unused]] const auto written = co_await stream->write(answer);
            stream->close();
            co_return Outgoing{};
        }
        co_return Outgoing{200, "application/soap+xml;charset=UTF-8", "<re/>"};
    };
    const auto connection = client({ntlm});
    ASSERT_TRUE(exchange(*connection, "<create/>").ok());  // Also of the first exchange after the log-on.
    EXPECT_TRUE(connection->sent());
    EXPECT_TRUE(connection->repeated());
    EXPECT_EQ(heard_, (std::vector<std::string>{"<create/>", "<create/>"}));
    forge = 9;
    const auto twice = exchange(*connection, "<command/>");
    ASSERT_FALSE(twice.ok());
    EXPECT_EQ(twice.error().id, ErrorId::auth_rejected);
    EXPECT_TRUE(connection->sent());
    EXPECT_EQ(heard_.size(), 4U);
    const auto never =
        complete(connection->exchange("<send/>", std::chrono::steady_clock::now() + 10s, Repeat::never));
    ASSERT_FALSE(never.ok());
    EXPECT_TRUE(connection->sent());
    EXPECT_EQ(heard_.size(), 5U);
}

}  // namespace
}  // namespace mullion::channel
