#include "client/input_reader.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mullion::client {
namespace {

namespace asio = boost::asio;

struct Pending {
    explicit Pending(const net::Executor& executor) : timer(executor, never) {}
    asio::steady_timer timer;
    std::optional<Result<std::string>> chunk;
};

net::Task<Result<std::string>> read_once(InputSource* input, net::ThreadsOnDemand& threads,
                                         net::Executor executor, std::size_t at_most) {
    auto pending = std::make_shared<Pending>(executor);
    auto job = [input, at_most, executor, theirs = pending]() mutable {
        auto chunk = input->next(at_most);
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
