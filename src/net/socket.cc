#include "net/socket.h"

#include <poll.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/core.h>

#include <utility>

namespace mullion::net {
namespace asio = boost::asio;

// Shared with the timer's handler and with whoever waits, so that closing or destroying the socket in the
// middle of a wait is safe.
struct Socket::Core : std::enable_shared_from_this<Socket::Core> {
    Core(const Executor& executor, int number) : descriptor(executor, number), timer(executor) {}

    // The timer is only set when somebody waits, and stays set when the deadline moves out: most deadlines
    // are moved before they are reached.
    void arm() {
        if (deadline == MonotonicTime::max() || (armed && armed_for <= deadline)) return;
        armed = true;
        armed_for = deadline;
        timer.expires_at(deadline);
        timer.async_wait([weak = weak_from_this()](boost::system::error_code failure) {
            const auto self = weak.lock();
            if (!self || failure) return;
            self->armed = false;
            if (self->expired()) {
                if (!self->closed) self->descriptor.cancel();
            } else if (self->waiting > 0) {
                self->arm();
            }
        });
    }

    [[nodiscard]] bool expired() const {
        return deadline != MonotonicTime::max() && deadline <= std::chrono::steady_clock::now();
    }

    [[nodiscard]] Result<void> check() {
        if (closed) return Error(ErrorId::net_closed, "closed on this side");
        if (std::exchange(came_in_time, false)) return {};
        if (expired()) return Error(ErrorId::net_read_timeout, "");
        return {};
    }

    // Whether the wait was over all the same, at a deadline that this thread noticed too late: it was busy,
    // or the whole process was stopped. A peer that answered meanwhile is not to blame.
    [[nodiscard]] bool ready_now(Wait what) {
        pollfd one{descriptor.native_handle(), static_cast<short>(what == Wait::readable ? POLLIN : POLLOUT),
                   0};
        return ::poll(&one, 1, 0) == 1;
    }

    asio::posix::stream_descriptor descriptor;
    asio::steady_timer timer;
    MonotonicTime deadline = MonotonicTime::max();
    MonotonicTime armed_for = MonotonicTime::max();
    unsigned waiting = 0;
    bool armed = false;
    bool closed = false;
    bool came_in_time = false;  // What was waited for, though the deadline is over: good for one attempt.
};

Socket::Socket(Executor executor, int descriptor) : core_(std::make_shared<Core>(executor, descriptor)) {
    core_->descriptor.non_blocking(true);
}

Socket::~Socket() {
    if (core_) close();
}

Task<Result<void>> Socket::wait(Wait what) {
    const auto core = core_;
    const auto kind = what == Wait::readable ? asio::posix::stream_descriptor::wait_read
                                             : asio::posix::stream_descriptor::wait_write;
    while (true) {
        if (auto state = core->check(); !state) co_return std::move(state).error();
        core->waiting += 1;
        core->arm();
        const auto [failure] =
            co_await core->descriptor.async_wait(kind, asio::as_tuple(asio::use_awaitable));
        core->waiting -= 1;
        if (!core->closed && core->expired() && core->ready_now(what)) {
            core->came_in_time = true;
            co_return Result<void>{};
        }
        if (auto state = core->check(); !state) co_return std::move(state).error();
        if (!failure) co_return Result<void>{};
        // Cancelled for a deadline that was moved since then: wait on.
        if (failure != asio::error::operation_aborted) {
            co_return Error(ErrorId::net_closed, fmt::format("waiting: {}", failure.message()));
        }
    }
}

Result<void> Socket::check() const {
    return core_->check();
}

void Socket::expires_at(MonotonicTime when) {
    core_->deadline = when;
    core_->came_in_time = false;
    if (core_->waiting > 0) core_->arm();
}

void Socket::close() {
    if (core_->closed) return;
    core_->closed = true;
    core_->timer.cancel();
    boost::system::error_code ignored;
    core_->descriptor.close(ignored);
}

bool Socket::closed() const {
    return core_->closed;
}
int Socket::descriptor() const {
    return core_->descriptor.native_handle();
}
Executor Socket::executor() const {
    return core_->descriptor.get_executor();
}

}  // namespace mullion::net
