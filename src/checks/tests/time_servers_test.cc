// Time servers, asked over loopback: by themselves, and beside a host.
#include "checks/time_servers.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <future>
#include <string>
#include <thread>

#include "checks/asking.h"
#include "client/tests/loopback_service.h"
#include "os/file.h"

namespace mullion::checks {
namespace {

constexpr std::string_view year_2026 = "\xed\x5a\x86\x40";  // 2026-03-10 12:00:00 UTC in seconds since 1900.

// Answers one question with the stamp `sent`; with an empty one it stays silent.
class Server {
public:
    explicit Server(std::string stratum, bool silent = false)
        : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
        port = ntohs(address.sin_port);
        if (!silent) thread_ = std::thread([this, stratum] { serve(stratum); });
    }
    ~Server() {
        if (thread_.joinable()) thread_.join();
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port = 0;

private:
    void serve(const std::string& stratum) const {
        std::array<char, 128> question{};
        sockaddr_in from{};
        socklen_t size = sizeof from;
        ASSERT_EQ(::recvfrom(socket_.get(), question.data(), question.size(), 0,
                             reinterpret_cast<sockaddr*>(&from), &size),
                  48);
        const auto stamp = std::string(year_2026) + std::string(4, '\0');
        auto answer =
            "\x24" + stratum + std::string(22, '\0') + std::string(&question[40], 8) + stamp + stamp;
        ::sendto(socket_.get(), answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }

    os::UniqueFd socket_;
    std::thread thread_;
};

class TimeServersTest : public testing::Test {
protected:
    Result<ServerTime> ask(std::uint16_t port, Duration at_most = Duration(60'000)) {
        std::promise<Result<ServerTime>> told;
        servers.ask({"127.0.0.1", port}, at_most,
                    [&told](Result<ServerTime> time) { told.set_value(std::move(time)); });
        return told.get_future().get();
    }

    client::Runtime runtime;
    ManualClock clock;
    SntpServers servers{runtime, system_random(), clock};
};

TEST_F(TimeServersTest, ItsClockIsMeasuredAgainstOurs) {
    const Server server("\x02");
    const auto time = ask(server.port);
    ASSERT_TRUE(time.ok()) << time.error().message();
    EXPECT_EQ(time->sent, std::chrono::seconds(1'773'144'000));
    const auto here = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch());
    EXPECT_EQ(time->offset, std::chrono::seconds(1'773'144'000) - here);
}

TEST_F(TimeServersTest, WhoIsNotSetSaysSo) {
    const Server server("\x10");
    const auto time = ask(server.port);
    ASSERT_FALSE(time.ok());
    EXPECT_EQ(time.error().detail, "the time server's own clock is not set");
}

TEST_F(TimeServersTest, SilenceEnds) {
    const Server server("\x02", true);
    const auto time = ask(server.port, Duration(20));
    ASSERT_FALSE(time.ok());
    EXPECT_EQ(time.error().id, ErrorId::net_timeout);
}

TEST_F(TimeServersTest, IsAskedBesideTheHost) {
    const Server server("\x02");
    client::testing::LoopbackService service;
    service.host().cim.add_rows(1);
    auto session = client::Session::make(runtime, service.target(), service.credential());
    ASSERT_TRUE(session.ok());
    Asking asking(**session, system_clock(), {}, {}, &servers);
    const auto answers =
        asking.ask({Query{"SELECT * FROM Win32_UTCTime"}, TimeServer{"127.0.0.1", server.port}});
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(std::get<Rows>(answers[0].of).size(), 1U);
    EXPECT_NE(std::get_if<ServerTime>(&answers[1].of), nullptr);
}

TEST_F(TimeServersTest, IsNotAskedBehindItsTime) {
    const Server server("\x02", true);
    client::testing::LoopbackService service;
    auto session = client::Session::make(runtime, service.target(), service.credential());
    ASSERT_TRUE(session.ok());
    Asking asking(**session, system_clock(), Duration(20), {}, &servers);
    const auto answers = asking.ask({TimeServer{"127.0.0.1", server.port}});
    ASSERT_NE(answers.at(0).error(), nullptr);
    EXPECT_EQ(answers[0].error()->id, ErrorId::net_timeout);
}

}  // namespace
}  // namespace mullion::checks
