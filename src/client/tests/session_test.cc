// The public library over loopback: real connections, a host in memory behind them.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <thread>

#include "channel/server_connection.h"
#include "client/client.h"
#include "client/tests/fake_host.h"
#include "core/log.h"
#include "net/listen.h"

namespace mullion::client {
namespace {

using namespace std::chrono_literals;

class OnePassword final : public channel::BasicVerifier {
public:
    net::Task<Result<auth::Identity>> verify(std::string token) override {
        if (token == "ann:right") co_return auth::Identity("ann", auth::Transport::basic, true, "nobody");
        co_return Error(ErrorId::auth_rejected, "wrong");
    }
    std::string fingerprint(std::string_view token) const override { return std::string(token); }
};

// A service on a thread of its own, on a port of the kernel's choice.
class Service {
public:
    Service() {
        listener_ = std::move(net::listen(io_.get_executor(), "127.0.0.1", 0)).value();
        boost::asio::co_spawn(io_, accept_all(), boost::asio::detached);
        thread_ = std::thread([this] { io_.run(); });
    }
    ~Service() {
        io_.stop();
        thread_.join();
    }
    [[nodiscard]] std::string url() const {
        return "http://ann@127.0.0.1:" + std::to_string(listener_->port());
    }

private:
    boost::asio::io_context io_{1};

public:
    RealTime time{io_.get_executor()};
    testing::FakeHost host{time};
    std::atomic<int> connections = 0;
    std::function<void()> on_receive;

private:
    net::Task<void> accept_all() {
        for (;;) {
            auto accepted = co_await listener_->accept();
            if (!accepted.ok()) co_return;
            ++connections;
            boost::asio::co_spawn(io_, serve(std::move(accepted).value()), boost::asio::detached);
        }
    }

    net::Task<void> serve(net::Listener::Accepted accepted) {
        const auto deadline = time.now() + 5s;
        auto stream = co_await net::adopt(io_.get_executor(), accepted, nullptr, deadline);
        if (!stream.ok()) co_return;
        channel::ServerSettings settings;
        settings.basic = settings.allow_unencrypted = true;
        settings.negotiate = false;
        channel::ServerParts parts{pool_,
                                   verifier_,
                                   {},
                                   [this](channel::Incoming in) { return handle(std::move(in)); },
                                   null_logger()};
        co_await channel::serve_connection(*stream.value(), settings, std::move(parts));
    }

    net::Task<channel::Outgoing> handle(channel::Incoming incoming) {
        if (on_receive && incoming.body.find("shell/Receive") != std::string::npos) on_receive();
        Alarm closed;
        auto body = co_await host.answer(std::move(incoming.body), never, closed);
        const int status = body.find("Fault>") == std::string::npos ? 200 : 500;
        co_return channel::Outgoing{status, "application/soap+xml;charset=UTF-8", std::move(body)};
    }

    net::WorkerPool pool_{1};
    OnePassword verifier_;
    std::unique_ptr<net::Listener> listener_;
    std::thread thread_;
};

class Collected final : public OutputSink {
public:
    void on_output(Stream, std::string_view bytes) override { output += bytes; }
    std::string output;
};

class Repeated final : public InputSource {
public:
    explicit Repeated(std::size_t size) : left_(size) {}
    Result<std::string> next(std::size_t at_most) override {
        const auto size = std::min(at_most, left_);
        left_ -= size;
        return std::string(size, 'i');
    }
    void cancel() override {}

private:
    std::size_t left_;
};

class SessionTest : public ::testing::Test {
protected:
    std::unique_ptr<Session> session(const std::string& password = "right") {
        target::Target options;
        options.transports = {"basic"};
        options.allow_unencrypted = true;
        auto target = target::parse_target(service.url(), options);
        auto made = Session::make(runtime, std::move(target).value(), {"ann", Secret(password)});
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }

