// Config over loopback: real connections, a host in memory behind them.
#include "client/config.h"

#include <gtest/gtest.h>

#include <future>

#include "client/client.h"
#include "client/tests/loopback_service.h"
#include "wsman/fault.h"

namespace mullion::client {
namespace {

class ConfigTest : public ::testing::Test {
protected:
    ConfigTest() {
        host().config.add_listener("*", "HTTP", std::to_string(service.target().port));
        session = std::move(Session::make(runtime, service.target(), service.credential())).value();
    }
    testing::FakeHost& host() { return service.host(); }
    const std::vector<std::string>& seen() { return host().config.seen; }

    testing::LoopbackService service;
    Runtime runtime;
    std::unique_ptr<Session> session;
};

TEST_F(ConfigTest, GetsOneSettingOrASection) {
    Config config(*session);
    const auto one = config.get("WSMan:\\localhost\\Service\\Auth\\Basic");
    ASSERT_TRUE(one.ok()) << one.error().message();
    EXPECT_EQ(*one, (std::vector<wsman::ConfigValue>{{"Service/Auth/Basic", "false", "", false}}));
    EXPECT_EQ(config.get("winrm/config/winrs")->size(), 7U);
    EXPECT_EQ(config.get("Listener/Port")->front().path, "Listener?Address=*+Transport=HTTP/Port");
    EXPECT_EQ(seen(), (std::vector<std::string>{"Get service/auth", "Get winrs", "Enumerate listener"}));
    EXPECT_EQ(config.get("Service/Nothing").error().id, ErrorId::usage_invalid);
    EXPECT_EQ(seen().size(), 3U);
}

TEST_F(ConfigTest, GetsAllThereIs) {
    const auto all = Config(*session).all();
    ASSERT_TRUE(all.ok());
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->front().values.size(), 44U);
}

TEST_F(ConfigTest, SetsWhatDiffersAndNothingElse) {
    Config config(*session);
    const auto outcome = config.set({{"Service/Auth/Basic", "true"}, {"Service/Auth/Kerberos", "true"}});
    ASSERT_FALSE(outcome.error) << outcome.error->message();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_EQ(outcome.done, 1U);
    EXPECT_EQ(outcome.plan.changes[0].differences,
              (std::vector<ConfigDifference>{{"Service/Auth/Basic", "false", "true"}}));
    EXPECT_EQ(host().config.tree["Service/Auth/Basic"].text, "true");
    const auto again = config.set({{"Service/Auth/Basic", "true"}});
    EXPECT_TRUE(again.plan.changes.empty());
    EXPECT_EQ(seen(), (std::vector<std::string>{"Get service/auth", "Put service/auth", "Get service/auth"}));
}

TEST_F(ConfigTest, MakesAndRemovesListeners) {
    Config config(*session);
    const std::string name = "Listener?Address=*+Transport=HTTPS";
    EXPECT_EQ(config.set({{name + "/Port", "5986"}, {name + "/Hostname", "h"}}).done, 1U);
    ASSERT_NE(host().config.find(name), nullptr);
    EXPECT_EQ(host().config.find(name)->find("Port")->text, "5986");
    EXPECT_EQ(config.set({{name + "/Hostname", "other"}}).status, Status::ok);
    EXPECT_EQ(host().config.find(name)->find("Hostname")->text, "other");
    EXPECT_EQ(config.remove(name).done, 1U);
    EXPECT_EQ(host().config.find(name), nullptr);
    const auto last = config.remove("Listener");
    EXPECT_EQ(last.status, Status::not_started);
    EXPECT_EQ(last.error->id, ErrorId::config_last_listener);
    EXPECT_EQ(host().config.instances.size(), 1U);
}

TEST_F(ConfigTest, ReadsAnEnumerationInPages) {
    for (int i = 1; i < 10; ++i) host().config.add_listener("IP:10.0.0." + std::to_string(i), "HTTP", "80");
    host().config.page = 4;
    EXPECT_EQ(Config(*session).get("Listener/Port")->size(), 10U);
    EXPECT_EQ(seen(), (std::vector<std::string>{"Enumerate listener", "Pull listener", "Pull listener"}));
}

TEST_F(ConfigTest, CallsBack) {
    std::promise<std::size_t> count;
    Config(*session).get_async("Winrs", [&](Result<std::vector<wsman::ConfigValue>> got) {
        count.set_value(got.ok() ? got->size() : 0);
    });
    EXPECT_EQ(count.get_future().get(), 7U);
    std::promise<Status> set, removed;
    Config(*session).set_async({{"MaxTimeoutms", "1000"}},
                               [&](const ConfigOutcome& outcome) { set.set_value(outcome.status); });
    EXPECT_EQ(set.get_future().get(), Status::ok);
    Config(*session).remove_async("Service/Auth",
                                  [&](const ConfigOutcome& outcome) { removed.set_value(outcome.status); });
    EXPECT_EQ(removed.get_future().get(), Status::not_started);
}

TEST_F(ConfigTest, TellsTheHostsFault) {
    host().config.tree["Service/Auth/Basic"].source = "GPO";
    const auto outcome = Config(*session).set({{"Service/Auth/Basic", "true"}});
    EXPECT_EQ(outcome.status, Status::refused);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->id, ErrorId::wsman_fault);
    EXPECT_EQ(outcome.error->wsman_code, wsman::code::policy_controlled);
    EXPECT_EQ(outcome.error->step, "change the configuration");
    EXPECT_EQ(outcome.done, 0U);
    EXPECT_EQ(outcome.plan.warnings.size(), 1U);
}

TEST_F(ConfigTest, StopsAtTheFirstFailureAndSaysHowFarItCame) {
    host().config.tree["Service/Auth/Basic"].source = "GPO";
    const auto outcome = Config(*session).set(
        {{"MaxTimeoutms", "1000"}, {"Service/Auth/Basic", "true"}, {"Winrs/IdleTimeout", "1"}});
    EXPECT_EQ(outcome.status, Status::refused);
    EXPECT_EQ(outcome.done, 1U);
    EXPECT_EQ(outcome.plan.changes.size(), 3U);
    EXPECT_EQ(host().config.tree["Winrs/IdleTimeout"].text, "7200000");
}

TEST_F(ConfigTest, SaysWhereTheHostKeepsAnotherValue) {
    host().config.keeps["MaxTimeoutms"] = "5000";
    const auto outcome = Config(*session).set({{"MaxTimeoutms", "1000"}});
    EXPECT_EQ(outcome.status, Status::ok);
    ASSERT_EQ(outcome.plan.warnings.size(), 1U);
    EXPECT_NE(outcome.plan.warnings[0].find("5000"), std::string::npos);
}

TEST_F(ConfigTest, SaysThatAnAccountMayNotRead) {
    host().troubles["Get"] = {{testing::Trouble::fault, wsman::code::access_denied}};
    EXPECT_EQ(Config(*session).get("Service").error().id, ErrorId::wsman_access_denied);
    host().troubles["Get"] = {{testing::Trouble::fault, wsman::code::unexpected_selectors}};
    EXPECT_EQ(Config(*session).get("Service").error().id, ErrorId::wsman_fault) << "there is no shell here";
}

}  // namespace
}  // namespace mullion::client
