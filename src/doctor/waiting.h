// A thread that waits for what goes on elsewhere, until it is there or somebody is impatient.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/result.h"
#include "net/task.h"

namespace mullion::doctor {

// Shared with what is waited for, which may come when nobody waits any more.
struct Patience {
    std::mutex mutex;
    std::condition_variable news;
    bool over = false;

    void end() {
        const std::lock_guard lock(mutex);
        over = true;
        news.notify_all();
    }
};

// Begins with begin(done), and gives what `done` is told, from any thread. Errors: run.interrupted; `late`
// where it has not come by `until`
template <class T>
[[nodiscard]] Result<T> wait_for(const std::shared_ptr<Patience>& patience,
                                 const std::function<void(std::function<void(Result<T>)>)>& begin,
                                 std::optional<MonotonicTime> until = {}, Error late = {}) {
    const auto answer = std::make_shared<std::optional<Result<T>>>();
    begin([patience, answer](Result<T> told) {
        const std::lock_guard lock(patience->mutex);
        answer->emplace(std::move(told));
        patience->news.notify_all();
    });
    std::unique_lock lock(patience->mutex);
    const auto there = [&] { return answer->has_value() || patience->over; };
    if (until) {
        if (!patience->news.wait_until(lock, *until, there)) return late;
    } else {
        patience->news.wait(lock, there);
    }
    if (!answer->has_value()) return Error(ErrorId::run_interrupted, "");
    return std::move(**answer);
}

// Nobody else would hear of an exception: whoever waits would do so for ever.
template <class T>
net::Task<void> carry_out(net::Task<Result<T>> task, std::function<void(Result<T>)> done) {
    std::optional<Error> trouble;
    try {
        auto got = co_await std::move(task);
        done(std::move(got));
    } catch (const std::exception& thrown) {
        trouble = Error(ErrorId::internal_failure, thrown.what());
    }
    if (trouble) done(std::move(*trouble));
}

// Made once: g++ numbers the temporaries in a coroutine's frame by file, and its link-time optimiser then
// takes one type for two.
extern template net::Task<void> carry_out(net::Task<Result<std::string>> task,
                                          std::function<void(Result<std::string>)> done);

// The same for a coroutine, which must end by itself and own what it uses.
template <class T>
[[nodiscard]] Result<T> wait_for(const std::shared_ptr<Patience>& patience, const net::Executor& executor,
                                 net::Task<Result<T>> task) {
    const auto shared = std::make_shared<net::Task<Result<T>>>(std::move(task));
    return wait_for<T>(patience, [&executor, shared](std::function<void(Result<T>)> done) {
        boost::asio::co_spawn(executor, carry_out<T>(std::move(*shared), std::move(done)),
                              boost::asio::detached);
    });
}

}  // namespace mullion::doctor
