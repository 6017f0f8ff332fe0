// Reloads while another one goes on: the newest file is the one that counts, and nobody is refused.
#include <gtest/gtest.h>
#include <unistd.h>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "exporter/exporter.h"

namespace mullion::exporter {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;

// An exporter whose file takes as long to read as the test wants.
class Reloads : public testing::Test, private Logger {
protected:
    Reloads() {
        endpoint_ = Exporter::make({runtime_, *this, [this] { return load(); }}).value();
        running_ = std::thread([this] { endpoint_->run(); });
    }
    ~Reloads() override { end(); }

    void end() {
        if (!running_.joinable()) return;
        read_until(1'000);
        ::kill(::getpid(), SIGTERM);
        running_.join();
    }

    // So many readings may end, the one at the start with them.
    void read_until(unsigned count) {
        const std::lock_guard lock(mutex_);
        may_end_ = count;
        changed_.notify_all();
    }
    // From this reading on the file is wrong.
    void wrong_from(unsigned number) {
        const std::lock_guard lock(mutex_);
        wrong_from_ = number;
    }
    template <class Condition>
    ::testing::AssertionResult comes(Condition condition) {
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, patience, condition)) return ::testing::AssertionSuccess();
        auto failure = ::testing::AssertionFailure() << begun_ << " readings began; the log:";
        for (const auto& line : lines_) failure << '\n' << line;
        return failure;
    }
    auto begun(unsigned count) {
        return comes([this, count] { return begun_ >= count; });
    }
    auto said(std::string text, long times = 1) {
        return comes([this, text = std::move(text), times] { return count_of(text) >= times; });
    }
    unsigned readings() {
        const std::lock_guard lock(mutex_);
        return begun_;
    }
    // "200 reloaded"; nothing where nobody answers.
    std::future<std::string> post() {
        return std::async(std::launch::async, [url = endpoint_->urls().at(0)] {
            boost::asio::ip::tcp::iostream stream("127.0.0.1", url.substr(url.rfind(':') + 1));
            stream << "POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            const std::string text(std::istreambuf_iterator<char>(stream), {});
            return text.empty() ? text : text.substr(9, 4) + text.substr(text.find("\r\n\r\n") + 4);
        });
    }

private:
    [[nodiscard]] bool enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view line) override {
        const std::lock_guard lock(mutex_);
        lines_.emplace_back(line);
        changed_.notify_all();
    }
    [[nodiscard]] long count_of(const std::string& text) const {
        return std::count_if(lines_.begin(), lines_.end(),
                             [&](const std::string& line) { return line.find(text) != std::string::npos; });
    }

    Result<Loaded> load() {
        std::unique_lock lock(mutex_);
        const auto number = ++begun_;
        changed_.notify_all();
        changed_.wait_for(lock, patience, [&] { return number <= may_end_; });
        if (number >= wrong_from_) return Error(ErrorId::config_invalid, "the newest");
        Loaded loaded;
        MULLION_ASSIGN(loaded.config,
                       read_config("version: 1\nlisten: 127.0.0.1:0\n"
                                   "targets: {allow: [a]}\nauths: {default: {user: a, password_file: p}}\n",
                                   "/exporter.yml"));
        return loaded;
    }

    client::Runtime runtime_;
    std::mutex mutex_;  // Of what follows.
    std::condition_variable changed_;
    unsigned begun_ = 0, may_end_ = 1, wrong_from_ = 1'000;
    std::vector<std::string> lines_;
    std::unique_ptr<Exporter> endpoint_;
    std::thread running_;
};

TEST_F(Reloads, ASignalDuringOneByHttpIsDoneAfterIt) {
    auto first = post();
    ASSERT_TRUE(begun(2));
    ::kill(::getpid(), SIGHUP);
    ASSERT_TRUE(said("reload by SIGHUP: another one goes on"));
    wrong_from(3);
    read_until(2);
    EXPECT_EQ(first.get(), "200 reloaded\n");
    ASSERT_TRUE(begun(3)) << "what was written after the first was read is read, too";
    read_until(3);
    EXPECT_TRUE(said("the newest; the configuration before it stays in force"));
}

TEST_F(Reloads, AllWhoAskMeanwhileShareOne) {
    auto first = post();
    ASSERT_TRUE(begun(2));
    auto second = post(), third = post();
    ASSERT_TRUE(said("reload by /-/reload: another one goes on", 2));
    ::kill(::getpid(), SIGHUP);
    ASSERT_TRUE(said("reload by SIGHUP: another one goes on"));
    wrong_from(3);
    read_until(3);
    EXPECT_EQ(first.get(), "200 reloaded\n");
    for (auto* const one : {&second, &third}) {
        const auto answer = one->get();
        EXPECT_TRUE(answer.starts_with("500 ") && answer.find("the newest") != std::string::npos) << answer;
    }
    EXPECT_EQ(readings(), 3U);
    auto after = post();
    ASSERT_TRUE(begun(4)) << "nobody read for this one";
    read_until(4);
    EXPECT_TRUE(after.get().starts_with("500 "));
}

TEST_F(Reloads, TheEndWaitsForNoFurtherOne) {
    auto first = post(), second = post();
    ASSERT_TRUE(said("reload by /-/reload: another one goes on"));
    ::kill(::getpid(), SIGTERM);
    EXPECT_EQ(first.get() + second.get(), "") << "its door is shut while the file is still read";
    end();
    EXPECT_EQ(readings(), 2U);
}

}  // namespace
}  // namespace mullion::exporter
