// Runs coroutines of a test to their end on one io_context, and makes both ends of a loopback connection.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "net/connect.h"
#include "net/listen.h"
#include "net/stream.h"

namespace mullion::net {

inline MonotonicTime in_ms(int milliseconds) {
    return std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
}
// Far enough that a slow machine does not reach it; a test that hangs is stopped by CTest.
inline MonotonicTime far_off() {
    return in_ms(60'000);
}

class Loop {
public:
    [[nodiscard]] Executor executor() { return context_.get_executor(); }
    [[nodiscard]] WorkerPool& pool() { return pool_; }

    template <class T>
    T run(Task<T> task) {
        auto result = std::make_shared<std::optional<T>>();
        boost::asio::co_spawn(context_, keep(std::move(task), result), rethrow);
        context_.restart();
        while (!result->has_value() && context_.run_one() > 0) {
        }
        return std::move(result->value());
    }
    void run(Task<void> task) {
        auto done = std::make_shared<std::optional<bool>>();
        boost::asio::co_spawn(context_, finish(std::move(task), done), rethrow);
        context_.restart();
        while (!done->has_value() && context_.run_one() > 0) {
        }
        ASSERT_TRUE(done->has_value());
    }
    void start(Task<void> task) { boost::asio::co_spawn(context_, std::move(task), rethrow); }

private:
    static void rethrow(std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    }
    template <class T>
    static Task<void> keep(Task<T> task, std::shared_ptr<std::optional<T>> result) {
        result->emplace(co_await std::move(task));
    }
    static Task<void> finish(Task<void> task, std::shared_ptr<std::optional<bool>> done) {
        co_await std::move(task);
        *done = true;
    }

    boost::asio::io_context context_{1};
    WorkerPool pool_{1};
};

struct Ends {
    Result<std::unique_ptr<Stream>> client = Error(ErrorId::net_closed, "not connected yet");
    Result<std::unique_ptr<Stream>> server = Error(ErrorId::net_closed, "not accepted yet");
};

inline Task<void> accept_one(Executor executor, Listener& listener, std::shared_ptr<const TlsServer> tls,
                             std::shared_ptr<std::optional<Result<std::unique_ptr<Stream>>>> into) {
    auto accepted = co_await listener.accept();
    if (!accepted) {
        into->emplace(std::move(accepted).error());
        co_return;
    }
    into->emplace(co_await adopt(executor, *accepted, tls, far_off()));
}

inline Task<void> one_turn(Executor executor) {
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

// A connection over loopback, with TLS where both settings are given.
inline Ends connect_both(Loop& loop, std::shared_ptr<const TlsClient> client = nullptr,
                         std::shared_ptr<const TlsServer> server = nullptr, const std::string& name = "",
                         const std::string& address = "127.0.0.1") {
    Ends ends;
    auto listener = listen(loop.executor(), address, 0);
    if (!listener) {
        ends.server = std::move(listener).error();
        return ends;
    }
    const auto accepted = std::make_shared<std::optional<Result<std::unique_ptr<Stream>>>>();
    loop.start(accept_one(loop.executor(), **listener, std::move(server), accepted));
    Endpoint endpoint{address, (*listener)->port(), std::move(client), name};
    ends.client = loop.run(connect(loop.executor(), loop.pool(), endpoint, far_off()));
    // The other end finishes its handshake a moment later.
    while (!accepted->has_value()) loop.run(one_turn(loop.executor()));
    ends.server = std::move(accepted->value());
    return ends;
}

}  // namespace mullion::net
