// Requests and enumerations of every resource count together. [MS-WSMV] 3.1.4.11
#include "service/requests/operations.h"
#include "service/notifier.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "service/tests/config_fixture.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;

Visit visitor(const std::string& user, std::uint32_t most) {
    Visit visit;
    visit.user = user;
    visit.room = 1'000;
    auto settings = std::make_shared<state::Settings>();
    settings->max_operations_per_user = most;
    settings->enumeration_timeout_ms = 1'000;
    visit.settings = std::move(settings);
    return visit;
}

class OperationsTest : public ::testing::Test {
protected:
    // What a task comes to that waits for nothing.
    Outcome<wsman::Batch> done(net::Task<Outcome<wsman::Batch>> task) {
        std::optional<Outcome<wsman::Batch>> out;
        auto keep = [](net::Task<Outcome<wsman::Batch>> waited,
                       std::optional<Outcome<wsman::Batch>>& place) -> net::Task<void> {
            place.emplace(co_await std::move(waited));
        };
        boost::asio::co_spawn(io, keep(std::move(task), out), boost::asio::detached);
        io.restart();
        io.poll();
        EXPECT_TRUE(out.has_value());
        return out ? std::move(*out) : Outcome<wsman::Batch>(wsman::make_fault(code::aborted));
    }
    Outcome<wsman::Batch> open(const Visit& visit, std::deque<std::string> items = {"<a/>", "<b/>"}) {
        wsman::Enumerate what;
        what.optimize = false;
        return done(
            operations.enumerate(visit, "http://one", std::make_unique<HeldItems>(std::move(items)), what));
    }
    Outcome<wsman::Batch> pull(const Visit& visit, const std::string& resource, const wsman::Pull& what) {
        return done(operations.pull(visit, resource, what));
    }
    boost::asio::io_context io;
    ManualClock clock;
    Operations operations{system_random(), clock, 100};
};

TEST_F(OperationsTest, PlacesAreGivenBack) {
    const auto alice = visitor("alice", 2);
    {
        auto first = operations.begin(alice);
        auto moved = std::move(first.value());
        auto second = operations.begin(alice);
        ASSERT_TRUE(second.ok());
        const auto third = operations.begin(alice);
        ASSERT_FALSE(third.ok());
        EXPECT_EQ(third.fault().code, code::quota_operations);
        EXPECT_NE(third.fault().message.find("maximum number of 2 concurrent operations"), std::string::npos);
        EXPECT_TRUE(operations.begin(visitor("bob", 2)).ok());
    }
    EXPECT_TRUE(operations.begin(alice).ok());
}

// What goes on when memory runs out in the middle, for one.
class BreaksOff final : public ItemSource {
public:
    net::Task<Taken> take(Batching, Waiting) override {
        throw std::bad_alloc();
        co_return Taken{};
    }
    [[nodiscard]] std::size_t bytes() const override { return 1; }
};

TEST_F(OperationsTest, AnEnumerationThatBreaksOffIsNoMore) {
    const auto alice = visitor("alice", 1);
    wsman::Enumerate what;
    what.optimize = false;
    const auto opened = done(operations.enumerate(alice, "http://one", std::make_unique<BreaksOff>(), what));
    ASSERT_TRUE(opened.ok());
    wsman::Pull pulled;
    pulled.context = opened.value().context;
    bool thrown = false;
    auto note = [](net::Task<Outcome<wsman::Batch>> waited, bool& place) -> net::Task<void> {
        try {
            (void)co_await std::move(waited);
        } catch (const std::bad_alloc&) {
            place = true;
        }
    };
    boost::asio::co_spawn(io, note(operations.pull(alice, "http://one", pulled), thrown),
                          boost::asio::detached);
    io.restart();
    io.poll();
    EXPECT_TRUE(thrown);
    EXPECT_EQ(pull(alice, "http://one", pulled).fault().code, code::invalid_enumeration_context);
    EXPECT_EQ(operations.bytes("alice"), 0U);
    EXPECT_TRUE(operations.begin(alice).ok());
}

