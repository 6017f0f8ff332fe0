// The public library over loopback: real connections, a host in memory behind them.
#include <gtest/gtest.h>

#include "client/client.h"
#include "client/tests/loopback_service.h"

namespace mullion::client {
namespace {

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
        auto made = Session::make(runtime, service.target(), service.credential(0, password));
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }

    testing::LoopbackService service;
    Runtime runtime;
    Collected sink;
};

TEST_F(SessionTest, RunsCommandsOneAfterTheOtherOnOneConnection) {
    service.host().script.output = {{"stdout", "out"}};
    service.host().script.exit_code = 3;
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
    EXPECT_TRUE(service.host().shells.empty());
}

TEST_F(SessionTest, SendsInputOnASecondConnectionWhileAReceiveIsHeld) {
    service.host().script.reads_input = true;
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
    service.host().script.runs_for_ever = true;
    const auto one = session();
    service.on_request = [&](const std::string& request) {
        if (request.find("shell/Receive") != std::string::npos) one->interrupt();
    };
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.error->id, ErrorId::run_interrupted);
    EXPECT_TRUE(one->finish().empty());
    EXPECT_TRUE(service.host().shells.empty());
}

TEST_F(SessionTest, AnInterruptionBeforeTheRunIsNotLost) {
    service.host().script.runs_for_ever = true;
    const auto one = session();
    one->interrupt();
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.error->id, ErrorId::run_interrupted);
    EXPECT_EQ(outcome.status, Status::not_started);
    service.host().script.runs_for_ever = false;
    EXPECT_EQ(one->run({.command = "x"}, sink).status, Status::ok) << "it counts for one run";
}

TEST_F(SessionTest, TimesOutOnTheClock) {
    service.host().script.runs_for_ever = true;
    const auto one = session();
    RunOptions options;
    options.command = "x";
    options.timeout = Duration(100);
    EXPECT_EQ(one->run(options, sink).status, Status::timed_out);
    EXPECT_TRUE(one->finish().empty());
    EXPECT_TRUE(service.host().shells.empty());
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
    options.transports = {"kerberos"};  // Whose user has no realm.
    EXPECT_EQ(refusal("https://h", options), ErrorId::auth_local_account);
    options.transports = {};
    options.ca_file = "/nonexistent/ca.pem";
    EXPECT_EQ(refusal("https://h", options), ErrorId::tls_files);
}

}  // namespace
}  // namespace mullion::client
