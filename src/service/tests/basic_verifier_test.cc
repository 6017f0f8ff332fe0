#include "service/access/basic_verifier.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <mutex>

#include "crypto/password_hash.h"

namespace mullion::service::testing {
namespace {

// Holds look-ups up until the test lets them go, and counts how many are inside.
class SlowAccounts final : public auth::AccountLookup {
public:
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        std::unique_lock lock(mutex_);
        ++inside_;
        most_ = std::max(most_, inside_);
        open_changed_.wait(lock, [&] { return open_; });
        --inside_;
        if (user != "alice") return std::optional<auth::AccountRecord>();
        auth::AccountRecord record;
        record.user = "alice";
        record.argon2 = hash_;
        record.administrator = true;
        return std::optional<auth::AccountRecord>(std::move(record));
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        open_changed_.notify_all();
    }
    [[nodiscard]] unsigned most() {
        const std::lock_guard lock(mutex_);
        return most_;
    }

private:
    std::mutex mutex_;
    std::condition_variable open_changed_;
    bool open_ = false;
    unsigned inside_ = 0;
    unsigned most_ = 0;
    std::string hash_ = *crypto::hash_password(Secret("right"));
};

struct Counted {
    unsigned accepted = 0;
    unsigned rejected = 0;
    unsigned busy = 0;
};

void ask(boost::asio::io_context& io, ArgonVerifier& verifier, const std::string& token, Counted& counted) {
    static channel::LogonAttempt attempt;
    auto task = verifier.verify(token, attempt);
    auto boxed = [](net::Task<Result<auth::Identity>> inner, Counted& out) -> net::Task<void> {
        const auto result = co_await std::move(inner);
        if (result.ok())
            ++out.accepted;
        else if (result.error().id == ErrorId::http_busy)
            ++out.busy;
        else
            ++out.rejected;
    }(std::move(task), counted);
    boost::asio::co_spawn(io, std::move(boxed), [](std::exception_ptr bug) { EXPECT_FALSE(bug); });
}

TEST(ArgonVerifier, TwoRunAFewWaitTheRestIsTurnedAway) {
    SlowAccounts accounts;
    ArgonVerifier verifier(accounts, system_random());
    boost::asio::io_context io;
    Counted counted;
    const unsigned room = ArgonVerifier::at_a_time + ArgonVerifier::most_waiting;
    for (unsigned i = 0; i < room + 10; ++i) ask(io, verifier, "nobody:wrong", counted);
    while (counted.busy < 10 && io.run_one_for(std::chrono::seconds(10)) != 0) {
    }
    EXPECT_EQ(counted.busy, 10u);
    EXPECT_EQ(counted.rejected, 0u);
    accounts.open();
    io.restart();
    io.run_for(std::chrono::seconds(100));
    EXPECT_EQ(counted.rejected, room);
    EXPECT_LE(accounts.most(), ArgonVerifier::at_a_time);
    ask(io, verifier, "alice:right", counted);  // There is room again.
    io.restart();
    io.run_for(std::chrono::seconds(20));
    EXPECT_EQ(counted.accepted, 1u);
}

TEST(ArgonVerifier, FingerprintsAreKeyedPerProcess) {
    SlowAccounts accounts;
    const ArgonVerifier one(accounts, system_random());
    const ArgonVerifier other(accounts, system_random());
    EXPECT_EQ(one.fingerprint("alice:right"), one.fingerprint("alice:right"));
    EXPECT_NE(one.fingerprint("alice:right"), one.fingerprint("alice:wrong"));
    EXPECT_NE(one.fingerprint("alice:right"), other.fingerprint("alice:right"));
    EXPECT_EQ(one.fingerprint("alice:right").find("alice"), std::string::npos);
}

}  // namespace
}  // namespace mullion::service::testing
