#include "cli/hosts.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/preparation.h"

namespace mullion::cli {
namespace {

std::vector<std::string> names(const Hosts& hosts) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < hosts.count(); ++i) all.push_back(hosts.name(i));
    return all;
}

target::GivenOptions flags(std::initializer_list<std::pair<std::string, std::string>> wanted) {
    target::GivenOptions given;
    for (const auto& [flag, value] : wanted) {
        for (const auto& row : target::option_table())
            if (row.flag == flag) given.flags.emplace_back(&row, value);
    }
    return given;
}

std::unique_ptr<Hosts> list(std::string_view text, const target::GivenOptions& given = {},
                            const InventoryOptions& options = {}) {
    auto hosts = make_host_list(text, given, options);
    return hosts.ok() ? std::move(hosts).value() : nullptr;
}

Error list_error(std::string_view text, const InventoryOptions& options = {}) {
    auto hosts = make_host_list(text, {}, options);
    return hosts.ok() ? Error(ErrorId::run_unknown, "no error") : std::move(hosts).error();
}

target::Target reach(Hosts& hosts, std::size_t host) {
    auto plan = hosts.plan(host);
    EXPECT_TRUE(plan.ok());
    return std::get<inventory::Reach>(*plan).target;
}

TEST(HostList, TakesNamesUrlsAndAddresses) {
    const auto hosts = list("web01, https://admin@web02:5999/wsman,::1,[::1]:5985,fe80::1%eth0,");
    ASSERT_NE(hosts, nullptr);
    EXPECT_EQ(names(*hosts),
              (std::vector<std::string>{"web01", "web02:5999", "::1", "[::1]:5985", "fe80::1%eth0"}));
    EXPECT_EQ(reach(*hosts, 1).user, "admin");
    EXPECT_EQ(reach(*hosts, 1).url(), "https://web02:5999/wsman");
    EXPECT_EQ(reach(*hosts, 3).url(), "http://[::1]:5985/wsman");
}

TEST(HostList, HasEachHostOnce) {
    EXPECT_EQ(names(*list("web01,web02,web01,https://web02:5986/wsman")),
              (std::vector<std::string>{"web01", "web02"}));
    EXPECT_EQ(list("a@web01,b@web01")->count(), 2U);
}

TEST(HostList, TellsHostsOfTheSameNameApart) {
    const auto hosts = list("http://web01,https://web01,web02");
    EXPECT_EQ(names(*hosts),
              (std::vector<std::string>{"http://web01:5985/wsman", "https://web01:5986/wsman", "web02"}));
    EXPECT_EQ(reach(*hosts, 0).name, "http://web01:5985/wsman");
}

TEST(HostList, FlagsAndVariablesAreForAll) {
    InventoryOptions options;
    options.extra_variables = {"ansible_port=5000", "ansible_winrm_path=/other"};
    const auto hosts = list("web01,web02:7000", flags({{"--port", "6000"}, {"--user", "me"}}), options);
    EXPECT_EQ(reach(*hosts, 0).port, 6000);
    EXPECT_EQ(reach(*hosts, 0).path, "/other");
    EXPECT_EQ(reach(*hosts, 0).user, "me");
    EXPECT_EQ(reach(*hosts, 1).port, 7000);
}

TEST(HostList, RefusesWhatIsNoHostBeforeAnythingIsRun) {
    EXPECT_EQ(list_error("web01,not a host").id, ErrorId::usage_target);
    EXPECT_EQ(list_error(",").id, ErrorId::usage_target);
    EXPECT_EQ(list_error("web01,https://u:secret@web02").id, ErrorId::usage_target);
    EXPECT_EQ(list_error("web01,https://u:secret@web02").message().find("secret"), std::string::npos);
}

TEST(HostList, SaysThatAPatternNeedsAnInventory) {
    for (const auto* pattern : {"all", "web*", "web[01:10]"}) {
        const auto advice = list_error(pattern).all_advice();
        EXPECT_NE(advice.front().find("-i PATH"), std::string::npos) << pattern;
    }
}

TEST(HostList, RefusesAVariableThatHasNoMeaning) {
    for (const auto* variable : {"colour=blue", "@file", "ansible_port", "ansible_port=x"}) {
        InventoryOptions options;
        options.extra_variables = {variable};
        EXPECT_EQ(list_error("web01", options).id, ErrorId::usage_invalid) << variable;
    }
}

TEST(IsPattern, NeedsAnInventoryAndNoUrl) {
    InventoryOptions none, one;
    one.inventories = {"hosts"};
    EXPECT_FALSE(is_pattern("web01", none));
    EXPECT_TRUE(is_pattern("web01", one));
    EXPECT_FALSE(is_pattern("https://web01", one));
    ::setenv("MULLION_INVENTORY", "hosts", 1);
    EXPECT_TRUE(is_pattern("web01", none));
    ::unsetenv("MULLION_INVENTORY");
}

Result<void> fill_https(const std::string& credential, target::Target& target) {
    target.user = "of " + credential;
    target.scheme = target::Scheme::https;
    target.port = 8443;
    target.transports = {"ntlm"};
    return {};
}

