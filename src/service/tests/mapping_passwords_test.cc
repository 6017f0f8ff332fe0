#include "service/access/mapping_passwords.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <vector>

namespace mullion::service {
namespace {

class NotedDoorkeeper final : public channel::Doorkeeper {
public:
    std::optional<Duration> arrives(const std::string& address) override {
        said.push_back("arrives " + address);
        return wait;
    }
    void waited(const std::string& address) override { said.push_back("waited " + address); }
    Duration ended(const channel::LogonAttempt& attempt, const Error* why, Duration waited) override {
        said.push_back(attempt.who + " " + attempt.scheme + " " + attempt.inside + " " +
                       (why == nullptr ? "right" : std::string(why->detail)) + " " +
                       std::to_string(waited.count()));
        return Duration(1);
    }
    std::optional<Duration> wait = Duration(0);
    std::vector<std::string> said;
};

class MappingPassword : public ::testing::Test {
protected:
    Result<state::AccountKey> check(const std::string& user, const std::string& password) {
        std::optional<Result<state::AccountKey>> out;
        const Secret secret(password);
        auto keep = [](net::Task<Result<state::AccountKey>> task,
                       std::optional<Result<state::AccountKey>>& to) -> net::Task<void> {
            to = co_await std::move(task);
        };
        auto task = keep(passwords.check({user, "boss", "10.0.0.5"}, secret), out);
        boost::asio::co_spawn(io, std::move(task), [](std::exception_ptr bug) { EXPECT_FALSE(bug); });
        io.restart();
        io.run();
        return std::move(*out);
    }
    static net::Task<Result<auth::Identity>> verify(std::string token, channel::LogonAttempt& /*attempt*/,
                                                    std::optional<state::AccountKey>& found) {
        if (token == "busy:x") co_return Error{ErrorId::http_busy, "full"};
        if (token == "linux:right") co_return auth::Identity("linux", auth::Transport::basic, false, "linux");
        if (token != "ann:right") co_return Error{ErrorId::auth_rejected, "wrong"};
        found = {"ann", 1000};
        co_return auth::Identity("ann", auth::Transport::basic, false, "");
    }

    boost::asio::io_context io;
    NotedDoorkeeper doorkeeper;
    bool there = true;
    MappingPasswords passwords{verify, [this](const state::AccountKey&) { return there; }, doorkeeper};
    using Said = std::vector<std::string>;
};

TEST_F(MappingPassword, PassesTheDoorkeeperWhetherRightOrWrong) {
    const auto right = check("ann", "right");
    ASSERT_TRUE(right.ok());
    EXPECT_EQ(right->number, 1000u);
    EXPECT_EQ(check("ann", "wrong").error().id, ErrorId::auth_rejected);
    EXPECT_EQ(check("busy", "x").error().id, ErrorId::http_busy);
    EXPECT_EQ(doorkeeper.said, (Said{"arrives 10.0.0.5", "ann CertMapping asked by boss right 0",
                                     "arrives 10.0.0.5", "ann CertMapping asked by boss wrong 0",
                                     "arrives 10.0.0.5", "busy CertMapping asked by boss full 0"}));
}

TEST_F(MappingPassword, WaitsWhereAndAsLongAsTheDoorkeeperSays) {
    doorkeeper.wait = Duration(2);
    EXPECT_TRUE(check("ann", "right").ok());
    EXPECT_EQ(doorkeeper.said,
              (Said{"arrives 10.0.0.5", "waited 10.0.0.5", "ann CertMapping asked by boss right 2"}));
    doorkeeper.wait.reset();
    doorkeeper.said.clear();
    EXPECT_EQ(check("ann", "right").error().id, ErrorId::http_busy);
    EXPECT_EQ(doorkeeper.said, (Said{"arrives 10.0.0.5"})) << "nothing was checked";
}

TEST_F(MappingPassword, IsOfAnAccountOfOurs) {
    EXPECT_EQ(check("linux", "right").error().id, ErrorId::auth_rejected) << "known elsewhere";
    doorkeeper.said.clear();
    for (const auto* name : {"", "ann:x"}) EXPECT_FALSE(check(name, "right").ok()) << name;
    EXPECT_TRUE(doorkeeper.said.empty()) << "nobody has such a name";
}

TEST_F(MappingPassword, IsNothingWorthOnceTheAccountIsGone) {
    const auto account = check("ann", "right");
    EXPECT_TRUE(passwords.still(*account).ok());
    there = false;
    EXPECT_EQ(passwords.still(*account).error().id, ErrorId::auth_rejected);
}

}  // namespace
}  // namespace mullion::service
