#include "net/pool_job.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace mullion::net {

void PoolJob::perform() {
    {
        const std::lock_guard lock(mutex_);
        if (state_ != State::queued) return;
        state_ = State::running;
    }
    try {
        work();
    } catch (...) {
        failure_ = std::current_exception();
    }
    discard();
    // Under the lock: who has not left still waits, so its I/O thread is still there.
    const std::lock_guard lock(mutex_);
    state_ = State::over;
    if (waiter_ != nullptr)
        boost::asio::post(waiter_->timer_.get_executor(), [self = shared_from_this()] { self->wake(); });
    ended_.notify_all();
}

bool PoolJob::is_over() {
    const std::lock_guard lock(mutex_);
    return state_ == State::over;
}

void PoolJob::wake() {
    const std::lock_guard lock(mutex_);
    if (waiter_ != nullptr) waiter_->timer_.cancel();
}

void PoolJob::leave() {
    std::unique_lock lock(mutex_);
    waiter_ = nullptr;
    ended_.wait(lock, [this] { return state_ != State::running; });
    if (state_ != State::queued) return;
    state_ = State::abandoned;
    discard();
}

PoolWait::PoolWait(std::shared_ptr<PoolJob> job, const Executor& executor)
    : job_(std::move(job)), timer_(executor, boost::asio::steady_timer::time_point::max()) {
    job_->waiter_ = this;  // No worker has seen it yet.
}

Task<void> PoolWait::done() {
    while (!job_->is_over()) co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (job_->failure_) std::rethrow_exception(job_->failure_);
}

}  // namespace mullion::net