TEST(HostList, IsReachedAsTheCredentialSays) {
    const auto hosts = list("web01,web02:99,http://web03", flags({{"--transport", "negotiate"}}));
    ASSERT_TRUE(hosts->use_credential("account.win").ok());
    EXPECT_EQ(hosts->references(0).credential, "account.win");
    hosts->fill_credentials(fill_https);
    EXPECT_EQ(reach(*hosts, 0).url(), "https://web01:8443/wsman");
    EXPECT_EQ(reach(*hosts, 0).user, "of account.win");
    EXPECT_EQ(reach(*hosts, 0).transports, std::vector<std::string>{"negotiate"});
    EXPECT_EQ(reach(*hosts, 1).url(), "https://web02:99/wsman");
    const auto other = hosts->plan(2);
    ASSERT_FALSE(other.ok());
    EXPECT_NE(other.error().detail.find("http://web03 is http, and the credential account.win is for https"),
              std::string::npos);
    EXPECT_FALSE(list("me@web01")->use_credential("account.win").ok());
}

TEST(HostList, TakesItsCredentialFromAnExtraVariable) {
    InventoryOptions extra;
    extra.extra_variables = {"mullion_credential=account.win", "ansible_user=not-looked-at"};
    const auto hosts = list("web01", {}, extra);
    ASSERT_NE(hosts, nullptr);
    hosts->fill_credentials(fill_https);
    EXPECT_EQ(reach(*hosts, 0).user, "of account.win");
}

// Hosts whose plans a test writes down.
class FakeHosts final : public Hosts {
public:
    std::vector<std::function<Result<inventory::Plan>()>> plans;
    std::size_t planned = 0;
    std::size_t count() const override { return plans.size(); }
    std::string name(std::size_t host) const override { return "h" + std::to_string(host); }
    Result<inventory::Plan> plan(std::size_t host) override {
        ++planned;
        return plans[host]();
    }
};

Result<inventory::Plan> reached(const std::string& user, const char* password) {
    inventory::Reach reach;
    reach.target.user = user;
    reach.target.transports = {"ntlm"};
    if (password != nullptr) reach.password = Secret(password);
    return inventory::Plan(std::move(reach));
}

// Asking for the operator's password fails, and never speaks to a terminal.
class PreparationTest : public ::testing::Test {
protected:
    void SetUp() override { ::setenv("MULLION_PASSWORD_FILE", "/nonexistent/password", 1); }
    void TearDown() override { ::unsetenv("MULLION_PASSWORD_FILE"); }
    const PasswordSource no_password{};
    const SecretWords words{};
};

TEST_F(PreparationTest, UsesTheHostsOwnPasswordAndAsksForNone) {
    FakeHosts hosts;
    hosts.plans = {[] { return reached("u", "one"); }, [] { return reached("u", "two"); }};
    HostSecrets secrets(hosts, words, {"test", {}, {}}, {});
    Preparation preparation(hosts, secrets, no_password);
    ASSERT_TRUE(preparation.check().ok());
    for (std::size_t i = 0; i < 2; ++i) {
        const auto prepared = preparation.prepare(i);
        const auto* work = std::get_if<fleet::Work>(&prepared);
        ASSERT_NE(work, nullptr);
        EXPECT_TRUE(work->credential.password.same_as(Secret(i == 0 ? "one" : "two")));
    }
    EXPECT_EQ(hosts.planned, 2U) << "the first host's plan is kept";
}

TEST_F(PreparationTest, AFlagForThePasswordWinsOverTheHostsOwn) {
    FakeHosts hosts;
    hosts.plans = {[] { return reached("u", "one"); }};
    HostSecrets secrets(hosts, words, {"test", {}, {}}, {});
    Preparation preparation(hosts, secrets, PasswordSource{false, "/nonexistent/other"});
    const auto checked = preparation.check();
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().id, ErrorId::usage_file);
}

TEST_F(PreparationTest, WhatAllLackIsOneError) {
    FakeHosts hosts;
    hosts.plans = {[] { return reached("", "x"); }, [] { return reached("", "x"); }};
    HostSecrets secrets(hosts, words, {"test", {}, {}}, {});
    Preparation preparation(hosts, secrets, no_password);
    const auto checked = preparation.check();
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().id, ErrorId::auth_credentials);
    EXPECT_EQ(checked.error().host, "");
}

TEST_F(PreparationTest, WhatOneLacksIsItsOwnResult) {
    FakeHosts hosts;
    hosts.plans = {[] { return reached("", "x"); }, [] { return reached("u", "x"); },
                   [] { return reached("u", nullptr); }};
    HostSecrets secrets(hosts, words, {"test", {}, {}}, {});
    Preparation preparation(hosts, secrets, no_password);
    ASSERT_TRUE(preparation.check().ok());
    const auto first = preparation.prepare(0);
    EXPECT_EQ(std::get<fleet::NotRun>(first).error->id, ErrorId::auth_credentials);
    EXPECT_TRUE(std::holds_alternative<fleet::Work>(preparation.prepare(1)));
    const auto third = preparation.prepare(2);
    EXPECT_EQ(std::get<fleet::NotRun>(third).error->id, ErrorId::usage_file);
}

TEST_F(PreparationTest, PassesOnWhyAHostIsSkipped) {
    FakeHosts hosts;
    hosts.plans = {[] { return Result<inventory::Plan>(inventory::Plan(inventory::Skip{"ssh"})); }};
    HostSecrets secrets(hosts, words, {"test", {}, {}}, {});
    Preparation preparation(hosts, secrets, no_password);
    ASSERT_TRUE(preparation.check().ok());
    const auto prepared = preparation.prepare(0);
    const auto& not_run = std::get<fleet::NotRun>(prepared);
    EXPECT_FALSE(not_run.error);
    EXPECT_EQ(not_run.reason, "ssh");
}

}  // namespace
}  // namespace mullion::cli
