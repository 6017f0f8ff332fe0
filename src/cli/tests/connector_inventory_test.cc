#include "cli/connector_inventory.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mullion::cli {
namespace {

using secrets::Identity;
using secrets::PdcConnector;
using secrets::Scope;
using secrets::Space;
using Json = nlohmann::ordered_json;

PdcConnector list(std::vector<secrets::PdcHost> hosts, const std::string& credential = "win") {
    PdcConnector one;
    one.hosts = std::move(hosts);
    if (!credential.empty()) one.credential = secrets::parse_reference(credential).value();
    return one;
}

Json groups(const PdcConnector& hosts, const std::string& id = "rack", const Scope& scope = {},
            const Scope& from = {}) {
    return Json::parse(inventory_of({Space::connector, scope, id}, hosts, from)).at("all").at("children");
}

TEST(ConnectorInventory, HasEachHostWithItsCredential) {
    const auto found =
        groups(list({{"web01:5985", {{"zone", "b"}}}, {"web01:5986", {}}, {"[::1]:5985", {}}, {"::2", {}}}));
    EXPECT_EQ(found["zone_b"].dump(), R"({"hosts":{"web01":null}})");
    const auto& hosts = found["rack"]["hosts"];
    EXPECT_EQ(hosts["web01"].dump(),
              R"({"ansible_host":"web01","ansible_port":5985,"mullion_credential":"account.win",)"
              R"("attributes":{"zone":"b"}})");
    EXPECT_EQ(hosts["web01_5986"].dump(),
              R"({"ansible_host":"web01","ansible_port":5986,"mullion_credential":"account.win"})");
    EXPECT_EQ(hosts["::1"].dump(),
              R"({"ansible_host":"::1","ansible_port":5985,"mullion_credential":"account.win"})");
    EXPECT_EQ(hosts["::2"].dump(), R"({"ansible_host":"::2","mullion_credential":"account.win"})");
    EXPECT_EQ(hosts.size(), 4U);
}

TEST(ConnectorInventory, NamesTheCredentialAsItIsReadFromThere) {
    const auto credential = [](const std::string& reference, const Scope& scope, const Scope& from) {
        return groups(list({{"a", {}}}, reference), "rack", scope, from)["rack"]["hosts"]["a"].value(
            "mullion_credential", "none");
    };
    const Scope org{"o", ""}, project{"o", "p"};
    EXPECT_EQ(credential("win", {}, project), "account.win");
    EXPECT_EQ(credential("win", org, project), "org.win");
    EXPECT_EQ(credential("win", project, project), "win");
    EXPECT_EQ(credential("org.win", project, project), "org.win");
    EXPECT_EQ(credential("account.win", project, project), "account.win");
    EXPECT_EQ(credential("", project, project), "none");
}

TEST(ConnectorInventory, GroupsHaveNamesThatAnsibleTakes) {
    // Two attributes that make one group, one that makes the connector's own, and names that are Ansible's.
    const auto found = groups(
        list({{"a", {{"x_y", "z"}, {"x", "y_z"}, {"1", "web server"}, {"ra", "ck"}}}, {"b", {}}}), "ra_ck");
    EXPECT_EQ(found["x_y_z"].dump(), R"({"hosts":{"a":null}})");
    EXPECT_TRUE(found.contains("_1_web_server"));
    EXPECT_EQ(found["ra_ck"]["hosts"].size(), 2U);
    EXPECT_TRUE(groups(list({{"a", {}}}), "all").contains("_all"));
    EXPECT_TRUE(groups(list({{"a", {}}}), "ungrouped").contains("_ungrouped"));
}

TEST(ConnectorInventory, HoldsTenThousandHosts) {
    std::vector<secrets::PdcHost> hosts;
    for (int number = 0; number < 10'000; ++number)
        hosts.push_back({"web" + std::to_string(number), {{"zone", "b"}, {"asset", std::to_string(number)}}});
    const auto found = groups(list(std::move(hosts)));
    EXPECT_EQ(found["rack"]["hosts"].size(), 10'000U);
    EXPECT_EQ(found["zone_b"]["hosts"].size(), 10'000U);
    EXPECT_EQ(found.size(), 10'002U);
}

// Lists by identifier, in whatever scope.
HostsOfConnector lists(std::map<std::string, PdcConnector> known) {
    return [known = std::move(known)](const Identity& which) -> Result<PdcConnector> {
        const auto found = known.find(which.id);
        if (found == known.end()) return Error(ErrorId::secrets_missing, which.id);
        return found->second;
    };
}

TEST(ConnectorInventories, OnlyConnectorsAreAskedFor) {
    const HostsOfConnector nobody = [](const Identity&) -> Result<PdcConnector> {
        return Error(ErrorId::internal_failure, "asked");
    };
    EXPECT_TRUE(connector_inventories({"hosts", "connector:5985,b", ""}, {}, nobody).value().empty());
    const auto known = lists({{"a", list({{"web01", {}}})}});
    const auto found = connector_inventories({"hosts", "connector:a", "connector:account.a"}, {}, known);
    ASSERT_TRUE(found.ok()) << found.error().message();
    EXPECT_EQ(found->size(), 2U);
    EXPECT_EQ(found->at("connector:a"), found->at("connector:account.a"));
}

TEST(ConnectorInventories, ErrorsNameTheConnectorAsItWasGiven) {
    const auto error = [](const std::string& path, const Scope& from = {}) {
        auto found = connector_inventories({path}, from, lists({}));
        return found.ok() ? Error(ErrorId::internal_failure, "none") : std::move(found).error();
    };
    EXPECT_EQ(error("connector:gone").detail, "connector:gone: gone");
    EXPECT_EQ(error("connector:gone").id, ErrorId::secrets_missing);
    EXPECT_EQ(error("connector:a.b").id, ErrorId::secrets_invalid);
    EXPECT_EQ(error("connector:org.b").id, ErrorId::secrets_invalid);
    EXPECT_EQ(error("connector:org.b", {"o", ""}).id, ErrorId::secrets_missing);
    EXPECT_EQ(error("connector:a,connector:b").id, ErrorId::usage_invalid);
}

TEST(ConnectorInventories, AHostThatTwoListsHaveIsReachedInOneWay) {
    const auto both = [](PdcConnector one, PdcConnector other) {
        return connector_inventories({"connector:a", "connector:b"}, {},
                                     lists({{"a", std::move(one)}, {"b", std::move(other)}}));
    };
    EXPECT_TRUE(both(list({{"web01", {{"x", "y"}}}, {"web02", {}}}), list({{"web01", {}}})).ok());
    const auto credentials = both(list({{"web01", {}}}), list({{"web01", {}}}, "other"));
    ASSERT_FALSE(credentials.ok());
    EXPECT_EQ(credentials.error().id, ErrorId::usage_invalid);
    EXPECT_TRUE(credentials.error().detail.starts_with("web01 is in connector:a and in connector:b, "))
        << credentials.error().detail;
    EXPECT_FALSE(both(list({{"web01", {}}}), list({{"web01:5985", {}}})).ok());
    EXPECT_FALSE(both(list({{"web01", {}}}), list({{"web01", {}}}, "")).ok());
}

}  // namespace
}  // namespace mullion::cli
