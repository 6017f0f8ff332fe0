// Both ends over loopback, with engines that need no library: what the tests of the channel have in common.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "channel/client_connection.h"
#include "channel/server_connection.h"
#include "channel/tests/fake_engines.h"
#include "core/log.h"
#include "http/challenge.h"
#include "net/listen.h"

namespace mullion::channel::testing {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class FakeVerifier final : public BasicVerifier {
public:
    net::Task<Result<auth::Identity>> verify(std::string token, LogonAttempt& /*attempt*/) override {
        ++verified;
        if (busy) co_return Error(ErrorId::http_busy, "queue");
        if (token == "alice:word") co_return auth::Identity("alice", auth::Transport::basic, true, "nobody");
        if (token == "bob:word") co_return auth::Identity("bob", auth::Transport::basic, true, "nobody");
        co_return Error(ErrorId::auth_rejected, "wrong");
    }
    std::string fingerprint(std::string_view token) const override { return "#" + std::string(token); }
    int verified = 0;
    bool busy = false;
};

class ChannelFixture : public ::testing::Test {
protected:
    ChannelFixture() {
        auto listener = net::listen(context_.get_executor(), "127.0.0.1", 0);
        EXPECT_TRUE(listener.ok());
        listener_ = std::move(listener).value();
        asio::co_spawn(context_, accept_all(), asio::detached);
        handler_ = [this](Incoming incoming) -> net::Task<Outgoing> {
            std::string who = "nobody";
            if (incoming.identity) who = incoming.identity->user();
            heard_.push_back(who + (incoming.sealed ? " sealed " : " clear ") + incoming.body);
            Outgoing answer{200, "application/soap+xml;charset=UTF-8", "<re>" + incoming.body + "</re>"};
            co_return answer;
        };
    }

    net::Task<void> accept_all() {
        while (true) {
            auto accepted = co_await listener_->accept();
            if (!accepted.ok()) co_return;
            auto connection = std::move(accepted).value();
            asio::co_spawn(context_, serve(std::move(connection)), asio::detached);
        }
    }

    net::Task<void> serve(net::Listener::Accepted accepted) {
        const auto deadline = std::chrono::steady_clock::now() + 5s;
        auto stream = co_await net::adopt(context_.get_executor(), std::move(accepted), nullptr, deadline);
        if (!stream.ok()) co_return;
        ++connections_;
        live_.insert(stream.value().get());
        ServerParts parts{
            pool_,
            verifier_,
            [](Handshake, const auth::ChannelBinding&) { return std::make_unique<FakeAcceptor>(); },
            handler_,
            null_logger(),
            watch_};
        parts.doorkeeper = doorkeeper_;
        co_await serve_connection(*stream.value(), server_, std::move(parts));
        live_.erase(stream.value().get());
    }

    // Runs a coroutine to its end, together with the server.
    template <class T>
    T complete(net::Task<T> task) {
        std::optional<T> result;
        auto wrapper = [&result](net::Task<T> inner) -> net::Task<void> {
            result.emplace(co_await std::move(inner));
        };
        asio::co_spawn(context_, wrapper(std::move(task)), asio::detached);
        while (!result) context_.run_one();
        return std::move(*result);
    }

    static net::Task<Result<std::unique_ptr<auth::Initiator>>> make_fake(std::string word, LogonPlan plan) {
        std::unique_ptr<auth::Initiator> made;
        if (plan.transport == auth::Transport::basic)
            made = std::make_unique<FakeBasic>("alice:" + word);
        else if (plan.transport == auth::Transport::negotiate)
            made = std::make_unique<ShortInitiator>(word);
        else
            made = std::make_unique<FakeInitiator>(word);
        co_return made;
    }

    std::unique_ptr<ClientConnection> client(std::vector<auth::Transport> transports,
                                             std::string word = "word") {
        client_.endpoint = {"127.0.0.1", listener_->port(), nullptr, {}};
        client_.host_field = "host";
        client_.transports = std::move(transports);
        MakeInitiator make = [word](LogonPlan plan) { return make_fake(word, std::move(plan)); };
        return std::make_unique<ClientConnection>(context_.get_executor(), pool_, client_, make);
    }

    Result<Answer> exchange(ClientConnection& connection, std::string body) {
        return complete(connection.exchange(std::move(body), std::chrono::steady_clock::now() + 10s));
    }

    // Sends bytes as they are and gives what comes back until the server closes.
    std::string raw(std::string bytes) {
        auto talk = [this](std::string request) -> net::Task<std::string> {
            net::Endpoint endpoint{"127.0.0.1", listener_->port(), nullptr, {}};
            const auto deadline = std::chrono::steady_clock::now() + 5s;
            auto stream = co_await net::connect(context_.get_executor(), pool_, endpoint, deadline);
            if (!stream.ok()) co_return "no connection";
            stream.value()->expires_at(deadline);
            [[maybe_unused]] const auto written = co_await stream.value()->write(request);
            std::string answer;
            std::array<char, 4096> buffer{};
            while (true) {
                auto got = co_await stream.value()->read_some(buffer);
                if (!got.ok() || *got == 0) co_return answer;
                answer.append(buffer.data(), *got);
            }
        };
        return complete(talk(std::move(bytes)));
    }

    asio::io_context context_;
    net::WorkerPool pool_{2};
    FakeVerifier verifier_;
    std::unique_ptr<net::Listener> listener_;
    ServerSettings server_;
    ConnectionWatch* watch_ = nullptr;
    Doorkeeper* doorkeeper_ = nullptr;
    ClientSettings client_;
    Handler handler_;
    std::vector<std::string> heard_;
    std::set<net::Stream*> live_;
    int connections_ = 0;
};

}  // namespace mullion::channel::testing
