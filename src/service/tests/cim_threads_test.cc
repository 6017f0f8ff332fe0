// Enumerations from several threads at once, their items from another: what ThreadSanitizer is shown.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <thread>

#include "service/cim/cim_items.h"
#include "service/requests/operations.h"
#include "wsman/fault.h"

namespace mullion::service::testing {
namespace {

constexpr std::size_t items_of_each = 40;

// Items of a few bytes, one for each question asked; now and then the work is over as a whole at once.
class ManyItems final : public CimBackend {
public:
    net::Task<Outcome<std::unique_ptr<CimAnswer>>> ask(CimQuestion question) override {
        if (question.begins) question.begins();
        std::unique_ptr<CimAnswer> answer = std::make_unique<Answer>(alive_);
        co_return Outcome<std::unique_ptr<CimAnswer>>(std::move(answer));
    }
    [[nodiscard]] int alive() const { return alive_; }

private:
    class Answer final : public CimAnswer {
    public:
        explicit Answer(std::atomic<int>& alive) : alive_(alive) { ++alive_; }
        ~Answer() override { --alive_; }
        net::Task<Outcome<cim::FromHost>> next() override {
            if (given_++ < items_of_each) co_return cim::FromHost(cim::Item{"<item/>"});
            co_return cim::FromHost(cim::End{});
        }

    private:
        std::atomic<int>& alive_;
        std::size_t given_ = 0;
    };
    std::atomic<int> alive_ = 0;
};

class Threads {
public:
    explicit Threads(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
            guards_.push_back(boost::asio::make_work_guard(*contexts_.back()));
            threads_.emplace_back([&context = *contexts_.back()] { context.run(); });
        }
    }
    ~Threads() {
        guards_.clear();
        for (auto& thread : threads_) thread.join();
    }
    [[nodiscard]] boost::asio::io_context& of(std::size_t index) { return *contexts_.at(index); }

private:
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
    std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guards_;
    std::vector<std::thread> threads_;
};

struct Counts {
    std::atomic<std::size_t> items = 0;
    std::atomic<std::size_t> whole = 0;
    std::atomic<std::size_t> given_up = 0;
    std::atomic<std::size_t> refused = 0;
    std::atomic<std::size_t> done = 0;
};

Visit visitor(const std::string& user) {
    Visit visit;
    visit.user = visit.unix_user = user;
    visit.room = 1'000;
    visit.deadline = MonotonicTime::max();
    visit.settings = std::make_shared<state::Settings>();
    return visit;
}

class CimThreads : public ::testing::Test {
protected:
    // To the end, or up to a Release.
    net::Task<void> enumerate(std::size_t number) {
        const auto visit = visitor(number % 2 == 0 ? "alice" : "bob");
        wsman::Enumerate what;
        what.optimize = number % 3 != 0;
        what.max_elements = 7;
        CimQuestion question;
        question.most = 1'000;
        auto source = std::make_unique<CimItems>(threads.of(0).get_executor(), backend, std::move(question),
                                                 Duration(number % 5 == 0 ? 0 : 10'000));
        auto beginning = operations.enumerate(visit, "http://one", std::move(source), what);
        auto batch = co_await std::move(beginning);
        std::size_t pulls = 0;
        while (batch.ok()) {
            counts.items += batch.value().items.size();
            if (batch.value().end) {
                ++counts.whole;
                break;
            }
            const std::string context = batch.value().context;
            if (number % 4 == 0 && ++pulls == 3) {
                if (operations.release(visit, "http://one", context).ok()) ++counts.given_up;
                break;
            }
            wsman::Pull pull;
            pull.context = context;
            pull.max_elements = 7;
            auto pulling = operations.pull(visit, "http://one", pull);
            batch = co_await std::move(pulling);
        }
        if (!batch.ok()) ++counts.refused;
        ++counts.done;
    }

    ManualClock clock;
    ManyItems backend;
    Operations operations{system_random(), clock, std::size_t{1} << 30};
    Counts counts;
    Threads threads{4};  // Last: joined before all that they use.
};

TEST_F(CimThreads, NothingIsLostAndNothingIsLeft) {
    constexpr std::size_t all = 300;
    for (std::size_t number = 0; number < all; ++number)
        boost::asio::co_spawn(threads.of(1 + number % 3), enumerate(number), boost::asio::detached);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (counts.done < all && std::chrono::steady_clock::now() < until) {
        operations.sweep();
        (void)operations.bytes("alice");
        std::this_thread::yield();
    }
    ASSERT_EQ(counts.done, all);
    EXPECT_EQ(counts.whole + counts.given_up + counts.refused, all);
    EXPECT_EQ(counts.given_up, all / 4);
    EXPECT_EQ(counts.refused, 0u);
    EXPECT_GE(counts.items, counts.whole * items_of_each);
    EXPECT_EQ(operations.bytes("alice") + operations.bytes("bob"), 0u);
    while (backend.alive() != 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    EXPECT_EQ(backend.alive(), 0);
}

}  // namespace
}  // namespace mullion::service::testing
