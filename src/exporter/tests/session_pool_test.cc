// What outlives the sessions of a pool, and the pool itself.
#include "exporter/session_pool.h"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>

namespace mullion::exporter {
namespace {

net::Task<void> take_and_give_back(SessionPool& pool, std::shared_ptr<Departure> asker, bool& taken) {
    const auto deadline = system_clock().now() + std::chrono::seconds(30);
    TargetName target{"web01.test", {}};
    auto taking = pool.take(std::move(target), "default", Auth(), std::move(asker), deadline);
    const auto lease = co_await std::move(taking);
    taken = lease.ok();
}

class SessionPoolTest : public ::testing::Test {
protected:
    // A session that has spoken to nobody yet.
    Result<std::unique_ptr<client::Session>> make(const TargetName& name, client::LogonGate asked) {
        gate = asked;
        target::Target target;
        target.name = target.host = name.host;
        target.scheme = target::Scheme::http;
        target.user = "ann";
        target.transports = {"ntlm"};
        auth::Credential credential;
        credential.user = target.user;
        credential.password = Secret("right");
        return client::make_gated_session(runtime, std::move(target), std::move(credential),
                                          std::move(asked));
    }

    client::Runtime runtime;
    net::WorkerPool workers{1};
    boost::asio::io_context io{1};
    client::LogonGate gate;
};

// A session that is gone has the host forget its enumeration, and may log on for that: on SIGTERM when pool
// and exporter are gone, too.
TEST_F(SessionPoolTest, WhatASessionLeavesBehindStillAsksTheGuard) {
    auto guard = std::make_shared<LogonGuard>(system_clock());
    const std::weak_ptr<LogonGuard> watched = guard;
    {
        SessionPool pool(workers, guard,
                         [this](const TargetName& name, const Auth&, client::LogonGate asked) {
                             return make(name, std::move(asked));
                         });
        bool taken = false;
        boost::asio::co_spawn(io, take_and_give_back(pool, Departure::watch(io, -1), taken),
                              boost::asio::detached);
        io.run();
        ASSERT_TRUE(taken);
        guard->close();
        guard.reset();
    }
    ASSERT_FALSE(watched.expired());
    std::optional<Result<void>> answer;
    gate([&answer](Result<void> told) { answer = std::move(told); });
    ASSERT_TRUE(answer);
    ASSERT_FALSE(answer->ok());
    EXPECT_EQ(answer->error().id, ErrorId::run_interrupted);
    gate = {};
}

}  // namespace
}  // namespace mullion::exporter
