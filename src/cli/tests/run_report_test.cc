#include "cli/run_report.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/ping_report.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::json;

class NamedHosts final : public Hosts {
public:
    explicit NamedHosts(std::vector<std::string> names) : names_(std::move(names)) {}
    std::size_t count() const override { return names_.size(); }
    std::string name(std::size_t host) const override { return names_[host]; }
    Result<inventory::Plan> plan(std::size_t /*host*/) override { return inventory::Plan(inventory::Skip{}); }

private:
    std::vector<std::string> names_;
};

client::RunOutcome ended(std::uint32_t code) {
    client::RunOutcome outcome;
    outcome.status = code == 0 ? Status::ok : Status::failed;
    outcome.exit_code = code;
    return outcome;
}

template <class Outcome>
Outcome with(ErrorId id) {
    Outcome outcome;
    outcome.status = row(id).status;
    outcome.error = Error(id, "detail");
    return outcome;
}

// A report whose two streams are files.
class ReportTest : public ::testing::Test {
protected:
    explicit ReportTest(std::vector<std::string> names = {"web01", "web02", "web03"})
        : hosts(std::move(names)), state(hosts.count()) {}
    ~ReportTest() override {
        for (const auto* kind : {"out", "err"}) ::unlink(path(kind).c_str());
    }
    static std::string path(const std::string& kind) {
        return ::testing::TempDir() + "mullion-report-" + std::to_string(::getpid()) + "-" + kind;
    }
    static int open(const std::string& kind) {
        return ::open(path(kind).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    }
    static std::string text_of(const std::string& kind) {
        std::ostringstream text;
        text << std::ifstream(path(kind), std::ios::binary).rdbuf();
        return text.str();
    }
    std::string output() {
        writer.finish();
        return text_of("out");
    }
    std::string errors() {
        writer.finish();
        return text_of("err");
    }

    NamedHosts hosts;
    FleetState state;
    Writer writer{{open("out"), open("err")}};
};

class OneHostTest : public ReportTest {
protected:
    OneHostTest() : ReportTest({"web01"}) {}
};

constexpr auto out = client::Stream::standard_output;
constexpr auto err = client::Stream::standard_error;

TEST_F(ReportTest, TextOfSeveralHostsIsWholeLinesThenWhatWentWrong) {
    RunReport report(hosts, state, writer, {});
    auto& one = report.start(0);
    auto& two = report.start(1);
    one.on_output(out, "a");
    two.on_output(out, "1\n2");
    one.on_output(out, "b\nc");
    one.on_output(err, "oops\n");
    report.on_result(1, ended(0));
    report.on_result(0, ended(3));
    report.on_result(2,
                     with<client::RunOutcome>(ErrorId::net_refused));  // Its turn came, and it had no sink.
    report.on_late(0, Error(ErrorId::run_shell_left, ""));
    report.finish(Duration(1500));
    EXPECT_EQ(output(), "web02 | 1\nweb01 | ab\nweb02 | 2\nweb01 | c\n");
    const auto text = errors();
    EXPECT_EQ(
        text.find("web01 | oops\nweb01: exit 3 in 0.0 s\nweb03: unreachable in 0.0 s: the connection was "
                  "refused: detail [net.refused]\nweb01: the shell could not be confirmed closed"),
        0U)
        << text;
    EXPECT_NE(text.find("\n3 hosts: 1 ok, 1 failed, 1 unreachable in 1.5 s\n"), std::string::npos) << text;
}

TEST_F(OneHostTest, TextOfOneHostIsItsOwnBytes) {
    RunReport report(hosts, state, writer, {});
    auto& one = report.start(0);
    one.on_output(out, "no line end");
    report.on_result(0, ended(3));
    report.finish(Duration(0));
    EXPECT_EQ(output(), "no line end");
    EXPECT_EQ(errors(), "web01: exit 3 in 0.0 s\n");
}

client::RunOutcome with_hint() {
    auto outcome = ended(3);
    outcome.hints = {ErrorId::run_dpapi};
    return outcome;
}

TEST_F(OneHostTest, AHintStandsBelowTheResult) {
    RunReport report(hosts, state, writer, {});
    (void)report.start(0);
    report.on_result(0, with_hint());
    report.finish(Duration(0));
    const auto text = errors();
    const std::string begin = "web01: exit 3 in 0.0 s\nhint: " + std::string(row(ErrorId::run_dpapi).text);
    EXPECT_EQ(text.find(begin + " [run.dpapi]\n  likely:"), 0U) << text;
    EXPECT_NE(text.find("\n  next:    " + std::string(row(ErrorId::run_dpapi).advice[0]).substr(0, 30)),
              std::string::npos)
        << text;
}

TEST_F(ReportTest, OfSeveralHostsTheAdviceIsSaidOnce) {
    RunReport report(hosts, state, writer, {});
    for (std::size_t host = 0; host < 3; ++host) {
        (void)report.start(host);
        report.on_result(host, host == 2 ? ended(0) : with_hint());
    }
    report.finish(Duration(0));
    const auto text = errors();
    EXPECT_NE(text.find("web02: the command uses DPAPI"), std::string::npos) << text;
    EXPECT_EQ(text.find("web03"), std::string::npos) << text;
    EXPECT_NE(text.find("[run.dpapi] of 2 hosts"), std::string::npos) << text;
    const auto advice = std::string(row(ErrorId::run_dpapi).advice[0]).substr(0, 30);
    EXPECT_EQ(text.find(advice), text.rfind(advice));
}

TEST_F(ReportTest, LinesOfJsonAreOneForEachHost) {
    RunReport::Options options;
    options.format = Format::jsonl;
    options.output_limit = 3;
    RunReport report(hosts, state, writer, options);
    report.start(0).on_output(out, "abcdef");
    report.on_result(0, with_hint());
    report.on_result(2, with<client::RunOutcome>(ErrorId::run_not_started));
    client::RunOutcome skipped;
    skipped.status = Status::skipped;
    skipped.reason = "ssh";
    report.on_result(1, skipped);
    report.finish(Duration(0));
    std::istringstream lines(output());
    std::vector<Json> objects;
    for (std::string line; std::getline(lines, line);) objects.push_back(Json::parse(line));
    ASSERT_EQ(objects.size(), 3U);
    EXPECT_EQ(objects[0]["stdout"], "abc");
    EXPECT_EQ(objects[0]["truncated"], true);
    EXPECT_EQ(objects[0]["hints"][0]["id"], "run.dpapi");
    EXPECT_EQ(objects[0]["hints"][0]["advice"].size(), row(ErrorId::run_dpapi).advice.size());
    EXPECT_FALSE(objects[1].contains("hints"));
    EXPECT_EQ(objects[1]["error"]["id"], "run.not_started");
    EXPECT_EQ(objects[2]["reason"], "ssh");
    EXPECT_EQ(errors(), "");
}

TEST_F(ReportTest, ADocumentOfJsonHoldsAllAndTheirCounts) {
    RunReport::Options options;
    options.format = Format::json;
    RunReport report(hosts, state, writer, options);
    for (std::size_t host = 0; host < 3; ++host) {
        report.start(host).on_output(err, "x");
        report.on_result(host, ended(host == 1 ? 1 : 0));
    }
    report.finish(Duration(0));
    const auto document = Json::parse(output());
    EXPECT_EQ(document["hosts"].size(), 3U);
    EXPECT_EQ(document["summary"]["failed"], 1);
}

TEST_F(ReportTest, PingTellsWhoAnsweredAndWhoDidNot) {
    PingReport report(hosts, state, writer, Format::text);
    client::PingOutcome good;
    good.status = Status::ok;
    good.vendor = "Microsoft Corporation";
    good.version = "OS: 10.0";
    good.transport = "ntlm";
    report.on_ping(1, good);
    report.on_ping(0, with<client::PingOutcome>(ErrorId::auth_rejected));
    report.on_ping(2, with<client::PingOutcome>(ErrorId::run_not_started));
    report.finish(Duration(0));
    EXPECT_EQ(output(), "web02: Microsoft Corporation OS: 10.0, by ntlm, in 0.0 s\n");
    const auto text = errors();
    EXPECT_EQ(
        text.find("web01: refused in 0.0 s: the host rejected the credentials: detail [auth.rejected]\n"), 0U)
        << text;
    EXPECT_NE(text.find("\nnot started: web03\n3 hosts: 1 ok, 1 refused, 1 not started in 0.0 s\n"),
              std::string::npos)
        << text;
}

TEST_F(ReportTest, PingInJsonIsADocumentToo) {
    PingReport report(hosts, state, writer, Format::json);
    for (std::size_t host = 0; host < 3; ++host)
        report.on_ping(host, with<client::PingOutcome>(ErrorId::net_timeout));
    report.finish(Duration(0));
    EXPECT_EQ(Json::parse(output())["summary"]["unreachable"], 3);
}

}  // namespace
}  // namespace mullion::cli
