// quickconfig against machines that are made up: what is said, what is done, and in which order.
#include "cli/quickconfig.h"

#include <gtest/gtest.h>

#include "cli/quickconfig_parts.h"

namespace mullion::cli {
namespace {

class MadeUp final : public Machine {
public:
    Result<UnitState> unit() override { return state; }
    Result<FirewallState> firewall(std::uint16_t port) override {
        asked_port = port;
        return wall;
    }
    Result<void> change(const CommandWords& words) override {
        changes.push_back(command_text(words));
        if (words.front() == fails)
            return Error(ErrorId::usage_unsupported, "`" + words.front() + "`: refused");
        if (words.front() != "systemctl") wall.open = true;
        if (words.size() > 1 && words[1] == "start") state.active = true;
        if (words.size() > 1 && words[1] == "enable") state.start_type = "enabled";
        return {};
    }
    std::string host_name() override { return "web01"; }

    UnitState state{true, true, false, "inactive (dead)", "disabled"};
    FirewallState wall{"ufw", false, {{"ufw", "allow", "5985/tcp"}}, "", ""};
    std::string fails;
    std::vector<std::string> changes;
    std::uint16_t asked_port = 0;
};

class Quick : public ::testing::Test {
protected:
    Quick() {
        parts.running = [this]() -> Result<bool> { return machine.state.active || by_hand; };
        parts.listeners = [this]() -> Result<std::vector<ListenerRow>> { return rows; };
        parts.create_listener = [this](const ListenerRow& row) -> Result<void> {
            machine.changes.push_back("listener " + row.host_name + row.thumbprint);
            rows.push_back(row);
            return {};
        };
        parts.find_certificate = [this](const std::string&) -> Result<std::optional<std::string>> {
            return certificate;
        };
        parts.create_certificate = [this](const std::string& name) -> Result<std::string> {
            machine.changes.push_back("certificate " + name);
            return std::string("NEW");
        };
        parts.ask = [this]() -> Result<bool> {
            said += "Make these changes [y/n]? \n";
            ++asked;
            return answer;
        };
        parts.print = [this](std::string_view line) { said += std::string(line) + "\n"; };
    }
    int run() {
        said.clear();
        machine.changes.clear();
        auto ended = quickconfig(options, parts);
        failure = ended.ok() ? std::nullopt : std::optional(ended.error());
        return ended.ok() ? *ended : -1;
    }
    bool says(const std::string& text) const { return said.find(text) != std::string::npos; }

