#include "aws/refreshing.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace mullion::aws {
namespace {

using std::chrono::minutes;

// Gives sessions of a length, numbered, or fails.
struct Given {
    int fetched = 0;
    bool fails = false;
    Duration session = std::chrono::hours(6);
};

class CountedSource final : public CredentialSource {
public:
    CountedSource(Given& given, const Clock& clock) : given_(given), clock_(clock) {}
    Outcome<Credentials> fetch() override {
        ++given_.fetched;
        if (given_.fails) return failure(Cause::no_credentials, "none today");
        Credentials made;
        made.access_key = Secret("A" + std::to_string(given_.fetched));
        made.session_token = Secret("T");
        made.expires = clock_.wall() + given_.session;
        return made;
    }
    std::string description() const override { return "a source"; }

private:
    Given& given_;
    const Clock& clock_;
};

class RefreshingTest : public testing::Test {
protected:
    ManualClock clock;
    Given given;
    RefreshingCredentials credentials{std::make_unique<CountedSource>(given, clock), clock};

    std::string key() {
        const auto taken = credentials.get();
        return taken.ok() ? std::string(taken.value()->access_key.expose()) : "none";
    }
};

TEST_F(RefreshingTest, KeepsWhatIsGood) {
    EXPECT_EQ(key(), "A1");
    clock.advance(std::chrono::hours(5) + minutes(44));
    EXPECT_EQ(key(), "A1");
    EXPECT_EQ(given.fetched, 1);
}

TEST_F(RefreshingTest, RefreshesAQuarterOfAnHourBeforeTheEnd) {
    EXPECT_EQ(key(), "A1");
    clock.advance(std::chrono::hours(5) + minutes(46));
    EXPECT_EQ(key(), "A2");
}

TEST_F(RefreshingTest, KeepsTheOldOnesWhereThatFails) {
    EXPECT_EQ(key(), "A1");
    clock.advance(std::chrono::hours(5) + minutes(46));
    given.fails = true;
    EXPECT_EQ(key(), "A1");
    EXPECT_EQ(key(), "A1");
    EXPECT_EQ(given.fetched, 2);  // Not tried at each use.
    clock.advance(minutes(1));
    given.fails = false;
    EXPECT_EQ(key(), "A3");
}

TEST_F(RefreshingTest, HasToTenMinutesBeforeTheEnd) {
    EXPECT_EQ(key(), "A1");
    clock.advance(std::chrono::hours(5) + minutes(51));
    given.fails = true;
    EXPECT_EQ(key(), "none");
    given.fails = false;
    EXPECT_EQ(key(), "A3");
}

TEST_F(RefreshingTest, ShortSessionsAreUsedForTwoThirdsOfTheirTime) {
    given.session = minutes(15);
    EXPECT_EQ(key(), "A1");
    clock.advance(minutes(9));
    EXPECT_EQ(key(), "A1");
    clock.advance(minutes(2));
    EXPECT_EQ(key(), "A2");
}

TEST_F(RefreshingTest, ForgetsOnlyWhatWasRefused) {
    const auto first = credentials.get().value();
    credentials.forget(first);
    EXPECT_EQ(key(), "A2");
    credentials.forget(first);  // Somebody slower.
    EXPECT_EQ(key(), "A2");
}

TEST_F(RefreshingTest, RefusesWhatHasExpired) {
    given.session = minutes(-1);
    const auto taken = credentials.get();
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.failure().cause, Cause::credential_expired);
    EXPECT_EQ(taken.failure().error.id, ErrorId::aws_credentials);
}

// Stands in fetch() until it is let go.
class GatedSource final : public CredentialSource {
public:
    Outcome<Credentials> fetch() override {
        std::unique_lock lock(mutex_);
        ++fetched;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
        Credentials made;
        made.access_key = Secret("A");
        return made;
    }
    std::string description() const override { return "a gate"; }
    void await_fetch() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return fetched > 0; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    int fetched = 0;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

// A minute passes each time that it is looked at.
class HastyClock final : public Clock {
public:
    [[nodiscard]] MonotonicTime now() const override { return {}; }
    [[nodiscard]] WallTime wall() const override { return WallTime(minutes(++minutes_)); }

private:
    mutable std::atomic<int> minutes_ = 0;
};

// Gives half an hour each second time.
class FickleSource final : public CredentialSource {
public:
    explicit FickleSource(const Clock& clock) : clock_(clock) {}
    Outcome<Credentials> fetch() override {
        if (++fetched_ % 2 == 0) return failure(Cause::no_credentials, "not this time");
        Credentials made;
        made.access_key = Secret("A");
        made.expires = clock_.wall() + minutes(30);
        return made;
    }
    std::string description() const override { return "a fickle source"; }

private:
    const Clock& clock_;
    int fetched_ = 0;
};

// Credentials that are to be renewed, and that another thread was just refused with.
TEST(Refreshing, GivesCredentialsOrAFailureWhateverIsForgottenMeanwhile) {
    const HastyClock clock;
    RefreshingCredentials credentials(std::make_unique<FickleSource>(clock), clock);
    std::atomic<int> empty = 0;
    const auto use = [&credentials, &empty](int forgets) {
        for (int i = 0; i < 1'000'000; ++i) {
            const auto taken = credentials.get();
            if (!taken.ok()) continue;
            if (taken.value() == nullptr) ++empty;
            if (i % forgets == 0) credentials.forget(taken.value());
        }
    };
    std::vector<std::thread> threads;
    for (const int forgets : {2, 7, 30, 100}) threads.emplace_back(use, forgets);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(empty, 0);
}

TEST(Refreshing, AsksOnceForAllThreads) {
    ManualClock clock;
    auto owned = std::make_unique<GatedSource>();
    auto& source = *owned;
    RefreshingCredentials credentials(std::move(owned), clock);
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { good += credentials.get().ok() ? 1 : 0; });
    source.await_fetch();
    source.open();
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(source.fetched, 1);
    EXPECT_EQ(good, 8);
}

}  // namespace
}  // namespace mullion::aws
