#include "cli/masking.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/error_json.h"
#include "cli/host_output.h"
#include "cli/report_text.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

const std::string secret = "Canary-4711 \"quoted\"";
const std::string stars(secrets::mask_text);

// The masks are the process's: the other tests here never say this.
class MaskingTest : public ::testing::Test {
protected:
    MaskingTest() {
        const std::array values{Secret(secret)};
        EXPECT_TRUE(hide(values).empty());
    }
};

// What comes out of a LiveOutput that is given these pieces.
std::string shown(const std::string& name, const std::vector<std::string>& pieces, bool terminal = false) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    {
        Writer writer({ends[1], ends[1]});
        LiveOutput live(writer, name, {terminal, terminal});
        for (const auto& piece : pieces) live.on_output(client::Stream::standard_output, piece);
        live.flush();
        writer.finish();
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t count = 0; (count = ::read(ends[0], part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(count));
    ::close(ends[0]);
    return text;
}

TEST_F(MaskingTest, OutputOfOneHostIsMaskedAcrossPieces) {
    for (std::size_t cut = 0; cut <= secret.size(); ++cut)
        EXPECT_EQ(shown("", {"its " + secret.substr(0, cut), secret.substr(cut) + "!\n"}),
                  "its " + stars + "!\n")
            << cut;
}

TEST_F(MaskingTest, OutputOfSeveralIsMaskedBeforeTheirNames) {
    EXPECT_EQ(shown("web01", {"a\nb " + secret.substr(0, 5), secret.substr(5)}),
              "web01 | a\nweb01 | b " + stars + "\n");
    EXPECT_EQ(shown("web01", {secret.substr(0, 5)}),
              "web01 | " + secret.substr(0, 5) + "\n");  // Its end lets go.
}

TEST_F(MaskingTest, OnATerminalToo) {
    EXPECT_EQ(shown("", {"\x1b[2J" + secret.substr(0, 5), secret.substr(5) + "\x1b"}, true),
              "\\x1b[2J" + stars + "\\x1b");
    EXPECT_EQ(shown("web01", {secret.substr(0, 5), secret.substr(5) + "\xC3"}, true),
              "web01 | " + stars + "\\xc3\n");
}

TEST_F(MaskingTest, WhatIsKeptForJsonIsMaskedBeforeItsLimit) {
    CapturedOutput captured(10);
    captured.on_output(client::Stream::standard_output, "its Can");
    captured.on_output(client::Stream::standard_output, secret.substr(3));
    captured.on_output(client::Stream::standard_error, "Can");
    captured.flush();
    EXPECT_EQ(std::move(captured.output).take(), ("its " + stars).substr(0, 10));
    EXPECT_EQ(std::move(captured.errors).take(), "Can");
}

TEST_F(MaskingTest, ErrorsInEveryForm) {
    Error error(ErrorId::wsman_fault, "the host said: " + secret + " is wrong");
    error.tried = "ntlm with " + secret;
    error.offered = {secret};
    error.advice = {"Do not write " + secret};
    error.host = "web01";
    client::RunOutcome outcome;
    outcome.status = Status::refused;
    outcome.error = error;
    const auto json = error_json(error).dump();
    for (const auto& text : {describe(error), brief("web01", error), brief("web01", outcome), json}) {
        EXPECT_EQ(text.find("4711"), std::string::npos) << text;
        EXPECT_NE(text.find(stars), std::string::npos) << text;
        EXPECT_NE(text.find("wsman.fault"), std::string::npos) << text;
    }
    EXPECT_EQ(warning("note " + secret), "mullion: warning: note " + stars + "\n");
}

TEST_F(MaskingTest, JsonKeepsItsNames) {
    const std::array values{Secret("refused")};
    (void)hide(values);
    Json json{{"host", "refused"},
              {"status", "refused"},
              {"refused", "refused or " + secret},
              {"more", {1, nullptr, "x refused"}}};
    mask(json);
    EXPECT_EQ(json.dump(), Json({{"host", "refused"},
                                 {"status", "refused"},
                                 {"refused", stars + " or " + stars},
                                 {"more", {1, nullptr, "x " + stars}}})
                               .dump());
}

TEST_F(MaskingTest, InstancesHoweverDeep) {
    wsman::cim::Instance inner;
    inner.set("CommandLine", wsman::cim::Value(wsman::cim::Scalar(std::string_view(secret))));
    wsman::cim::Reference pointed;
    pointed.keys.emplace_back("Name", secret);
    wsman::cim::Instance row;
    row.set("Process", wsman::cim::Value(inner));
    row.set("Of", wsman::cim::Value(pointed));
    row.set("Plain", wsman::cim::Value(wsman::cim::Scalar(std::string_view("x" + secret))));
    mask(row);
    EXPECT_EQ(row.find("Process")->values[0].instance[0].find("CommandLine")->values[0].text, stars);
    EXPECT_EQ(row.find("Of")->values[0].reference[0].keys[0].value, stars);
    EXPECT_EQ(row.find("Plain")->values[0].text, "x" + stars);
}

TEST_F(MaskingTest, ConfigurationsAndFindings) {
    client::ConfigOutcome outcome;
    outcome.read.documents.emplace_back().values.push_back({"Service/Auth/Basic", secret, "", false});
    outcome.plan.changes.emplace_back().differences.push_back({"MaxTimeoutms", secret, "2"});
    mask(outcome);
    EXPECT_EQ(outcome.read.documents[0].values[0].text, stars);
    EXPECT_EQ(outcome.plan.changes[0].differences[0].from, stars);
    doctor::Finding finding;
    finding.seen = "seen " + secret;
    finding.own_next = {{"next " + secret}};
    finding.error = Error(ErrorId::wsman_fault, secret);
    mask(finding);
    EXPECT_EQ(finding.seen, "seen " + stars);
    EXPECT_EQ(finding.next(), std::vector<std::string>{"next " + stars});
    EXPECT_EQ(finding.error->detail, stars);
}

class KeepingLogger final : public Logger {
public:
    explicit KeepingLogger(std::string& kept) : kept_(kept) {}
    [[nodiscard]] bool enabled(LogLevel level) const override { return level >= LogLevel::info; }
    void write(LogLevel, std::string_view line) override { kept_ += line; }

private:
    std::string& kept_;
};

TEST_F(MaskingTest, TheLog) {
    std::string kept;
    const auto log = masked(std::make_unique<KeepingLogger>(kept));
    log->info("it was {}", secret);
    log->debug("not kept");
    EXPECT_EQ(kept, "it was " + stars);
}

}  // namespace
}  // namespace mullion::cli