    MadeUp machine;
    QuickconfigOptions options;
    QuickconfigParts parts{machine, {}, {}, {}, {}, {}, {}, {}};
    std::vector<ListenerRow> rows;
    std::optional<std::string> certificate;
    std::optional<Error> failure;
    bool by_hand = false, answer = true;
    int asked = 0;
    std::string said;
};

using Done = std::vector<std::string>;

TEST_F(Quick, DoesWhatItListsInTheWordsOfWindows) {
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(said,
              "WinRM is not set up to receive requests on this machine.\n"
              "The following changes must be made:\n\n"
              "Start the WinRM service.\n"
              "Set the WinRM service type to auto start.\n\n"
              "Make these changes [y/n]? \n"
              "WinRM has been updated to receive requests.\n\n"
              "WinRM service started.\n"
              "WinRM service type changed successfully.\n"
              "WinRM is not set up to allow remote access to this machine for management.\n"
              "The following changes must be made:\n\n"
              "Create a WinRM listener on HTTP://* to accept WS-Man requests to any IP on this machine.\n"
              "Enable the WinRM firewall exception (ufw: ufw allow 5985/tcp).\n\n"
              "Make these changes [y/n]? \n"
              "WinRM has been updated for remote management.\n\n"
              "Created a WinRM listener on HTTP://* to accept WS-Man requests to any IP on this machine.\n"
              "WinRM firewall exception enabled.\n");
    EXPECT_EQ(machine.changes, (Done{"systemctl start mullion.service", "systemctl enable mullion.service",
                                     "listener ", "ufw allow 5985/tcp"}));
    EXPECT_EQ(asked, 2);
}

TEST_F(Quick, TheSecondTimeEverythingIsAlready) {
    ASSERT_EQ(run(), 0);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(said,
              "WinRM service is already running on this machine.\n"
              "WinRM is already set up for remote management on this computer.\n");
    EXPECT_TRUE(machine.changes.empty());
    EXPECT_EQ(asked, 2) << "nothing is asked where nothing is changed";
}

TEST_F(Quick, SaysThatTheFirewallCouldNotBeLookedAt) {
    machine.wall = {"", true, {}, "", "`nft -j list ruleset`: Operation not permitted"};
    const std::string said_of_it =
        "The firewall could not be looked at, and may hold port 5985 back: `nft -j list ruleset`: Operation "
        "not permitted\nSay it again as root, or look yourself.\n";
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(says("WinRM has been updated for remote management.\n"));
    EXPECT_TRUE(says(said_of_it)) << said;
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(said,
              "WinRM service is already running on this machine.\n"
              "WinRM is already set up for remote management on this computer.\n" +
                  said_of_it);
    machine.wall.unseen.clear();
    EXPECT_EQ(run(), 0);
    EXPECT_FALSE(says("could not be looked at"));
}

TEST_F(Quick, NoMeansNothing) {
    answer = false;
    EXPECT_EQ(run(), 1);
    EXPECT_TRUE(machine.changes.empty());
    machine.state = {true, true, true, "active (running)", "enabled"};
    EXPECT_EQ(run(), 1);
    EXPECT_TRUE(machine.changes.empty());
}

TEST_F(Quick, QuietAsksNothingAndListsAllTheSame) {
    options.quiet = true;
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(asked, 0);
    EXPECT_TRUE(says("Start the WinRM service."));
}

TEST_F(Quick, HttpsMakesACertificateWhereThereIsNone) {
    options.https = options.quiet = true;
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(says("Create a self-signed certificate for web01."));
    EXPECT_TRUE(says("Create a WinRM listener on HTTPS://* to accept"));
    EXPECT_EQ(machine.asked_port, 5986);
    EXPECT_EQ(machine.changes[2], "certificate web01");
    EXPECT_EQ(machine.changes[3], "listener web01NEW");
}

TEST_F(Quick, HttpsTakesTheCertificateThatIsThere) {
    options.https = options.quiet = true;
    certificate = "THERE";
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(says("Its certificate is THERE."));
    EXPECT_EQ(machine.changes[2], "listener web01THERE");
}

TEST_F(Quick, AListenerOfTheOtherKindOrOnOneAddressIsNone) {
    options.quiet = true;
    rows = {{"*", true, 5986, true, "", ""}, {"10.0.0.1", false, 5985, true, "", ""}};
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(says("Create a WinRM listener on HTTP://*"));
}

TEST_F(Quick, TheFirewallIsOpenedForTheListenersOwnPort) {
    options.quiet = true;
    rows = {{"*", false, 8080, true, "", ""}};
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(machine.asked_port, 8080);
}

TEST_F(Quick, AListenerThatIsOffIsNotMadeTwice) {
    options.quiet = true;
    rows = {{"*", false, 5985, false, "", ""}};
    EXPECT_EQ(run(), -1);
    EXPECT_NE(failure->detail.find("not enabled"), std::string::npos);
    ASSERT_FALSE(failure->advice.empty());
    EXPECT_EQ(failure->advice.front(),
              "winrm set winrm/config/listener?Address=*+Transport=HTTP @{Enabled=\"true\"}");
}

TEST_F(Quick, WithoutSystemdItSaysHowToStart) {
    machine.state = {};
    EXPECT_EQ(run(), -1);
    EXPECT_NE(failure->detail.find("not run by systemd"), std::string::npos);
    EXPECT_EQ(failure->advice.front(),
              "Start it by hand: mullion serve --state /var/lib/mullion --listen http://*:5985");
    by_hand = true;
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(says("WinRM service is already running on this machine.\nIt will not start by itself"));
}

TEST_F(Quick, AMaskedUnitAndAServiceBesideTheUnitAreTold) {
    machine.state.start_type = "masked";
    EXPECT_EQ(run(), -1);
    EXPECT_NE(failure->detail.find("systemctl unmask"), std::string::npos);
    machine.state.start_type = "disabled";
    by_hand = true;
    EXPECT_EQ(run(), -1);
    EXPECT_NE(failure->detail.find("not as mullion.service"), std::string::npos);
}

TEST_F(Quick, AFailureEndsItAndSaysWhatWasDone) {
    options.quiet = true;
    machine.fails = "ufw";
    EXPECT_EQ(run(), -1);
    EXPECT_EQ(failure->detail, "`ufw`: refused");
    EXPECT_TRUE(says("Created a WinRM listener on HTTP://*"));
    EXPECT_FALSE(says("has been updated for remote management"));
}

TEST_F(Quick, ForceGoesOnWithoutTheFirewall) {
    options.quiet = options.force = true;
    machine.fails = "ufw";
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(says("Not done: `ufw`: refused"));
    machine.fails = "systemctl";
    machine.state = {true, true, false, "", "disabled"};
    EXPECT_EQ(run(), -1) << "a service that does not start is no trifle";
}

TEST(FitCertificate, IsValidNamedAndForServers) {
    const auto listed = [](const std::string& rows) { return R"({"schema":1,"own":[)" + rows + "]}"; };
    const auto one = [](const std::string& thumbprint, const std::string& more) {
        return R"({"thumbprint":")" + thumbprint +
               R"(","subject":"CN=x","has_key":true,"uses":["serverAuth"],"names":["WEB01"],)" +
               R"("not_before":"2026-01-01T00:00:00Z","not_after":"2027-01-01T00:00:00Z")" + more + "}";
    };
    const char* const now = "2026-11-22T03:31:00Z";
    EXPECT_EQ(fit_certificate(listed(one("A", "")), "web01", now), "A");
    EXPECT_EQ(fit_certificate(listed(one("A", "")), "web02", now), std::nullopt);
    EXPECT_EQ(fit_certificate(listed(one("A", "") + "," + one("B", R"(,"not_after":"2028-01-01T00:00:00Z")")),
                              "web01", now),
              "B");
    for (const char* wrong :
         {R"(,"has_key":false)", R"(,"uses":["clientAuth"])", R"(,"not_after":"2026-11-22T03:30:00Z")",
          R"(,"not_before":"2026-12-01T00:00:00Z")", R"(,"names":["other"])"})
        EXPECT_EQ(fit_certificate(listed(one("A", wrong)), "web01", now), std::nullopt) << wrong;
    EXPECT_EQ(
        fit_certificate(listed(one("A", R"(,"names":[],"subject":"CN=web01","uses":[])")), "web01", now),
        "A");
    for (const char* text : {"", "[]", "{}", R"({"own":1})", R"({"own":[1,{}]})"})
        EXPECT_EQ(fit_certificate(text, "web01", now), std::nullopt) << text;
}

TEST(MeansYes, IsYOrYes) {
    for (const char* yes : {"y", "Y", "yes", " YES ", "y\r"}) EXPECT_TRUE(means_yes(yes)) << yes;
    for (const char* no : {"", "n", "no", "yy", "yes please", "1"}) EXPECT_FALSE(means_yes(no)) << no;
}

}  // namespace
}  // namespace mullion::cli
