#include "aws/refreshing.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

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
