// Whose word counts on a password, with a monitor that the test plays.
#include "service/access/pam_verifier.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <poll.h>
#include <sys/socket.h>

#include <thread>

#include "core/ids.h"
#include "crypto/password_hash.h"
#include "os/seqpacket.h"

namespace mullion::service {
namespace {

class Accounts final : public auth::AccountLookup {
public:
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        auth::AccountRecord record;
        record.user = user;
        record.administrator = true;
        if (user == "own") {
            record.argon2 = hash_;
            record.unix_user = "nobody";
        } else if (user == "byhand") {
            record.unix_user = "games";
        } else {
            return std::optional<auth::AccountRecord>();
        }
        return std::optional<auth::AccountRecord>(std::move(record));
    }

private:
    std::string hash_ = *crypto::hash_password(Secret("right"));
};

class Verifier : public ::testing::Test {
protected:
    using What = os::LogonEnded::What;

    Verifier() {
        auto ends = os::make_seqpacket_pair();
        monitor = std::move(ends->second);
        link.emplace(io.get_executor(), std::move(ends->first), null_logger());
        link->begin([] {});
        verifier.emplace(own, *link, system_random());
    }
    // To its end; PAM's answer is `answer`, where it is asked.
    Result<auth::Identity> verify(const std::string& token, os::LogonEnded answer = {}) {
        asked.reset();
        attempt = {{}, "10.0.0.5", "Basic", {}};
        std::thread player([this, &answer] {
            pollfd wait{monitor.get(), POLLIN, 0};
            if (::poll(&wait, 1, -1) != 1) return;
            auto packet = os::receive_packet(monitor.get(), 0);
            if (!packet.ok() || packet->kind != os::Packet::Kind::message) return;
            const auto message = os::decode_to_monitor(packet->bytes);
            asked = std::get<os::LogonRequest>(*message);
            answer.token = asked->token;
            (void)os::send_packet(monitor.get(), os::encode(os::FromMonitor(answer)));
        });
        std::optional<Result<auth::Identity>> out;
        auto task = verifier->verify(token, attempt);
        const auto keep = [](net::Task<Result<auth::Identity>> inner,
                             std::optional<Result<auth::Identity>>& into) -> net::Task<void> {
            into.emplace(co_await std::move(inner));
        };
        auto kept = keep(std::move(task), out);
        boost::asio::co_spawn(io, std::move(kept), [](std::exception_ptr bug) { EXPECT_FALSE(bug); });
        io.restart();
        while (!out) io.run_one();
        // Ends the player where it was not asked.
        if (player.joinable()) {
            (void)::shutdown(monitor.get(), SHUT_RD);
            player.join();
        }
        return std::move(*out);
    }

    boost::asio::io_context io;
    Accounts accounts;
    ArgonVerifier own{accounts, system_random()};
    os::UniqueFd monitor;
    std::optional<MonitorLink> link;
    std::optional<PamVerifier> verifier;
    std::optional<os::LogonRequest> asked;
    channel::LogonAttempt attempt;
};

TEST_F(Verifier, OwnAccountsAreNotPams) {
    const auto known = verify("own:right");
    ASSERT_TRUE(known.ok());
    EXPECT_EQ(known->user(), "own");
    EXPECT_FALSE(asked.has_value());
    EXPECT_EQ(attempt.inside, "");
}

TEST_F(Verifier, AWrongPasswordOfAnOwnAccountIsNotPamsEither) {
    // It takes as long as PAM took to refuse somebody: hardly any time here.
    EXPECT_EQ(verify("alice:wrong", {0, What::refused, {}, "no"}).error().detail, "no");
    const auto wrong = verify("own:wrong", {0, What::let_in, "own", {}});
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().id, ErrorId::auth_rejected);
    EXPECT_FALSE(asked.has_value());
}

TEST_F(Verifier, WhomPamLetsInIsALinuxUserAndNoAccount) {
    const auto alice = verify("alice:word", {0, What::let_in, "alice", {}});
    ASSERT_TRUE(alice.ok());
    EXPECT_EQ(alice->user(), "Unix User\\alice");
    EXPECT_EQ(alice->unix_user(), "alice");
    EXPECT_FALSE(alice->administrator());
    EXPECT_EQ(asked->user, "alice");
    EXPECT_EQ(asked->address, "10.0.0.5");
    EXPECT_TRUE(asked->password->same_as(Secret("word")));
    EXPECT_EQ(attempt.inside, "PAM");
}

TEST_F(Verifier, AnAccountByPamIsAskedAboutByItsLinuxUser) {
    const auto account = verify("byhand:word", {0, What::let_in, "games", {}});
    ASSERT_TRUE(account.ok());
    EXPECT_EQ(account->user(), "byhand");
    EXPECT_TRUE(account->administrator());
    EXPECT_EQ(asked->user, "games");
}

TEST_F(Verifier, AnotherLinuxUserThanTheAccountsIsNobody) {
    EXPECT_FALSE(verify("byhand:word", {0, What::let_in, "root", {}}).ok());
}

TEST_F(Verifier, BusyIsNoGuess) {
    EXPECT_EQ(verify("alice:word", {0, What::busy, {}, "busy"}).error().id, ErrorId::http_busy);
}

// libpam lets a wrong password wait, and nothing else.
TEST_F(Verifier, WhoseRightPasswordIsOfNoUseWaitsAsLongAsOneWhoseIsWrong) {
    const auto began = std::chrono::steady_clock::now();
    EXPECT_FALSE(verify("alice:word", {0, What::denied, {}, "no"}).ok());
    EXPECT_GE(std::chrono::steady_clock::now() - began, RefusalTimes::usual / 2);
}

TEST_F(Verifier, WhatPamSaysIsTheReason) {
    const auto expired = verify("alice:word", {0, What::expired, {}, "pam_acct_mgmt: over"});
    EXPECT_EQ(expired.error().id, ErrorId::auth_rejected);
    EXPECT_NE(expired.error().detail.find("expired: pam_acct_mgmt: over"), std::string::npos);
}

TEST(RefusalTimes, AreLikeThoseOfLate) {
    RefusalTimes times;
    for (int i = 0; i < 50; ++i) {
        const Duration first = times.like_one(system_random());
        EXPECT_GE(first, RefusalTimes::usual / 2);
        EXPECT_LT(first, RefusalTimes::usual * 3 / 2);
    }
    times.add(Duration(7));
    EXPECT_EQ(times.like_one(system_random()), Duration(7));
    for (int i = 0; i < 16; ++i) times.add(Duration(9));
    EXPECT_EQ(times.like_one(system_random()), Duration(9)) << "what is long past is forgotten";
}

}  // namespace
}  // namespace mullion::service
