// One job of a WorkerPool, and the coroutine that waits for it: neither may outlive what it needs of the
// other.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>

#include "net/task.h"

namespace mullion::net {

class PoolWait;

class PoolJob : public std::enable_shared_from_this<PoolJob> {
public:
    virtual ~PoolJob() = default;
    PoolJob(const PoolJob&) = delete;
    PoolJob& operator=(const PoolJob&) = delete;

    // By a worker. Does nothing when nobody waits any more.
    void perform();

protected:
    PoolJob() = default;
    virtual void work() = 0;
    virtual void discard() noexcept = 0;  // Gives back what the work refers to.

private:
    friend class PoolWait;
    enum class State { queued, running, over, abandoned };

    [[nodiscard]] bool is_over();
    void wake();
    void leave();

    std::mutex mutex_;
    std::condition_variable ended_;
    State state_ = State::queued;
    PoolWait* waiter_ = nullptr;
    std::exception_ptr failure_;
};

// Lives in the frame of the coroutine that waits. A coroutine need not be resumed: it is destroyed with its
// io_context, and everything that the job refers to with it. So its end waits for a job that runs, and takes
// back one that has not begun.
class PoolWait {
public:
    PoolWait(std::shared_ptr<PoolJob> job, const Executor& executor);
    PoolWait(const PoolWait&) = delete;
    PoolWait& operator=(const PoolWait&) = delete;
    ~PoolWait() { job_->leave(); }

    // What the work threw is thrown here.
    [[nodiscard]] Task<void> done();

private:
    friend class PoolJob;
    std::shared_ptr<PoolJob> job_;
    boost::asio::steady_timer timer_;
};

}  // namespace mullion::net
