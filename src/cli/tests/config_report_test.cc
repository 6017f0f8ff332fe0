#include "cli/config_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "client/tests/fake_config.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::json;

client::ConfigOutcome outcome_of_a_read() {
    client::ConfigOutcome outcome;
    outcome.status = Status::ok;
    outcome.duration = Duration(5);
    client::testing::FakeConfig config;
    config.add_listener("*", "HTTP", "5985");
    outcome.read.documents.push_back(wsman::new_config_document(wsman::config_resources().front()));
    outcome.read.documents.back().values = {{"MaxTimeoutms", "60000", "", false},
                                            {"Client/TrustedHosts", "", "", false},
                                            {"Service/Auth/Basic", "false", "GPO", false}};
    outcome.read.documents.push_back(std::move(config.instances.front()));
    return outcome;
}

client::ConfigOutcome outcome_of_changes() {
    auto outcome = outcome_of_a_read();
    client::ConfigChange put, create;
    put.target = {&wsman::config_resources().front(), {}};
    put.differences = {{"MaxTimeoutms", "60000", "1000"}, {"Client/TrustedHosts", "", "*"}};
    create.kind = client::ConfigChange::Kind::create;
    create.target = {outcome.read.documents[1].resource, {{"Address", "*"}, {"Transport", "HTTPS"}}};
    create.differences = {{"Listener?Address=*+Transport=HTTPS/Port", std::nullopt, "5986"}};
    outcome.plan.changes.push_back(std::move(put));
    outcome.plan.changes.push_back(std::move(create));
    outcome.plan.warnings = {"mind"};
    outcome.done = 1;
    return outcome;
}

ConfigShown values_at(const std::vector<std::string>& paths) {
    ConfigShown shown;
    for (const auto& path : paths) shown.paths.push_back(client::parse_config_path(path).value());
    return shown;
}

TEST(ConfigReport, ShowsWhatThePathsMeanAndNothingElse) {
    const auto outcome = outcome_of_a_read();
    EXPECT_TRUE(values_text(shown_values({}, outcome.read))
                    .starts_with("MaxTimeoutms = 60000\nClient/TrustedHosts =\n"
                                 "Service/Auth/Basic = false [Source=\"GPO\"]\nListener?"));
    EXPECT_EQ(
        values_text(shown_values(values_at({"MaxTimeoutms", "Listener/Port", "MaxTimeoutms"}), outcome.read)),
        "MaxTimeoutms = 60000\nListener?Address=*+Transport=HTTP/Port = 5985\n");
}

TEST(ConfigReport, TellsChangesThatWereMade) {
    const auto outcome = outcome_of_changes();
    EXPECT_EQ(changes_text(outcome.plan, 1),
              "MaxTimeoutms: 60000 -> 1000\nClient/TrustedHosts: (empty) -> *\n");
    EXPECT_EQ(changes_text(outcome.plan, 2).substr(changes_text(outcome.plan, 1).size()),
              "Listener?Address=*+Transport=HTTPS: created\n"
              "Listener?Address=*+Transport=HTTPS/Port: (not set) -> 5986\n");
}

TEST(ConfigReport, LetsNoHostSteerTheTerminal) {
    auto outcome = outcome_of_a_read();
    outcome.read.documents.front().values = {{"Future\x1b[2J", "\x1b[2J\nMaxTimeoutms = 1", "\x1b", false}};
    const auto text = values_text(shown_values({}, outcome.read));
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find("\nMaxTimeoutms"), std::string::npos);
}

TEST(ConfigObject, HasTheFieldsOfSchemaOne) {
    auto object =
        Json::parse(config_object("web01", outcome_of_a_read(), values_at({"MaxTimeoutms", "Service/Auth"})));
    EXPECT_EQ(object, Json::parse(R"({"host":"web01","status":"ok","settings":[
        {"path":"MaxTimeoutms","value":"60000","source":null}],"duration_ms":5,"error":null})"));
    ConfigShown shown;
    shown.view = ConfigView::changes;
    object = Json::parse(config_object("web01", outcome_of_changes(), shown));
    EXPECT_EQ(object, Json::parse(R"({"host":"web01","status":"ok","check":false,"changes":[
        {"action":"set","resource":"winrm/config","done":true,"settings":[
            {"path":"MaxTimeoutms","from":"60000","to":"1000"},{"path":"Client/TrustedHosts","from":"","to":"*"}]},
        {"action":"create","resource":"Listener?Address=*+Transport=HTTPS","done":false,"settings":[
            {"path":"Listener?Address=*+Transport=HTTPS/Port","from":null,"to":"5986"}]}],
        "warnings":["mind"],"duration_ms":5,"error":null})"));
}

TEST(ConfigObject, OfAFailureHasNoSettings) {
    auto outcome = outcome_of_a_read();
    outcome.status = Status::refused;
    outcome.error = Error(ErrorId::wsman_access_denied, "no");
    const auto object = Json::parse(config_object("web01", outcome, {}));
    EXPECT_TRUE(object["settings"].empty());
    EXPECT_EQ(object["error"]["id"], "wsman.access_denied");
}

}  // namespace
}  // namespace mullion::cli