    Service service;
    Runtime runtime;
    Collected sink;
};

TEST_F(SessionTest, RunsCommandsOneAfterTheOtherOnOneConnection) {
    service.host.script.output = {{"stdout", "out"}};
    service.host.script.exit_code = 3;
    const auto one = session();
    for (int i = 0; i < 3; ++i) {
        const auto outcome = one->run({.command = "x"}, sink);
        EXPECT_EQ(outcome.status, Status::failed);
        EXPECT_EQ(outcome.exit_code, 3U);
        EXPECT_EQ(outcome.round_trips, 4U);  // Create, Command, two Receives: Basic needs no more.
    }
    EXPECT_EQ(sink.output, "outoutout");
    EXPECT_TRUE(one->finish().empty());
    EXPECT_EQ(service.connections, 1);
    EXPECT_TRUE(service.host.shells.empty());
}

TEST_F(SessionTest, SendsInputOnASecondConnectionWhileAReceiveIsHeld) {
    service.host.script.reads_input = true;
    const auto one = session();
    Repeated input(1'000'000);
    RunOptions options;
    options.command = "sort";
    options.input = &input;
    EXPECT_EQ(one->run(options, sink).status, Status::ok);
    EXPECT_EQ(sink.output, std::string(1'000'000, 'i'));
    EXPECT_TRUE(one->finish().empty());
    EXPECT_EQ(service.connections, 2);
}

TEST_F(SessionTest, IsInterruptedFromAnotherThread) {
    service.host.script.runs_for_ever = true;
    const auto one = session();
    service.on_receive = [&] { one->interrupt(); };
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.error->id, ErrorId::run_interrupted);
    EXPECT_TRUE(one->finish().empty());
    EXPECT_TRUE(service.host.shells.empty());
}

TEST_F(SessionTest, AnInterruptionBeforeTheRunIsNotLost) {
    service.host.script.runs_for_ever = true;
    const auto one = session();
    one->interrupt();
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.error->id, ErrorId::run_interrupted);
    EXPECT_EQ(outcome.status, Status::not_started);
    service.host.script.runs_for_ever = false;
    EXPECT_EQ(one->run({.command = "x"}, sink).status, Status::ok) << "it counts for one run";
}

TEST_F(SessionTest, TimesOutOnTheClock) {
    service.host.script.runs_for_ever = true;
    const auto one = session();
    RunOptions options;
    options.command = "x";
    options.timeout = Duration(100);
    EXPECT_EQ(one->run(options, sink).status, Status::timed_out);
    EXPECT_TRUE(one->finish().empty());
    EXPECT_TRUE(service.host.shells.empty());
}

TEST_F(SessionTest, PingsAndSaysHowItLoggedOn) {
    const auto outcome = session()->ping();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_EQ(outcome.vendor, "Fake");
    EXPECT_EQ(outcome.transport, "basic");
    EXPECT_FALSE(outcome.sealed);
}

TEST_F(SessionTest, SaysWhatAWrongPasswordMeans) {
    const auto one = session("wrong");
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.status, Status::refused);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->id, ErrorId::auth_rejected);
    EXPECT_EQ(outcome.error->http_status, 401);
    EXPECT_FALSE(outcome.error->offered.empty());
    EXPECT_NE(outcome.error->tried.find("basic"), std::string::npos) << outcome.error->tried;
    EXPECT_EQ(outcome.error->step, "log on");
    EXPECT_TRUE(one->finish().empty());
    EXPECT_EQ(one->ping().error->id, ErrorId::auth_rejected);
}

ErrorId refusal(std::string_view url, const target::Target& options, std::string_view password = "p") {
    Runtime runtime({.worker_threads = 1});
    auto target = target::parse_target(url, options);
    auto made = Session::make(runtime, std::move(target).value(), {"ann", Secret(password)});
    if (made.ok()) ADD_FAILURE() << "made a session for " << url;
    return made.ok() ? ErrorId::usage_invalid : made.error().id;
}

TEST(SessionMake, RefusesWhatWouldTravelInClear) {
    target::Target options;
    options.transports = {"basic"};
    EXPECT_EQ(refusal("http://h", options), ErrorId::auth_plaintext);
    options.transports = {"ntlm"};
    options.message_encryption = target::MessageEncryption::never;
    EXPECT_EQ(refusal("http://h", options), ErrorId::auth_plaintext);
}

TEST(SessionMake, RefusesWhatCannotWork) {
    EXPECT_EQ(refusal("http://h", {}, ""), ErrorId::auth_credentials);
    target::Target options;
    options.transports = {"kerberos"};
    EXPECT_EQ(refusal("https://h", options), ErrorId::usage_unsupported);
    options.transports = {};
    options.ca_file = "/nonexistent/ca.pem";
    EXPECT_EQ(refusal("https://h", options), ErrorId::tls_files);
}

}  // namespace
}  // namespace mullion::client
