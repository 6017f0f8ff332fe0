// Questions over real connections, to a host in memory.
#include "checks/asking.h"

#include <gtest/gtest.h>

#include "checks/look.h"
#include "client/cim.h"
#include "client/tests/loopback_service.h"
#include "encoding/base64.h"
#include "wsman/fault.h"

namespace mullion::checks {
namespace {

using client::testing::Trouble;

class AskingTest : public ::testing::Test {
protected:
    AskingTest() {
        auto made = client::Session::make(runtime, service.target(), service.credential());
        EXPECT_TRUE(made.ok());
        session = std::move(made).value();
    }
    std::vector<Answer> ask(std::vector<Ask> questions, AfterError after = AfterError::stop) {
        return Asking(*session, system_clock()).ask(std::move(questions), after);
    }
    client::testing::FakeHost& host() { return service.host(); }
    int count(const std::string& verb) {
        return static_cast<int>(std::count_if(host().cim.seen.begin(), host().cim.seen.end(),
                                              [&](const auto& one) { return one.starts_with(verb); }));
    }

    client::testing::LoopbackService service;
    client::Runtime runtime;
    std::unique_ptr<client::Session> session;
};

const Query services{"SELECT Name FROM Win32_Service"};

TEST_F(AskingTest, ARowIsWhatTheHostSent) {
    host().cim.add_rows(250);
    const auto answers = ask({services});
    ASSERT_EQ(answers.size(), 1U);
    const auto* const rows = std::get_if<Rows>(&answers[0].of);
    ASSERT_NE(rows, nullptr) << answers[0].error()->message();
    ASSERT_EQ(rows->size(), 250U);
    EXPECT_EQ(rows->back().find("name")->values[0].text, "row249");
    EXPECT_EQ(host().cim.query, services.wql);
}

TEST_F(AskingTest, AllIsAskedOnOneConnectionInOrder) {
    host().cim.add_rows(2);
    host().cim.result.return_value = wsman::cim::Value(wsman::cim::Scalar(std::uint64_t{3}));
    host().script.output = {{"stdout", "hello\r\n"}, {"stderr", "oh"}};
    host().script.exit_code = 7;
    const Call call{client::cim_object("Win32_Service", {{"Name", "a"}}), "StopService"};
    const auto answers = ask({services, call, Command{"hostname"}, Identification{}, services});
    ASSERT_EQ(answers.size(), 5U);
    for (const auto& answer : answers) ASSERT_EQ(answer.error(), nullptr) << answer.error()->message();
    EXPECT_EQ(std::get<Rows>(answers[0].of).size(), 2U);
    EXPECT_EQ(std::get<wsman::cim::MethodResult>(answers[1].of).return_value.text, "3");
    const auto& output = std::get<CommandOutput>(answers[2].of);
    EXPECT_EQ(output.exit_code, 7U);
    EXPECT_EQ(output.out, "hello\r\n");
    EXPECT_EQ(output.err, "oh");
    EXPECT_EQ(host().ran.command, "hostname");
    EXPECT_FALSE(std::get<Identified>(answers[3].of).identity.product_vendor.empty());
    EXPECT_EQ(std::get<Rows>(answers[4].of).size(), 2U);
    (void)session->finish();
    EXPECT_EQ(host().shells.size(), 0U);
}

TEST_F(AskingTest, NoQuestionsAreNoAnswers) {
    EXPECT_TRUE(ask({}).empty());
    EXPECT_EQ(service.connections, 0);
}

TEST_F(AskingTest, AFaultInALaterPullIsTheAnswerAndNotHalfOfTheRows) {
    host().cim.add_rows(250);
    host().troubles["Pull"] = {{}, {Trouble::fault, wsman::code::internal_error}};
    const auto answers = ask({services});
    ASSERT_NE(answers[0].error(), nullptr);
    EXPECT_EQ(answers[0].error()->wsman_code, wsman::code::internal_error);
    EXPECT_NE(answers[0].error()->detail.find("; the answer was cut off after 200 rows, which do not count"),
              std::string::npos)
        << answers[0].error()->detail;
}

TEST_F(AskingTest, AfterAnErrorNothingMoreIsAsked) {
    host().troubles["Enumerate"] = {{Trouble::fault, wsman::code::access_denied}};
    const auto answers = ask({services, services, Command{"hostname"}});
    ASSERT_EQ(answers.size(), 3U);
    for (const auto& answer : answers) {
        ASSERT_NE(answer.error(), nullptr);
        EXPECT_EQ(answer.error()->id, ErrorId::wsman_access_denied);
    }
    EXPECT_EQ(count("Enumerate"), 0);
    EXPECT_EQ(host().count("Create"), 0);
}

TEST_F(AskingTest, WhoTakesErrorsIsAnsweredTheRest) {
    host().cim.add_rows(1);
    host().troubles["Enumerate"] = {{Trouble::fault, wsman::code::access_denied}};
    const auto answers = ask({services, services}, AfterError::go_on);
    EXPECT_NE(answers[0].error(), nullptr);
    EXPECT_EQ(answers[1].error(), nullptr);
}

TEST_F(AskingTest, AHostThatRefusesTheLogonIsNotAskedAgain) {
    auto refused = client::Session::make(runtime, service.target(), service.credential(0, "wrong"));
    ASSERT_TRUE(refused.ok());
    const auto answers =
        Asking(**refused, system_clock()).ask({services, services, services}, AfterError::go_on);
    for (const auto& answer : answers) {
        ASSERT_NE(answer.error(), nullptr);
        EXPECT_EQ(answer.error()->id, ErrorId::auth_rejected);
    }
    EXPECT_EQ(host().seen.size(), 0U);
}

TEST_F(AskingTest, MoreRowsThanTheLimitAreNone) {
    host().cim.add_rows(250);
    for (const auto& limits : {AskLimits{.rows = 120}, AskLimits{.row_bytes = 2000}}) {
        const auto answers = Asking(*session, system_clock(), {}, limits).ask({services});
        ASSERT_NE(answers[0].error(), nullptr);
        EXPECT_EQ(answers[0].error()->id, ErrorId::http_too_large);
        EXPECT_NE(answers[0].error()->detail.find(services.wql), std::string::npos);
        (void)session->finish();
        EXPECT_TRUE(host().cim.kept.empty());  // What was not read is released.
    }
    EXPECT_EQ(Asking(*session, system_clock(), {}, {.rows = 250}).ask({services})[0].error(), nullptr);
}

TEST_F(AskingTest, MoreOutputThanTheLimitEndsTheCommand) {
    host().script.output = {{"stdout", std::string(600, 'a')}, {"stdout", std::string(600, 'b')}};
    host().script.runs_for_ever = true;
    const auto answers = Asking(*session, system_clock(), {}, {.output = 1000}).ask({Command{"type big"}});
    ASSERT_NE(answers[0].error(), nullptr);
    EXPECT_EQ(answers[0].error()->id, ErrorId::http_too_large);
    (void)session->finish();
    EXPECT_EQ(host().shells.size(), 0U);
}

TEST_F(AskingTest, PowershellIsEncodedAndItsErrorsArePlain) {
    host().script.output = {
        {"stderr",
         "#< CLIXML\r\n<Objs xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><S "
         "S=\"Error\">no</S></Objs>"}};
    auto answers = ask({Command{"Get-Date", true}});
    ASSERT_EQ(answers[0].error(), nullptr);
    EXPECT_EQ(std::get<CommandOutput>(answers[0].of).err, "no");
    EXPECT_TRUE(host().ran.command.starts_with("powershell -NoProfile -NonInteractive -EncodedCommand "));
}

TEST_F(AskingTest, ALongScriptArrivesWhole) {
    const std::string script(10'000, 'x');
    host().script.reads_input = true;
    const auto answers = ask({Command{script, true}});
    ASSERT_EQ(answers[0].error(), nullptr) << answers[0].error()->message();
    EXPECT_EQ(encoding::base64_decode(host().input), script);
    EXPECT_TRUE(host().input_ended);
}

TEST_F(AskingTest, TheClockIsOfAllThatIsAsked) {
    ManualClock clock;
    host().cim.add_rows(1);
    Asking asking(*session, clock, Duration(5000));
    EXPECT_EQ(asking.ask({services})[0].error(), nullptr);
    clock.advance(Duration(5000));
    const auto late = asking.ask({services});
    ASSERT_NE(late[0].error(), nullptr);
    EXPECT_EQ(late[0].error()->id, ErrorId::run_timeout);
    EXPECT_EQ(count("Enumerate"), 1);
}

TEST_F(AskingTest, AHostThatBringsNothingIsGivenUp) {
    host().cim.endless = true;
    Asking asking(*session, system_clock(), Duration(60'000));
    const auto answers = asking.ask({services});
    ASSERT_NE(answers[0].error(), nullptr);
    EXPECT_EQ(answers[0].error()->id, ErrorId::wsman_malformed);
}

// ---- a mode's look ----

class TwoRounds final : public Mode {
public:
    Result<void> prepare(const Setting&) override { return {}; }
    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        rounds.push_back(so_far.size());
        if (so_far.empty()) return {services, services};
        if (so_far.size() == 2 || endless) return {services};
        return {};
    }
    Result<void> judge(const Setting&, std::span<const Answer> answers, Samples& samples,
                       Report& report) override {
        for (const auto& answer : answers) errors += answer.error() == nullptr ? 0 : 1;
        samples.now.values["rows"] = "1";
        report.say(Status::ok, "seen");
        if (wrong) return Error(ErrorId::usage_invalid, "no such filter");
        return {};
    }
    bool takes_errors() const override { return takes; }

    std::vector<std::size_t> rounds;
    int errors = 0;
    bool takes = false, endless = false, wrong = false;
};

class LookTest : public AskingTest {
protected:
    Result<Report> look_at() {
        Asking asking(*session, clock);
        return look(mode, {words, "web01", 5985, clock}, asking, samples);
    }
    Words words;
    ManualClock clock;
    TwoRounds mode;
    Samples samples;
};

TEST_F(LookTest, AsksInRoundsAndJudgesAllOfThem) {
    const auto report = look_at();
    ASSERT_TRUE(report.ok()) << report.error().message();
    EXPECT_EQ(report->texts[0].text, "seen");
    EXPECT_EQ(mode.rounds, (std::vector<std::size_t>{0, 2, 3}));
    EXPECT_EQ(samples.now.values.at("rows"), "1");
    EXPECT_EQ(samples.now.at,
              std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count());
}

TEST_F(LookTest, AnErrorIsTheHostsAndIsNotJudged) {
    host().troubles["Enumerate"] = {{}, {Trouble::fault, wsman::code::access_denied}};
    const auto report = look_at();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().id, ErrorId::wsman_access_denied);
    EXPECT_FALSE(report.error().host.empty());
    EXPECT_TRUE(samples.now.values.empty());
}

TEST_F(LookTest, AModeThatTakesErrorsJudgesThem) {
    mode.takes = true;
    host().troubles["Enumerate"] = {{}, {Trouble::fault, wsman::code::access_denied}};
    EXPECT_TRUE(look_at().ok());
    EXPECT_EQ(mode.errors, 1);
}

TEST_F(LookTest, AModeThatAsksWithoutEndIsStopped) {
    mode.endless = true;
    const auto report = look_at();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().id, ErrorId::internal_failure);
}

TEST_F(LookTest, AJudgementMayBeAnError) {
    mode.wrong = true;
    EXPECT_EQ(look_at().error().id, ErrorId::usage_invalid);
}

}  // namespace
}  // namespace mullion::checks
