#include "client/input_reader.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace mullion::client {
namespace {

namespace asio = boost::asio;

struct Pending {
    explicit Pending(const net::Executor& executor) : timer(executor, never) {}
    asio::steady_timer timer;
    std::optional<Result<std::string>> chunk;
};

// On a thread of its own, where an exception would be the end of the process.
Result<std::string> next_of(InputSource& input, std::size_t at_most) {
    try {
        return input.next(at_most);
    } catch (const std::exception& trouble) {
        return Error(ErrorId::run_input, trouble.what());
    }
}

net::Task<Result<std::string>> read_once(InputSource* input, net::ThreadsOnDemand& threads,
                                         net::Executor executor, std::size_t at_most) {
    auto pending = std::make_shared<Pending>(executor);
    auto job = [input, at_most, executor, theirs = pending]() mutable {
        auto chunk = next_of(*input, at_most);
        asio::post(executor, [theirs = std::move(theirs), chunk = std::move(chunk)]() mutable {
            theirs->chunk = std::move(chunk);
            theirs->timer.cancel();
        });
    };
    if (!threads.submit(std::move(job)))
        co_return Error(ErrorId::run_input, "there is no thread to read it on");
    co_await pending->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return std::move(*pending->chunk);
}

}  // namespace

ReadInput reader_of(InputSource* input, net::ThreadsOnDemand& threads, net::Executor executor) {
    if (input == nullptr) return {};
    return [input, &threads, executor](std::size_t at_most) {
        return read_once(input, threads, executor, at_most);
    };
}

}  // namespace mullion::client
