#include "service/cim/cim_items.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <string>
#include <utility>

#include "service/cim/cim_exchange.h"
#include "service/notifier.h"
#include "service/requests/visit.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

// Nobody answers now, and somebody may the next time.
bool may_be_asked_again(const wsman::Fault& fault) {
    return fault.code == wsman::code::quota_user || fault.code == wsman::code::quota_system;
}

}  // namespace

// All of it on the executor of the backend, but for bytes().
class CimItems::Asking : public std::enable_shared_from_this<Asking> {
public:
    Asking(net::Executor executor, CimBackend& backend, CimQuestion question, Duration patience)
        : executor_(executor),
          backend_(backend),
          question_(std::move(question)),
          most_(question_.most),
          patience_(patience),
          changed_(std::move(executor)) {}

    [[nodiscard]] net::Task<Done> begin(Waiting waiting);
    [[nodiscard]] net::Task<Taken> take(Batching most, Waiting waiting);
    void close();
    [[nodiscard]] std::size_t bytes() const;

private:
    [[nodiscard]] net::Task<Done> ask(Waiting waiting);
    void ask_anew();
    net::Task<void> let_go_in_time();
    void set(std::shared_ptr<CimExchange> exchange);
    void forget_question();

    net::Executor executor_;
    CimBackend& backend_;
    CimQuestion question_;  // Until nobody will ask it again.
    const std::size_t most_;
    const Duration patience_;
    bool wanted_ = false;  // Something is being taken, or was.
    bool given_ = false;   // So nothing can be asked anew.
    bool closed_ = false;
    Notifier changed_;
    mutable std::mutex mutex_;
    std::shared_ptr<CimExchange> exchange_;  // Null: it is not asked, or was let go. Changes under the lock.
    std::size_t kept_ = 0;                   // Bytes of the question. Under the lock.
};

net::Task<Done> CimItems::Asking::begin(Waiting waiting) {
    const auto self = shared_from_this();
    {
        const std::lock_guard lock(mutex_);
        kept_ = question_.envelope.size();
    }
    auto asking = ask(std::move(waiting));
    auto asked = co_await std::move(asking);
    if (asked.ok()) boost::asio::co_spawn(executor_, let_go_in_time(), boost::asio::detached);
    co_return asked;
}

net::Task<Done> CimItems::Asking::ask(Waiting waiting) {
    const auto exchange =
        std::make_shared<CimExchange>(executor_, backend_, CimExchange::Wanted::items, most_);
    set(exchange);
    auto starting = exchange->start(question_, std::move(waiting));
    auto started = co_await std::move(starting);
    if (!started.ok()) set(nullptr);
    co_return started;
}

// Not what is here as a whole: it costs no process.
net::Task<void> CimItems::Asking::let_go_in_time() {
    const auto self = shared_from_this();
    const auto until = steady_clock::now() + patience_;
    while (!wanted_ && !closed_ && steady_clock::now() < until) co_await changed_.wait_until(until);
    if (wanted_ || closed_) co_return;
    if (!exchange_->reading()) {
        given_ = true;
        co_return forget_question();
    }
    exchange_->close();
    set(nullptr);
}

// What is asked anew may take longer to begin than this Pull waits: the next one has it.
void CimItems::Asking::ask_anew() {
    set(std::make_shared<CimExchange>(executor_, backend_, CimExchange::Wanted::items, most_));
    exchange_->begin(question_);
}

net::Task<Taken> CimItems::Asking::take(Batching most, Waiting waiting) {
    const auto self = shared_from_this();
    wanted_ = true;
    changed_.notify();
    if (!exchange_ && !closed_) ask_anew();
    if (!exchange_) {
        Taken none;
        none.fault = wsman::make_fault(wsman::code::invalid_enumeration_context);
        none.over = true;
        co_return none;
    }
    auto taking = exchange_->take(most, std::move(waiting));
    auto taken = co_await std::move(taking);
    given_ = given_ || !taken.items.empty();
    if (given_) {
        forget_question();
    } else if (taken.over && taken.fault && may_be_asked_again(*taken.fault) && !closed_) {
        set(nullptr);
        taken.over = false;
    }
    co_return taken;
}

void CimItems::Asking::close() {
    closed_ = true;
    if (exchange_) exchange_->close();
    changed_.notify();
}

void CimItems::Asking::set(std::shared_ptr<CimExchange> exchange) {
    const std::lock_guard lock(mutex_);
    exchange_.swap(exchange);  // What it was ends behind the lock.
}

void CimItems::Asking::forget_question() {
    question_ = {};
    const std::lock_guard lock(mutex_);
    kept_ = 0;
}

// One that was let go may hold as much again.
std::size_t CimItems::Asking::bytes() const {
    const std::lock_guard lock(mutex_);
    return kept_ + (exchange_ ? exchange_->bytes() : CimExchange::most_held(most_));
}

CimItems::CimItems(net::Executor executor, CimBackend& backend, CimQuestion question, Duration how_long)
    : executor_(executor),
      asking_(std::make_shared<Asking>(std::move(executor), backend, std::move(question), how_long)) {}

CimItems::~CimItems() {
    close();
}

void CimItems::close() {
    boost::asio::post(executor_, [asking = asking_] { asking->close(); });
}

std::size_t CimItems::bytes() const {
    return asking_->bytes();
}

net::Task<Done> CimItems::begin(Waiting waiting) {
    auto beginning = asking_->begin(std::move(waiting));
    co_return co_await visit(executor_, std::move(beginning));
}

net::Task<Taken> CimItems::take(Batching most, Waiting waiting) {
    auto taking = asking_->take(most, std::move(waiting));
    co_return co_await visit(executor_, std::move(taking));
}

}  // namespace mullion::service
