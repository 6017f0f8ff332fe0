// What systemctl and the firewalls say of this machine, and what is made of it. Other programs stand in their
// place on PATH.
#include "cli/machine.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "os/tests/temporary_folder.h"

namespace mullion::cli {
namespace {

class Programs : public ::testing::Test {
protected:
    Programs() : path_(std::getenv("PATH")) {
        ::setenv("PATH", (folder.path() + ":" + path_).c_str(), 1);
        for (const char* name : {"systemctl", "firewall-cmd", "ufw", "nft"}) program(name, "exit 1");
    }
    ~Programs() override { ::setenv("PATH", path_.c_str(), 1); }
    void program(const std::string& name, const std::string& script) {
        std::ofstream(folder / name) << "#!/bin/sh\necho \"" << name << " $*\" >> " << folder / "calls"
                                     << "\n"
                                     << script << "\n";
        ASSERT_EQ(::chmod((folder / name).c_str(), 0700), 0);
    }
    std::string calls() {
        std::ostringstream all;
        all << std::ifstream(folder / "calls").rdbuf();
        return all.str();
    }
    FirewallState firewall() {
        auto found = machine.firewall(5985);
        EXPECT_TRUE(found.ok());
        return *found;
    }

    os::TemporaryFolder folder;
    ThisMachine machine;

private:
    std::string path_;
};

TEST_F(Programs, WithoutSystemdThereIsNoUnit) {
    program("systemctl",
            "echo 'System has not been booted with systemd as init system (PID 1).' >&2; exit 1");
    const auto unit = machine.unit();
    ASSERT_TRUE(unit.ok());
    EXPECT_FALSE(unit->systemd);
    EXPECT_FALSE(unit->known);
}

TEST_F(Programs, TheUnitIsAsSystemctlShowsIt) {
    program("systemctl",
            "printf "
            "'LoadState=loaded\\nActiveState=active\\nSubState=running\\nUnitFileState=enabled\\nResult="
            "success\\n'");
    const auto unit = machine.unit();
    EXPECT_TRUE(unit->systemd && unit->known && unit->active && unit->starts_by_itself());
    EXPECT_EQ(unit->state, "active (running)");
    EXPECT_NE(calls().find("systemctl show mullion.service"), std::string::npos);
}

TEST_F(Programs, EachOfItsStatesIsTold) {
    const auto failed = unit_shown(
        "LoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=disabled\nResult=exit-code\n");
    EXPECT_EQ(failed.state, "failed (failed, Result: exit-code)");
    EXPECT_FALSE(failed.active || failed.starts_by_itself());
    EXPECT_FALSE(unit_shown("LoadState=not-found\nActiveState=inactive\n").known);
    EXPECT_EQ(unit_shown("LoadState=masked\nUnitFileState=masked\n").start_type, "masked");
    EXPECT_TRUE(unit_shown("LoadState=loaded\nActiveState=reloading\n").active);
    EXPECT_FALSE(unit_shown("").known);
}

TEST_F(Programs, AChangeThatFailsSaysWhatTheProgramSaid) {
    EXPECT_TRUE(machine.change({"true"}).ok());
    program("systemctl", "echo 'Access denied' >&2; exit 4");
    const auto changed = machine.change({"systemctl", "start", unit_name});
    ASSERT_FALSE(changed.ok());
    EXPECT_EQ(changed.error().id, ErrorId::usage_unsupported);
    EXPECT_EQ(changed.error().detail, "`systemctl start mullion.service`: Access denied");
    EXPECT_FALSE(changed.error().advice.empty());
    EXPECT_FALSE(machine.change({"no-such-program-here"}).ok());
}

TEST_F(Programs, NoFirewallHoldsNothingBack) {
    EXPECT_TRUE(firewall().open);
    EXPECT_EQ(firewall().name, "");
}

TEST_F(Programs, AFirewallThatDoesNotAnswerIsNotTakenForNone) {
    program("firewall-cmd", "echo 'not running' >&2; exit 252");
    program("ufw", "echo 'Status: inactive'");
    program("nft", "echo 'Operation not permitted (you must be root)' >&2; exit 1");
    EXPECT_EQ(firewall().unseen, "`nft -j list ruleset`: Operation not permitted (you must be root)");
    program("ufw", "echo 'ERROR: You need to be root to run this script' >&2; exit 1");
    EXPECT_EQ(firewall().unseen, "`ufw status`: ERROR: You need to be root to run this script");
    program("nft", "echo '{\"nftables\": []}'");
    EXPECT_EQ(firewall().unseen, "") << "its rules are all there is";
}

TEST_F(Programs, FirewalldIsOpenedNowAndForGood) {
    program("firewall-cmd", "case \"$*\" in --state) echo running;; *query*) exit 1;; esac");
    program("ufw", "echo 'Status: active'");
    const auto found = firewall();
    EXPECT_EQ(found.name, "firewalld");
    EXPECT_FALSE(found.open);
    EXPECT_EQ(found.to_open,
              (std::vector<CommandWords>{{"firewall-cmd", "--add-port=5985/tcp"},
                                         {"firewall-cmd", "--permanent", "--add-port=5985/tcp"}}));
    EXPECT_EQ(calls().find("ufw"), std::string::npos) << "the first that is active counts";
    program("firewall-cmd", "case \"$*\" in --state) echo running;; --permanent*) exit 1;; esac");
    EXPECT_EQ(firewall().to_open.size(), 1U);
    program("firewall-cmd", "case \"$*\" in --state) echo running;; esac");
    EXPECT_TRUE(firewall().open);
    program("firewall-cmd", "echo 'not running'; exit 252");
    EXPECT_EQ(firewall().name, "ufw");
}

TEST_F(Programs, UfwIsOpenForEverybodyOrNot) {
    program("ufw",
            "printf 'Status: active\\n\\nTo      Action  From\\n22/tcp  ALLOW   Anywhere\\n5985/tcp  ALLOW  "
            "10.0.0.0/8\\n15985/tcp ALLOW Anywhere\\n'");
    EXPECT_EQ(firewall().to_open, (std::vector<CommandWords>{{"ufw", "allow", "5985/tcp"}}));
    program("ufw", "printf 'Status: active\\n5985/tcp  DENY  Anywhere\\n'");
    EXPECT_FALSE(firewall().open);
    for (const char* port : {"5985/tcp", "5985"}) {
        program("ufw", "printf 'Status: active\\n" + std::string(port) + "   ALLOW   Anywhere\\n'");
        EXPECT_TRUE(firewall().open) << port;
    }
    program("ufw", "echo 'Status: inactive'");
    EXPECT_EQ(firewall().name, "");
}

std::string ruleset(const std::string& policy, const std::string& rules) {
    return R"({"nftables":[{"metainfo":{"version":"1.0.6"}},{"table":{"family":"inet","name":"filter"}},)"
           R"({"chain":{"family":"inet","table":"filter","name":"input","type":"filter","hook":"input","prio":0,"policy":")" +
           policy + "\"}}" + (rules.empty() ? "" : "," + rules) + "]}";
}
std::string rule(const std::string& expressions) {
    return R"({"rule":{"family":"inet","table":"filter","chain":"input","expr":[)" + expressions + "]}}";
}
std::string match(const std::string& right) {
    return R"({"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":)" + right +
           "}}";
}

TEST_F(Programs, NftablesIsOpenedInTheChainThatDrops) {
    program("nft", "cat <<'END'\n" + ruleset("drop", "") + "\nEND");
    const auto found = firewall();
    EXPECT_EQ(found.name, "nftables");
    EXPECT_EQ(found.to_open, (std::vector<CommandWords>{{"nft", "insert", "rule", "inet", "filter", "input",
                                                         "tcp", "dport", "5985", "accept"}}));
    EXPECT_NE(found.remark.find("/etc/nftables.conf"), std::string::npos);
}

TEST(Nftables, IsOpenWhereARuleAcceptsThePort) {
    EXPECT_TRUE(nftables_state(ruleset("accept", ""), 5985).open);
    for (const char* ports : {"5985", R"({"set":[22,5985]})", R"({"range":[5980,5990]})",
                              R"({"set":[22,{"range":[5985,5986]}]})"})
        EXPECT_TRUE(
            nftables_state(ruleset("drop", rule(match(ports) + R"(,{"counter":{}},{"accept":null})")), 5985)
                .open)
            << ports;
    for (const char* ports : {"22", R"({"set":[22,80]})", R"({"range":[1,80]})", "\"@ports\""})
        EXPECT_FALSE(nftables_state(ruleset("drop", rule(match(ports) + R"(,{"accept":null})")), 5985).open)
            << ports;
    // From some only, or refused.
    const std::string from =
        R"({"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":"10.0.0.1"}},)";
    EXPECT_FALSE(
        nftables_state(ruleset("drop", rule(from + match("5985") + R"(,{"accept":null})")), 5985).open);
    EXPECT_FALSE(nftables_state(ruleset("drop", rule(match("5985") + R"(,{"drop":null})")), 5985).open);
    // A last rule that rejects everything.
    EXPECT_FALSE(
        nftables_state(ruleset("accept", rule(R"({"counter":{}},{"reject":{"type":"icmpx"}})")), 5985).open);
}

TEST(Nftables, WhatCannotBeReadHoldsNothingBack) {
    for (const char* text :
         {"", "{", "[]", "{}", R"({"nftables":{}})",
          R"({"nftables":[1,null,{"chain":1},{"rule":[]},{"rule":{"expr":[1,{"match":2}]}}]})"})
        EXPECT_TRUE(nftables_state(text, 5985).open) << text;
}

TEST(CommandText, QuotesWhatNeedsIt) {
    EXPECT_EQ(command_text({"ufw", "allow", "5985/tcp"}), "ufw allow 5985/tcp");
    EXPECT_EQ(command_text({"nft", "a b", ""}), "nft 'a b' ''");
}

}  // namespace
}  // namespace mullion::cli
