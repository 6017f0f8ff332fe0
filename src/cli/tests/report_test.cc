#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/printable.h"
#include "cli/report_json.h"
#include "cli/report_text.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::json;

client::RunOutcome ended(std::uint32_t code) {
    client::RunOutcome outcome;
    outcome.status = code == 0 ? Status::ok : Status::failed;
    outcome.exit_code = code;
    outcome.duration = Duration(840);
    return outcome;
}

client::RunOutcome rejected() {
    client::RunOutcome outcome;
    Error error(ErrorId::auth_rejected, "HTTP 401");
    error.host = "web01";
    error.step = "log on";
    error.http_status = 401;
    error.offered = {"Negotiate", "Basic realm=\"WSMAN\""};
    error.tried = "ntlm in Negotiate";
    error.advice = {"own advice"};
    outcome.status = error.info().status;
    outcome.error = error;
    return outcome;
}

Json object_of(const client::RunOutcome& outcome, std::string_view output, std::string_view errors = {},
               std::size_t limit = 100) {
    Captured out(limit), err(limit);
    out.add(output);
    err.add(errors);
    return Json::parse(run_object("web01", outcome, out, err));
}

TEST(RunObject, HasExactlyTheFieldsOfSchemaOne) {
    const auto object = object_of(ended(3), "out\n", "err\n");
    EXPECT_EQ(
        object,
        Json::parse(R"({"host":"web01","status":"failed","exit_code":3,"stdout":"out\n","stderr":"err\n",
                                      "duration_ms":840,"output_complete":true,"error":null})"));
}

TEST(RunObject, KeepsTheExitCodeAsSent) {
    EXPECT_EQ(object_of(ended(0xC0000005), "")["exit_code"], 3221225477U);
}

TEST(RunObject, CarriesTheErrorWithWhatIsKnown) {
    const auto object = object_of(rejected(), "");
    EXPECT_EQ(object["status"], "refused");
    EXPECT_TRUE(object["exit_code"].is_null());
    EXPECT_EQ(object["error"]["id"], "auth.rejected");
    EXPECT_EQ(object["error"]["http_status"], 401);
    EXPECT_EQ(object["error"]["offered"].size(), 2U);
    EXPECT_EQ(object["error"]["advice"][0], "own advice");
    EXPECT_FALSE(object["error"].contains("wsman_code"));
}

TEST(RunObject, GivesBytesThatAreNoTextAsBase64) {
    const auto object = object_of(ended(0), "\xff\xfe", "text");
    EXPECT_TRUE(object["stdout"].is_null());
    EXPECT_EQ(object["stdout_base64"], "//4=");
    EXPECT_EQ(object["stderr"], "text");
    EXPECT_FALSE(object.contains("stderr_base64"));
    EXPECT_FALSE(object.contains("truncated"));
}

TEST(RunObject, EscapesWhatATerminalWouldObey) {
    Captured output(100);
    output.add(
        "caf\xc3\xa9 \xc2\x9b"
        "31m\xc2\xa0\x1b");
    const auto object = run_object("h", {}, output, Captured(10));
    EXPECT_EQ(object.find("\xc2\x9b"), std::string::npos);
    EXPECT_NE(object.find("caf\xc3\xa9 \\u009b31m\xc2\xa0\\u001b"), std::string::npos) << object;
}

TEST(RunObject, CutsAtTheLimitAndBetweenCharacters) {
    for (std::size_t limit = 0; limit <= 4; ++limit) {
        const auto object = object_of(ended(0), "a\xe2\x82\xac", {}, limit);
        EXPECT_EQ(object["stdout"], limit == 0 ? "" : limit < 4 ? "a" : "a\xe2\x82\xac") << limit;
        EXPECT_EQ(object.contains("truncated"), limit < 4);
    }
}

TEST(RunObject, SaysWhyAHostWasSkipped) {
    client::RunOutcome outcome;
    outcome.status = Status::skipped;
    outcome.reason = "its connection is ssh";
    Captured none(0);
    const auto object = Json::parse(run_object("web01", outcome, none, none));
    EXPECT_EQ(object["status"], "skipped");
    EXPECT_TRUE(object["error"].is_null());
    EXPECT_EQ(object["reason"], "its connection is ssh");
}

TEST(Document, IsWholeWithAnyNumberOfHosts) {
    for (std::size_t hosts = 0; hosts < 4; ++hosts) {
        Document document;
        Tally tally;
        Captured none(1);
        std::string text;
        for (std::size_t i = 0; i < hosts; ++i) {
            text += document.add(run_object("web01", ended(0), none, none));
            tally.add(Status::ok, std::nullopt);
        }
        text += document.end(tally);
        EXPECT_EQ(text.back(), '\n');
        const auto json = Json::parse(text);
        EXPECT_EQ(json["schema"], 1);
        EXPECT_EQ(json["hosts"].size(), hosts);
        EXPECT_EQ(json["summary"]["total"], hosts);
        EXPECT_EQ(json["summary"]["ok"], hosts);
        EXPECT_EQ(json["summary"]["failed"], 0);
    }
}

TEST(Describe, SaysWhatWasTriedOfferedLikelyAndNext) {
    const auto text = describe(*rejected().error);
    EXPECT_EQ(text.find("web01: log on: the host rejected the credentials: HTTP 401 [auth.rejected]\n"), 0U)
        << text;
    for (const auto* part :
         {"  tried:   ntlm in Negotiate\n", "  offered: Negotiate, Basic realm=\"WSMAN\"\n",
          "  likely:  User name or password is wrong, or ", "  next:    own advice\n"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(Describe, LeavesNoControlCharacterOfTheHost) {
    Error error(ErrorId::wsman_fault,
                "\x1b]0;owned\x07 \xc2\x9b"
                "2J line\nbreak");
    const auto text = describe(error);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\x07'), std::string::npos);
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
    EXPECT_NE(text.find("\\x1b]0;owned\\x07 \\x9b2J line break"), std::string::npos) << text;
}

TEST(Printable, KeepsText) {
    EXPECT_EQ(printable("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
              "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
    EXPECT_EQ(printable("\xff"), "\xef\xbf\xbd");
}

TEST(Summary, IsOneLine) {
    EXPECT_EQ(summary("web01", ended(3)), "web01: exit 3 in 0.8 s\n");
    EXPECT_EQ(summary("web01", rejected()), "web01: refused in 0.0 s\n");
}

TEST(Brief, IsOneLineForOneOfSeveral) {
    EXPECT_EQ(brief("web01", ended(3)), "web01: exit 3 in 0.8 s\n");
    EXPECT_EQ(brief("web01", rejected()),
              "web01: refused in 0.0 s: log on: the host rejected the credentials: HTTP 401 [auth.rejected] "
              "(tried ntlm in Negotiate; offered Negotiate, Basic realm=\"WSMAN\")\n");
    client::RunOutcome unusable;
    unusable.error = Error(ErrorId::inventory_variable, "hosts.yml:3: no port");
    EXPECT_EQ(brief("web01", unusable),
              "web01: not started: a variable of the host cannot be used: hosts.yml:3: no port "
              "[inventory.variable]\n");
    client::RunOutcome skipped;
    skipped.status = Status::skipped;
    skipped.reason = "its connection\nis ssh";
    EXPECT_EQ(brief("web\x1b", skipped), "web\\x1b: skipped: its connection is ssh\n");
    EXPECT_EQ(brief("web01", Error(ErrorId::run_output_incomplete, "")),
              "web01: some output may be missing [run.output_incomplete]\n");
}

}  // namespace
}  // namespace mullion::cli
