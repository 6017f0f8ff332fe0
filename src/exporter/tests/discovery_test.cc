// Targets out of an inventory: which hosts, under which addresses and labels, and never a secret.
#include "exporter/discovery.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace mullion::exporter {
namespace {

using nlohmann::json;

class DiscoveryTest : public testing::Test {
protected:
    DiscoveryTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "mullion-discovery-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        allow("**:*");
    }
    ~DiscoveryTest() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << text;
    }
    void allow(const std::string& rule) {
        auto parsed = AllowRule::parse(rule);
        ASSERT_TRUE(parsed.ok());
        list.add(std::move(*parsed));
    }
    Discovered found(std::map<std::string, std::string> labels = {}, const std::string& hosts = "all") {
        auto result = discover({{(folder / "hosts.ini").string()}, {}, hosts, std::move(labels)}, list);
        EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message());
        if (!result.ok()) return {};
        return std::move(*result);
    }
    static json labels_of(const Discovered& found, const std::string& host) {
        for (const auto& one : json::parse(found.json))
            if (one["labels"]["__meta_mullion_host"] == host) return one["labels"];
        return {};
    }

    std::filesystem::path folder;
    AllowList list;
};

constexpr const char* inventory_text =
    "[web]\n"
    "web01 ansible_host=10.0.0.1 site=berlin floor=3\n"
    "web02.example.com ansible_port=5985\n"
    "[db]\n"
    "db01 ansible_host=fd00::7 ansible_port=15986 open=\"{{ ansible_password }}\" far=\"{{ open }}!\"\n"
    "jump ansible_connection=ssh\n"
    "[all:vars]\n"
    "ansible_connection=winrm\n"
    "ansible_password=Corr3ct-h0rse\n"
    "proxy=http://user:word@proxy.example.com\n"
    "both=\"{{ site | default }}\"\n";

TEST_F(DiscoveryTest, HostsWithTheirGroupsAndLabels) {
    write("hosts.ini", inventory_text);
    const auto all = found({{"site", "site"}, {"floor", "floor"}});
    const auto targets = json::parse(all.json);
    ASSERT_EQ(targets.size(), 3U) << all.json;
    EXPECT_EQ(targets[0],
              json::parse(R"({"targets":["10.0.0.1"],"labels":{"__meta_mullion_host":"web01",)"
                          R"("__meta_mullion_groups":",all,web,","floor":"3","site":"berlin"}})"));
    EXPECT_EQ(targets[1]["targets"], json::array({"web02.example.com"}))
        << "WinRM's own port is the auth's matter";
    EXPECT_EQ(targets[2]["targets"], json::array({"[fd00::7]:15986"}));
    EXPECT_EQ(all.targets, 3U);
    EXPECT_EQ(all.other, 1U) << "ssh";
}

TEST_F(DiscoveryTest, AnEmptyListIsAList) {
    write("hosts.ini", "jump ansible_connection=ssh\n");
    EXPECT_EQ(found().json, "[]\n");
}

TEST_F(DiscoveryTest, APattern) {
    write("hosts.ini", inventory_text);
    EXPECT_EQ(json::parse(found({}, "web:!web01").json).size(), 1U);
    const auto wrong = discover({{(folder / "hosts.ini").string()}, {}, "wbe", {}}, list);
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().id, ErrorId::usage_pattern);
}

TEST_F(DiscoveryTest, OnlyWhoMayBeScrapedIsListed) {
    write("hosts.ini", inventory_text);
    list = AllowList();
    allow("10.0.0.0/8");
    const auto all = found();
    EXPECT_EQ(json::parse(all.json).size(), 1U);
    EXPECT_EQ(all.not_allowed, 2U);
    ASSERT_EQ(all.notices.size(), 2U);
    EXPECT_EQ(all.notices[0], "web02.example.com: web02.example.com is not among targets: allow:");
}

TEST_F(DiscoveryTest, NoSecretBecomesALabel) {
    write("hosts.ini", inventory_text);
    // One password for all of it: what is vaulted needs none here.
    write("host_vars/web01.yml",
          "closed: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\nnamed: '{{ closed }}'\nlist: [1, 2]\n");
    const auto all = found({{"a", "open"},
                            {"b", "far"},
                            {"c", "closed"},
                            {"d", "named"},
                            {"e", "proxy"},
                            {"f", "list"},
                            {"g", "none"}});
    EXPECT_EQ(all.targets, 3U) << "the hosts are listed all the same";
    for (const auto* host : {"web01", "db01"})
        EXPECT_EQ(labels_of(all, host).size(), 2U) << labels_of(all, host).dump();
    for (const auto* secret : {"Corr3ct", "word@", "ANSIBLE_VAULT", "3132"})
        EXPECT_EQ(all.json.find(secret), std::string::npos) << all.json;
    std::string told;
    for (const auto& notice : all.notices) told += notice + "\n";
    EXPECT_NE(told.find("db01: open is not shown as a label: there is a secret in it\n"), std::string::npos)
        << told;
    EXPECT_NE(told.find("db01: far is not shown as a label: there is a secret in it\n"), std::string::npos)
        << told;
    EXPECT_NE(told.find("web01: closed is not shown as a label: it is vaulted\n"), std::string::npos) << told;
    EXPECT_NE(told.find("web01: named is not shown as a label: it is vaulted\n"), std::string::npos) << told;
    EXPECT_NE(told.find("web01: list is not shown as a label: it is a list\n"), std::string::npos) << told;
    EXPECT_EQ(told.find("Corr3ct"), std::string::npos);
}

TEST_F(DiscoveryTest, WhatIsWrongWithOneHostIsItsOwn) {
    write("hosts.ini", "good\nbad ansible_port=many\n");
    const auto all = found();
    EXPECT_EQ(json::parse(all.json).size(), 1U);
    ASSERT_EQ(all.notices.size(), 1U);
    EXPECT_NE(all.notices[0].find("bad: "), std::string::npos);
    EXPECT_NE(all.notices[0].find("ansible_port"), std::string::npos) << all.notices[0];
}

TEST(Labels, WhatPrometheusTakes) {
    for (const auto* name : {"site", "__param_module", "_", "a1"}) EXPECT_EQ(wrong_label(name), "") << name;
    for (const auto* name : {"", "1a", "a-b", "a.b", "ä", "__address__", "__name__", "__meta_mullion_host"})
        EXPECT_NE(wrong_label(name), "") << name;
}

}  // namespace
}  // namespace mullion::exporter
