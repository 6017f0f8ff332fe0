// Messages of any kind, and Ctrl-C for a command that goes on.
#include "client/exchange.h"

#include <gtest/gtest.h>

#include "client/tests/loopback_service.h"
#include "wsman/fault.h"
#include "wsman/identify.h"
#include "wsman/shell.h"
#include "wsman/transfer.h"

namespace mullion::client {
namespace {

class NoOutput final : public OutputSink {
public:
    void on_output(Stream, std::string_view) override {}
};

class ExchangeTest : public ::testing::Test {
protected:
    std::unique_ptr<Session> session(const std::string& password = "right") {
        auto made = Session::make(runtime, service.target(), service.credential(0, password));
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    // Of a shell that is not there.
    static ExchangeOptions removal() {
        ExchangeOptions options;
        options.step = "delete";
        options.write = [](const wsman::RequestSettings& settings, const std::string& id) {
            return Result<std::string>(wsman::write_delete(settings, id, "NONE"));
        };
        return options;
    }

    testing::LoopbackService service;
    Runtime runtime;
    NoOutput sink;
};

TEST_F(ExchangeTest, GivesTheAnswer) {
    ExchangeOptions options;
    options.step = "identify";
    options.identify = options.repeatable = true;
    options.write = [](const wsman::RequestSettings&, const std::string& id) {
        EXPECT_EQ(id, "");
        return Result<std::string>(wsman::write_identify());
    };
    const auto outcome = session()->exchange(options);
    EXPECT_EQ(outcome.status, Status::ok);
    ASSERT_TRUE(outcome.answer);
    EXPECT_EQ(wsman::read_identify_response(*outcome.answer).value().product_vendor, "Fake");
}

TEST_F(ExchangeTest, GivesAFaultBesideItsError) {
    const auto outcome = session()->exchange(removal());
    ASSERT_TRUE(outcome.error && outcome.answer);
    EXPECT_EQ(outcome.error->id, ErrorId::wsman_shell_gone);
    EXPECT_EQ(outcome.error->step, "delete");
    EXPECT_EQ(wsman::read_fault(*outcome.answer).value().code, wsman::code::unexpected_selectors);
}

TEST_F(ExchangeTest, SpeaksUtf16WhereItIsAsked) {
    std::string heard;
    service.on_request = [&](const std::string& request) { heard = request; };
    const auto one = session();
    auto options = removal();
    options.utf16 = true;
    EXPECT_TRUE(one->exchange(options).answer);
    EXPECT_TRUE(heard.starts_with("\xFF\xFE"));
    EXPECT_TRUE(one->exchange(removal()).answer);
    EXPECT_TRUE(heard.starts_with("<"));
    EXPECT_EQ(service.connections, 1);
}

TEST_F(ExchangeTest, SendsNothingThatCannotBeWritten) {
    service.on_request = [](const std::string&) { FAIL() << "a request"; };
    auto options = removal();
    options.write = [](const wsman::RequestSettings&, const std::string&) {
        return Result<std::string>(Error(ErrorId::usage_invalid, "no"));
    };
    const auto outcome = session()->exchange(options);
    EXPECT_EQ(outcome.error->id, ErrorId::usage_invalid);
    EXPECT_FALSE(outcome.answer);
}

TEST_F(ExchangeTest, TellsWhatItsWriterThrows) {
    auto options = removal();
    options.write = [](const wsman::RequestSettings&, const std::string&) -> Result<std::string> {
        throw std::runtime_error("thrown");
    };
    const auto one = session();
    EXPECT_EQ(one->exchange(options).error->id, ErrorId::internal_failure);
    EXPECT_TRUE(one->exchange(removal()).answer);  // The next has its turn.
}

TEST_F(ExchangeTest, IsInterrupted) {
    const auto one = session();
    one->interrupt();
    EXPECT_EQ(one->exchange(removal()).error->id, ErrorId::run_interrupted);
}

TEST_F(ExchangeTest, CtrlCIsTheCommandsToHandle) {
    service.host().script.runs_for_ever = true;
    const auto one = session();
    service.on_request = [&](const std::string& request) {
        if (request.find("shell/Receive") != std::string::npos) one->send_ctrl_c();
    };
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_FALSE(outcome.error);
    EXPECT_EQ(outcome.exit_code, 0xC000013AU);
    service.on_request = {};
    EXPECT_TRUE(one->finish().empty());
    EXPECT_TRUE(service.host().shells.empty());
}

TEST_F(ExchangeTest, CtrlCThatTheHostDoesNotTakeEndsTheRun) {
    service.host().script.runs_for_ever = true;
    service.host().troubles["Signal"] = {{testing::Trouble::fault, wsman::code::access_denied}};
    const auto one = session();
    std::atomic<bool> once = false;
    service.on_request = [&](const std::string& request) {
        if (request.find("shell/Receive") != std::string::npos && !once.exchange(true)) one->send_ctrl_c();
    };
    EXPECT_EQ(one->run({.command = "x"}, sink).error->id, ErrorId::run_interrupted);
    EXPECT_TRUE(one->finish().empty());
    EXPECT_TRUE(service.host().shells.empty());
}

TEST_F(ExchangeTest, CtrlCBeforeTheRunIsNotLost) {
    const auto one = session();
    one->send_ctrl_c();
    const auto outcome = one->run({.command = "x"}, sink);
    EXPECT_EQ(outcome.error->id, ErrorId::run_interrupted);
    EXPECT_EQ(outcome.status, Status::not_started);
}

}  // namespace
}  // namespace mullion::client