TEST_F(OperationsTest, EnumerationsCountWithRequests) {
    const auto alice = visitor("alice", 2);
    const auto opened = open(alice);
    ASSERT_TRUE(opened.ok());
    const auto place = operations.begin(alice);
    ASSERT_TRUE(place.ok());
    EXPECT_EQ(open(alice).fault().code, code::quota_operations);
    EXPECT_EQ(operations.begin(alice).fault().code, code::quota_operations);
    EXPECT_TRUE(pull(alice, "HTTP://ONE", {opened.value().context, {}}).ok());
    ASSERT_TRUE(operations.release(alice, "http://one", opened.value().context).ok());
    EXPECT_TRUE(open(alice).ok());
    clock.advance(Duration(1'000));
    operations.sweep();
    EXPECT_TRUE(open(alice).ok());
}

TEST_F(OperationsTest, AContextIsOfItsUserAndItsResource) {
    const auto alice = visitor("alice", 9);
    const auto context = open(alice).value().context;
    EXPECT_EQ(pull(alice, "http://two", {context, {}}).fault().code, code::invalid_enumeration_context);
    EXPECT_EQ(operations.release(alice, "http://two", context).fault().code,
              code::invalid_enumeration_context);
    EXPECT_EQ(pull(visitor("bob", 9), "http://one", {context, {}}).fault().code,
              code::invalid_enumeration_context);
    EXPECT_TRUE(pull(alice, "http://one", {context, {}}).ok());
}

TEST_F(OperationsTest, WhatWaitsToBePulledIsBounded) {
    const auto alice = visitor("alice", 99);
    EXPECT_EQ(open(alice, {std::string(101, 'x')}).fault().code, code::quota_user);
    const auto first = open(alice, {std::string(60, 'x')});
    ASSERT_TRUE(first.ok());
    const auto refused = open(alice, {std::string(60, 'x')});
    EXPECT_EQ(refused.fault().code, code::quota_user);
    EXPECT_NE(refused.fault().message.find("100 bytes wait to be pulled"), std::string::npos);
    EXPECT_TRUE(open(visitor("bob", 99), {std::string(60, 'x')}).ok());
    EXPECT_EQ(operations.bytes("alice"), 60u);
    ASSERT_TRUE(pull(alice, "http://one", {first.value().context, {}}).ok());
    EXPECT_TRUE(open(alice, {std::string(60, 'x')}).ok());
}

// Which says when it has begun.
class BeginsLate final : public ItemSource {
public:
    explicit BeginsLate(Notifier& there) : there_(there) {}
    net::Task<Done> begin(Waiting) override {
        co_await there_.wait_until(MonotonicTime::max());
        co_return Nothing{};
    }
    net::Task<Taken> take(Batching, Waiting) override { co_return Taken{{}, {}, true}; }
    [[nodiscard]] std::size_t bytes() const override { return 60; }

private:
    Notifier& there_;
};

TEST_F(OperationsTest, WhatBeginsIsBoundedWithWhatWaits) {
    const auto alice = visitor("alice", 99);
    Notifier there(io.get_executor());
    std::optional<Outcome<wsman::Batch>> first;
    auto keep = [](net::Task<Outcome<wsman::Batch>> waited,
                   std::optional<Outcome<wsman::Batch>>& place) -> net::Task<void> {
        place.emplace(co_await std::move(waited));
    };
    wsman::Enumerate what;
    what.optimize = false;
    auto source = std::make_unique<BeginsLate>(there);
    boost::asio::co_spawn(io, keep(operations.enumerate(alice, "http://one", std::move(source), what), first),
                          boost::asio::detached);
    io.restart();
    io.poll();
    EXPECT_FALSE(first.has_value());
    EXPECT_EQ(operations.bytes("alice"), 60u);
    EXPECT_EQ(open(alice, {std::string(60, 'x')}).fault().code, code::quota_user);
    EXPECT_TRUE(open(visitor("bob", 99), {std::string(60, 'x')}).ok());
    there.notify();
    io.restart();
    io.poll();
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(operations.bytes("alice"), 60u) << "once, not twice";
    ASSERT_TRUE(operations.release(alice, "http://one", first->value().context).ok());
    EXPECT_EQ(operations.bytes("alice"), 0u);
    EXPECT_TRUE(open(alice, {std::string(60, 'x')}).ok());
}

// The configuration's requests, and those of shells, over messages.
class ConfigCounts : public ConfigFixture {
protected:
    std::string enumerate_listeners(bool optimize, std::optional<std::uint32_t> most = std::nullopt) {
        wsman::Enumerate what;
        what.optimize = optimize;
        what.max_elements = most;
        return wsman::write_enumerate(request, message_id(), listeners, {}, what);
    }
    std::string pull(const std::string& context, std::uint32_t most = 100) {
        return wsman::write_pull(request, message_id(), listeners, {context, most});
    }
    const std::string listeners = std::string(wsman::resource::config) + "/listener";
};

TEST_F(ConfigCounts, WithTheEnumerationsOfShells) {
    change([](state::Settings& s) { s.max_operations_per_user = 1; });
    wsman::Enumerate what;
    what.optimize = false;
    const auto shells_enumerated =
        say(wsman::write_enumerate(request, message_id(), wsman::resource::shells, {}, what));
    const auto context = wsman::read_enumerate_response(understood(shells_enumerated))->context;
    EXPECT_EQ(fault_of_get(target("winrs")), code::quota_operations);
    EXPECT_EQ(code_of(put(target("winrs"), {{"Winrs/IdleTimeout", "60000", {}, false}})),
              code::quota_operations);
    EXPECT_EQ(code_of(remove(target("listener", {{"Address", "*"}, {"Transport", "HTTP"}}))),
              code::quota_operations);
    EXPECT_EQ(code_of(ask(enumerate_listeners(true))), code::quota_operations);
    EXPECT_EQ(yaml(), "");
    EXPECT_EQ(say(wsman::write_release(request, message_id(), wsman::resource::shells, context)).status, 200);
    EXPECT_EQ(get(target("winrs")).find("Winrs/IdleTimeout")->text, "7200000");
}

TEST_F(ConfigCounts, AndAreGivenBackWhenTheyAreAnswered) {
    write("winrm.yaml", "Service:\n  MaxConcurrentOperationsPerUser: 1\n");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(put(target("winrs"), {{"Winrs/IdleTimeout", std::to_string(60'000 + i), {}, false}}).status,
                  200);
        EXPECT_EQ(code_of(put(target("winrs"), {{"Winrs/IdleTimeout", "x", {}, false}})),
                  code::schema_validation);
    }
    // One that is left open counts, and whatever gives it up does not.
    const auto begun = wsman::read_enumerate_response(understood(ask(enumerate_listeners(false))));
    EXPECT_EQ(code_of(ask(enumerate_listeners(false))), code::quota_operations);
    EXPECT_TRUE(wsman::read_pull_response(understood(ask(pull(begun->context))))->end);
    EXPECT_EQ(put(target("winrs"), {{"Winrs/IdleTimeout", "60000", {}, false}}).status, 200);
}

TEST_F(ConfigCounts, BatchesOfTheConfigurationFitTheEnvelope) {
    std::string file = "Listener:\n";
    for (int i = 1; i <= 60; ++i)
        file += "  - Address: 127.0.0." + std::to_string(i) + "\n    Transport: HTTP\n";
    write("winrm.yaml", file);
    request.max_envelope_size = 8'192;
    const auto out = ask(enumerate_listeners(true, 32'000));
    EXPECT_LE(out.body.size(), 8'192u);
    auto batch = wsman::read_enumerate_response(understood(out));
    ASSERT_TRUE(batch.ok());
    EXPECT_GE(batch->items.size(), 3u);
    std::size_t total = batch->items.size();
    change([](state::Settings& s) { s.max_batch_items = 2; });
    while (!batch->end) {
        const auto next = ask(pull(batch->context, 32'000));
        EXPECT_LE(next.body.size(), 8'192u);
        batch = wsman::read_pull_response(understood(next));
        ASSERT_TRUE(batch.ok());
        EXPECT_LE(batch->items.size(), 2u);
        total += batch->items.size();
    }
    EXPECT_EQ(total, 60u);
}

}  // namespace
}  // namespace mullion::service::testing
