#include "service/cim/cim_exchange.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include "encoding/utf16.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t bytes_of_an_item = 64;  // Its place, beside its text.

std::size_t size_of(const std::string& item) {
    return item.size() + bytes_of_an_item;
}

// Who answers is the caller's own process, and not ours to trust: what is no text would not go into an
// envelope.
wsman::Fault no_text() {
    return wsman::make_fault(wsman::code::internal_error,
                             "The answer about CIM could not be used: it is no UTF-8. ");
}

wsman::Fault out_of_place() {
    return wsman::make_fault(
        wsman::code::internal_error,
        "The answer about CIM could not be used: it is of another kind than the request. ");
}

wsman::Fault fault_of(const cim::Failure& failure) {
    auto fault = wsman::make_fault(failure.code, encoding::to_valid_utf8(failure.message),
                                   encoding::to_valid_utf8(failure.provider));
    if (failure.provider_code) fault.provider_code = failure.provider_code;
    return fault;
}

}  // namespace

CimExchange::CimExchange(net::Executor executor, CimBackend& backend, Wanted wanted, std::size_t most)
    : executor_(executor),
      backend_(backend),
      wanted_(wanted),
      reserved_(most_held(most)),
      changed_(std::move(executor)) {}

// Beside all waiting: a process may take longer to start than anybody is to wait for it.
void CimExchange::begin(CimQuestion question) {
    boost::asio::co_spawn(executor_, run(std::move(question)), boost::asio::detached);
}

net::Task<Done> CimExchange::start(CimQuestion question, Waiting waiting) {
    const auto self = shared_from_this();
    question.waiting = waiting;
    begin(std::move(question));
    const auto first_word = [this] { return !items_.empty(); };
    auto hearing = wait(waiting, first_word);
    co_await std::move(hearing);
    if (closed_ || waiting.gone()) {
        close();
        co_return wsman::make_fault(wsman::code::aborted);
    }
    if (failure_ && items_.empty()) co_return *failure_;
    if (!asked_) {
        close();
        co_return wsman::make_fault(wsman::code::operation_timed_out);
    }
    co_return Nothing{};
}

template <class Enough>
net::Task<void> CimExchange::wait(Waiting waiting, Enough enough) {
    wake_when_gone(waiting);
    while (!enough() && !over() && !closed_ && !waiting.gone() && steady_clock::now() < waiting.until)
        co_await changed_.wait_until(waiting.until);
}

void CimExchange::wake_when_gone(const Waiting& waiting) {
    if (!waiting.departure) return;
    waiting.departure->when([executor = executor_, there = weak_from_this()] {
        boost::asio::post(executor, [there] {
            if (const auto exchange = there.lock()) exchange->changed_.notify();
        });
    });
}

// Whatever happens here is told to who waits.
net::Task<void> CimExchange::run(CimQuestion question) {
    const auto self = shared_from_this();
    try {
        auto asking = ask(std::move(question));
        co_await std::move(asking);
    } catch (const std::exception&) {
        fail(wsman::make_fault(wsman::code::internal_error));
    }
    answer_.reset();
    behind_ = 0;
    reading_ = false;
    changed_.notify();
}

net::Task<void> CimExchange::ask(CimQuestion question) {
    auto asking = backend_.ask(std::move(question));
    auto asked = co_await std::move(asking);
    if (!asked.ok()) {
        fail(std::move(asked.fault()));
        co_return;
    }
    asked_ = true;
    answer_ = std::move(asked.value());
    behind_ = answer_->bytes();
    auto reading = read_answer();
    co_await std::move(reading);
}

net::Task<void> CimExchange::read_answer() {
    while (!over() && !closed_) {
        // Back-pressure: what nobody pulls stays in the pipe, and its process waits.
        while (held_ >= read_ahead && !closed_) co_await changed_.wait_until(MonotonicTime::max());
        if (closed_) break;
        auto asking = answer_->next();
        auto got = co_await std::move(asking);
        take_in(std::move(got));
        behind_ = answer_->bytes();
        changed_.notify();
    }
}

void CimExchange::take_in(Outcome<cim::FromHost> got) {
    if (closed_) return;
    if (!got.ok()) return fail(std::move(got.fault()));
    auto& frame = got.value();
    if (const auto* const failure = std::get_if<cim::Failure>(&frame)) return fail(fault_of(*failure));
    if (auto* const answer = std::get_if<cim::Answer>(&frame))
        return wanted_ == Wanted::one_answer ? keep_whole(std::move(answer->envelope)) : fail(out_of_place());
    if (wanted_ == Wanted::one_answer) return fail(out_of_place());
    if (auto* const item = std::get_if<cim::Item>(&frame)) return keep(std::move(item->xml));
    ended_ = true;
}

void CimExchange::keep(std::string item) {
    if (!encoding::is_utf8(item)) return fail(no_text());
    held_ += size_of(item);
    items_.push_back(std::move(item));
}

void CimExchange::keep_whole(std::string envelope) {
    if (!encoding::is_utf8(envelope)) return fail(no_text());
    whole_ = std::move(envelope);
}

void CimExchange::fail(wsman::Fault fault) {
    failure_ = std::move(fault);
}

net::Task<Taken> CimExchange::take(Batching most, Waiting waiting) {
    const auto self = shared_from_this();
    const auto enough = [&] {
        if (items_.size() >= most.items || held_ >= read_ahead) return true;
        return held_ - items_.size() * bytes_of_an_item >= most.room;
    };
    auto filling = wait(waiting, enough);
    co_await std::move(filling);
    Taken out;
    if (waiting.gone()) close();  // What he would be given is lost, and nobody could go on behind it.
    if (closed_ || items_.empty()) co_return nothing_to_take(waiting);
    if (!move_batch(items_, most, out.items)) {
        out.fault = wsman::make_fault(wsman::code::response_too_large);
        co_return out;
    }
    for (const auto& item : out.items) held_ -= size_of(item);
    out.over = ended_ && items_.empty();
    changed_.notify();
    co_return out;
}

Taken CimExchange::nothing_to_take(const Waiting& waiting) const {
    Taken out;
    if (waiting.gone())
        out.fault = wsman::make_fault(wsman::code::aborted);
    else if (closed_)
        out.fault = wsman::make_fault(wsman::code::invalid_enumeration_context);
    else if (failure_)
        out.fault = failure_;
    else if (!ended_)
        out.fault = wsman::make_fault(wsman::code::operation_timed_out);
    out.over = over() || closed_;
    return out;
}

net::Task<Outcome<std::string>> CimExchange::whole(Waiting waiting) {
    const auto self = shared_from_this();
    const auto only_that = [] { return false; };
    auto hearing = wait(waiting, only_that);
    co_await std::move(hearing);
    if (whole_) co_return std::move(*whole_);
    if (failure_) co_return *failure_;
    if (closed_ || waiting.gone()) co_return wsman::make_fault(wsman::code::aborted);
    co_return wsman::make_fault(wsman::code::operation_timed_out);
}

void CimExchange::close() {
    closed_ = true;
    items_.clear();
    held_ = 0;
    if (answer_) answer_->stop();
    changed_.notify();
}

}  // namespace mullion::service
