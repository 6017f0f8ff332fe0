// A fleet against hosts in memory behind real connections, and an observer that counts.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "client/tests/loopback_service.h"
#include "fleet/fleet.h"

namespace mullion::fleet::testing {

class Collected final : public client::OutputSink {
public:
    void on_output(client::Stream, std::string_view bytes) override {
        output += bytes;
        if (on_each) on_each();
    }
    std::string output;
    std::function<void()> on_each;
};

class Counting : public Observer, public PingObserver {
public:
    client::OutputSink& start(std::size_t host) override {
        on_right_thread();
        most_at_a_time = std::max(most_at_a_time, ++at_a_time);
        started.push_back(host);
        auto& sink = sinks[host];
        sink.on_each = on_each_output;
        return sink;
    }
    void on_result(std::size_t host, client::RunOutcome outcome) override {
        on_right_thread();
        EXPECT_TRUE(results.emplace(host, std::move(outcome)).second) << "twice: host " << host;
        if (sinks.count(host) != 0) --at_a_time;
        if (on_each_result) on_each_result();
    }
    void on_late(std::size_t host, Error warning) override {
        EXPECT_EQ(results.count(host), 1U);
        late.emplace(host, std::move(warning));
    }
    void on_ping(std::size_t host, client::PingOutcome outcome) override {
        on_right_thread();
        EXPECT_TRUE(pings.emplace(host, std::move(outcome)).second) << "twice: host " << host;
    }

    [[nodiscard]] std::size_t count(std::string_view error_id) const {
        std::size_t found = 0;
        for (const auto& [host, outcome] : results) {
            const auto id = outcome.error ? outcome.error->info().id : std::string_view("none");
            if (id == error_id) ++found;
        }
        return found;
    }

    std::map<std::size_t, Collected> sinks;
    std::map<std::size_t, client::RunOutcome> results;
    std::map<std::size_t, client::PingOutcome> pings;
    std::multimap<std::size_t, Error> late;
    std::vector<std::size_t> started;
    int at_a_time = 0, most_at_a_time = 0;
    std::function<void()> on_each_output, on_each_result;

private:
    void on_right_thread() const { EXPECT_EQ(std::this_thread::get_id(), thread_); }
    std::thread::id thread_ = std::this_thread::get_id();
};

class FleetFixture : public ::testing::Test {
protected:
    // Its thread may still be in an on_request, which speaks to the fleet.
    void TearDown() override { service.reset(); }

    void make(std::size_t hosts, unsigned forks, unsigned io_threads = 2) {
        service.emplace(hosts);
        for (std::size_t i = 0; i < hosts; ++i)
            service->host(i).script.output = {{"stdout", "I am " + std::to_string(i)}};
        runtime.emplace(client::RuntimeOptions{.io_threads = io_threads, .worker_threads = 2});
        fleet.emplace(*runtime, Options{.forks = forks});
    }
    [[nodiscard]] Prepared work(std::size_t host) {
        return Work{service->target(), service->credential(host)};
    }
    void run(client::RunOptions options = {.command = "x"}) {
        fleet->run(service->size(), prepare, options, seen);
    }
    // A machine so slow that clean-up takes over its 10 s may leave a shell, but says so.
    void expect_nothing_left() {
        for (std::size_t i = 0; i < service->size(); ++i) {
            EXPECT_TRUE(service->host(i).shells.empty() || seen.late.count(i) == 1) << i;
            for (const auto& [id, count] : service->host(i).executions) EXPECT_EQ(count, 1) << i;
        }
    }

    std::optional<client::testing::LoopbackService> service;
    std::optional<client::Runtime> runtime;
    std::optional<Fleet> fleet;
    Prepare prepare = [this](std::size_t host) { return work(host); };
    Counting seen;
};

}  // namespace mullion::fleet::testing
