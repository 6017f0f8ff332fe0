// One run against the fake host, clean-up included, in virtual time.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <optional>
#include <string>

#include "client/cleanup.h"
#include "client/command_run.h"
#include "client/tests/fake_host.h"
#include "client/tests/virtual_time.h"

namespace mullion::client::testing {

class Collected final : public OutputSink {
public:
    void on_output(Stream stream, std::string_view bytes) override {
        (stream == Stream::standard_error ? errors : output) += bytes;
        if (on_each) on_each();
    }
    bool ready(std::function<void()> resume) override {
        ++asked;
        return !is_full || !is_full(std::move(resume));
    }
    std::string output, errors;
    int asked = 0;
    std::function<void()> on_each;
    std::function<bool(std::function<void()> resume)> is_full;  // Whether it keeps `resume`.
};

class RunFixture : public ::testing::Test {
protected:
    RunFixture() {
        options.command = "do it";
        wsman::RequestSettings settings;
        settings.to = "http://fake:5985/wsman";
        settings.operation_timeout = Duration(20'000);
        connections.emplace(
            "fake", settings, [this] { return host.make_link(); }, time.io.get_executor(), time, random);
    }

    // Input in the chunks given.
    void feed(std::vector<std::string> chunks) {
        chunks.emplace_back();
        chunks_ = std::move(chunks);
        options.input = &unused_;
    }

    RunOutcome run() {
        finished_ = false;
        boost::asio::co_spawn(time.io, run_all(), boost::asio::detached);
        EXPECT_TRUE(time.drive([this] { return finished_; })) << "it hangs";
        return outcome_.value_or(RunOutcome{});
    }

    // Rings `stop` after so long.
    void interrupt_after(Duration delay) {
        after(delay, [this] { stop.ring(); });
    }

    // Calls `action` after so long.
    void after(Duration delay, std::function<void()> action) {
        boost::asio::co_spawn(time.io, call_after(delay, std::move(action)), boost::asio::detached);
    }

    [[nodiscard]] Duration elapsed() const {
        return std::chrono::duration_cast<Duration>(time.now() - begin_);
    }
    [[nodiscard]] std::vector<std::string> warnings() const {
        std::vector<std::string> ids;
        for (const auto& warning : outcome_->warnings) ids.emplace_back(warning.info().id);
        if (late_) ids.emplace_back(late_->info().id);
        return ids;
    }
    [[nodiscard]] std::string error_id() const {
        return outcome_->error ? std::string(outcome_->error->info().id) : std::string();
    }
    [[nodiscard]] std::string outcome_detail() const {
        return outcome_->error ? outcome_->error->detail : std::string();
    }
    void expect_one_execution() const {
        for (const auto& [id, count] : host.executions) EXPECT_EQ(count, 1) << id;
        EXPECT_EQ(host.executions.size(), 1U);
    }

    VirtualTime time;
    FakeHost host{time};
    CountingRandom random;
    std::optional<Host> connections;
    RunOptions options;
    Collected sink;
    Alarm stop;
    ShellState shell;
    bool keep_shell = false;
    Duration took_until_outcome{0};

private:
    // Only its presence counts here: chunks come through ReadInput.
    class Unused final : public InputSource {
    public:
        Result<std::string> next(std::size_t) override { return std::string(); }
        void cancel() override {}
    };

    net::Task<Result<std::string>> next_chunk(std::size_t at_most) {
        auto chunk = chunks_.front();
        if (chunk.size() > at_most) {
            chunks_.front().erase(0, at_most);
            chunk.resize(at_most);
        } else if (chunks_.size() > 1) {
            chunks_.erase(chunks_.begin());
        }
        co_return chunk;
    }

    net::Task<void> run_all() {
        ReadInput read;
        if (options.input != nullptr) read = [this](std::size_t at_most) { return next_chunk(at_most); };
        CommandRun one(*connections, options, sink, std::move(read), time.now(), stop, shell);
        outcome_ = co_await one.converse();
        took_until_outcome = elapsed();
        if (keep_shell) {
            late_ = co_await ready_for_next(*connections, shell);
        } else {
            late_ = co_await clean_up(*connections, shell);
        }
        finished_ = true;
    }

    net::Task<void> call_after(Duration delay, std::function<void()> action) {
        Alarm none;
        co_await time.sleep(later(time.now(), delay), none);
        action();
    }

    MonotonicTime begin_ = time.now();
    std::vector<std::string> chunks_;
    Unused unused_;
    std::optional<RunOutcome> outcome_;
    std::optional<Error> late_;
    bool finished_ = false;
};

}  // namespace mullion::client::testing
