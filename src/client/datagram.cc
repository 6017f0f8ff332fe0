#include "client/datagram.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <chrono>
#include <memory>
#include <utility>

#include "client/runtime.h"
#include "net/datagram.h"

namespace mullion::client {
namespace {

// The loop's place is held until the answer was told.
net::Task<void> carry(std::shared_ptr<LoopPlace> place, net::WorkerPool& pool, DatagramAsk ask,
                      std::function<void(Result<std::string>)> done) {
    net::DatagramQuestion question;
    question.host = std::move(ask.host);
    question.port = ask.port;
    question.make = std::move(ask.make);
    question.takes = std::move(ask.takes);
    const auto deadline = std::chrono::steady_clock::now() + ask.timeout;
    auto answer =
        co_await net::ask_datagram((*place)->io().get_executor(), pool, std::move(question), deadline);
    done(std::move(answer));
}

}  // namespace

void ask_datagram(Runtime& runtime, DatagramAsk ask, std::function<void(Result<std::string>)> done) {
    auto place = std::make_shared<LoopPlace>(runtime.state().place());
    auto& io = (*place)->io();
    boost::asio::co_spawn(io, carry(std::move(place), runtime.state().pool, std::move(ask), std::move(done)),
                          boost::asio::detached);
}

}  // namespace mullion::client
