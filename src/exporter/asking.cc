#include "exporter/asking.h"

#include <fmt/core.h>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

#include "client/cim.h"

namespace mullion::exporter {
namespace {

using std::chrono::steady_clock;

// Rows as they come, on the session's thread.
class Rows final : public client::CimSink {
public:
    explicit Rows(AskLimits limits) : limits_(limits) {}

    bool on_row(client::CimRow row) override {
        for (const auto& property : row.instance.properties) {
            bytes_ += property.name.size();
            for (const auto& value : property.values) bytes_ += value.text.size() + sizeof value;
        }
        over_ = over_ || rows_.size() == limits_.rows || bytes_ > limits_.bytes;
        if (!over_) rows_.push_back(std::move(row.instance));
        return !over_;
    }
    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] checks::Rows take() { return std::move(rows_); }

private:
    AskLimits limits_;
    checks::Rows rows_;
    std::size_t bytes_ = 0;
    bool over_ = false;
};

// What both threads hold while a question is on its way. The session's may hold it for longer, as long as it
// tidies up behind the answer: then the timer's own thread may be gone, so it ends there as soon as it rang.
struct Pending {
    Pending(const net::Executor& executor, AskLimits limits) : rows(limits) {
        rings.emplace(executor, steady_clock::time_point::max());
    }
    std::optional<boost::asio::steady_timer> rings;
    Rows rows;
    std::optional<client::CimOutcome> outcome;
};

void begin(client::Session& session, client::CimVisit visit, const net::Executor& here,
           const std::shared_ptr<Pending>& pending) {
    const auto done = [pending, here](client::CimOutcome outcome) {
        const auto told = std::make_shared<client::CimOutcome>(std::move(outcome));
        boost::asio::post(here, [pending, told] {
            pending->outcome = std::move(*told);
            pending->rings->cancel();
        });
    };
    client::Cim(session).ask_async(std::move(visit), &pending->rows, done);
}

checks::Answer answer_of(Pending& pending, const Question& question) {
    checks::Answer answer;
    auto& outcome = *pending.outcome;
    answer.took = outcome.duration;
    if (pending.rows.over())
        answer.of = Error(ErrorId::wsman_malformed,
                          fmt::format("{} has more rows than are taken", question.class_name));
    else if (outcome.error)
        answer.of = std::move(*outcome.error);
    else if (!outcome.complete)
        answer.of = Error(ErrorId::wsman_malformed, fmt::format("{} was cut off", question.class_name));
    else
        answer.of = pending.rows.take();
    return answer;
}

// Of the way to the host and not of this question.
bool ends_all(const Error& error) {
    switch (error.info().phase) {
        case Phase::wsman:
            return error.id == ErrorId::wsman_quota;
        case Phase::run:
        case Phase::state:
            return error.id != ErrorId::run_unknown;
        default:
            return true;
    }
}

bool is_over_time(const Error& error) {
    return error.id == ErrorId::run_timeout;
}

}  // namespace

net::Task<PlanAnswers> ask_host(client::Session& session, std::shared_ptr<const Plan> plan,
                                std::shared_ptr<Departure> asker, Heard heard, MonotonicTime deadline,
                                AskLimits limits) {
    const net::Executor here = co_await boost::asio::this_coro::executor;
    PlanAnswers answers(plan->questions().size());
    for (std::size_t at = 0; at < answers.size(); ++at) {
        const auto& question = plan->questions()[at];
        const auto left = std::chrono::duration_cast<Duration>(deadline - steady_clock::now());
        if (left <= Duration(0) || asker->gone()) break;
        const auto pending = std::make_shared<Pending>(here, limits);
        client::CimVisit visit;
        visit.question = client::cim_query(question.query.wql, question.query.cim_namespace);
        visit.timeout = left;
        begin(session, std::move(visit), here, pending);
        asker->then([&session] { session.interrupt(); });
        while (!pending->outcome) {
            boost::system::error_code rung;
            co_await pending->rings->async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, rung));
        }
        asker->then(nullptr);
        pending->rings.reset();
        answers[at] = answer_of(*pending, question);
        // All of them are in memory until the last has come.
        limits.bytes -= std::min(limits.bytes, pending->rows.bytes());
        heard(*answers[at]);
        const auto* const error = answers[at]->error();
        if (error == nullptr || !ends_all(*error)) continue;
        if (!is_over_time(*error))
            for (std::size_t next = at + 1; next < answers.size(); ++next) {
                answers[next].emplace();
                answers[next]->of = *error;
            }
        break;
    }
    co_return answers;
}

}  // namespace mullion::exporter
