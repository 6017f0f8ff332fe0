#include "client/config_plan.h"

#include <gtest/gtest.h>

#include "client/tests/fake_config.h"

namespace mullion::client {
namespace {

using Kind = ConfigChange::Kind;

// A host with both usual listeners that was reached by https, and one mapping.
class ConfigPlanTest : public ::testing::Test {
protected:
    void SetUp() override {
        testing::FakeConfig config;
        for (const auto& resource : wsman::config_resources()) {
            if (!resource.keys.empty()) continue;
            auto document = wsman::new_config_document(resource);
            for (const auto& row : resource.rows)
                document.values.push_back(config.tree[std::string(row.path)]);
            now.documents.push_back(std::move(document));
        }
        config.add_listener("*", "HTTP", "5985");
        config.add_listener("*", "HTTPS", "5986");
        for (auto& one : config.instances) now.documents.push_back(std::move(one));
        now.https = true;
        now.port = 5986;
    }

    static ConfigAssignment assignment(const std::string& text) {
        auto read = parse_config_assignment(text);
        if (!read.ok()) throw std::runtime_error(read.error().message());
        const auto checked = check_assignment(*read);
        if (!checked.ok()) throw std::runtime_error(checked.error().message());
        return std::move(read).value();
    }

    Result<ConfigPlan> set(const std::vector<std::string>& words, const ConfigPlanOptions& options = {}) {
        std::vector<ConfigAssignment> wanted;
        for (const auto& word : words) wanted.push_back(assignment(word));
        return plan_set(wanted, now, options);
    }

    Result<ConfigPlan> remove(const std::string& path, const ConfigPlanOptions& options = {}) {
        return plan_remove({parse_config_path(path).value()}, now, options);
    }

    wsman::ConfigDocument& listener(const std::string& name) {
        for (auto& document : now.documents)
            if (instance_name(document) == name) return document;
        throw std::runtime_error(name);
    }

    ConfigRead now;
};

TEST_F(ConfigPlanTest, SendsOnlyWhatDiffersToTheSmallestResource) {
    const auto plan = set({"Service/Auth/Basic=$true", "Service/Auth/Kerberos=true",
                           "Service/DefaultPorts/HTTP=80", "MaxTimeoutms=60000"});
    ASSERT_TRUE(plan.ok()) << plan.error().message();
    ASSERT_EQ(plan->changes.size(), 2U);
    EXPECT_EQ(plan->changes[0].target.resource->path, "service/auth");
    EXPECT_EQ(plan->changes[0].document.values,
              (std::vector<wsman::ConfigValue>{{"Service/Auth/Basic", "true", "", false}}));
    EXPECT_EQ(plan->changes[0].differences,
              (std::vector<ConfigDifference>{{"Service/Auth/Basic", "false", "true"}}));
    // DefaultPorts cannot be put by itself.
    EXPECT_EQ(plan->changes[1].target.resource->path, "service");
    EXPECT_TRUE(plan->warnings.empty());
}

TEST_F(ConfigPlanTest, TheLastOfTwoValuesCounts) {
    const auto plan = set({"MaxTimeoutms=1000", "MaxTimeoutms=2000"});
    ASSERT_EQ(plan->changes.size(), 1U);
    EXPECT_EQ(plan->changes[0].document.values.size(), 1U);
    EXPECT_EQ(plan->changes[0].differences[0].to, "2000");
    EXPECT_TRUE(set({"MaxTimeoutms=1000", "MaxTimeoutms=60000"})->changes.empty());
}

TEST_F(ConfigPlanTest, MakesAListenerThatIsNotThere) {
    const auto plan = set({"Listener?Address=IP:10.0.0.1+Transport=HTTP/Port=80",
                           "Listener?Address=IP:10.0.0.1+Transport=HTTP/Enabled=true"});
    ASSERT_TRUE(plan.ok());
    ASSERT_EQ(plan->changes.size(), 1U);
    EXPECT_EQ(plan->changes[0].kind, Kind::create);
    EXPECT_EQ(plan->changes[0].document.values.size(), 2U);
    // One that is there is not made again, one of which keys are missing cannot be.
    EXPECT_TRUE(set({"Listener?Address=*+Transport=HTTP"})->changes.empty());
    EXPECT_EQ(set({"Listener?Address=IP:10.0.0.1/Port=1"}).error().id, ErrorId::usage_invalid);
    EXPECT_EQ(set({"Listener?Address=IP:10.0.0.1+Transport=HTTP"})->changes[0].kind, Kind::create);
}

TEST_F(ConfigPlanTest, ChangesEachListenerThatIsMeant) {
    const auto plan = set({"Listener/*/Hostname=h"});
    ASSERT_EQ(plan->changes.size(), 2U);
    EXPECT_EQ(plan->changes[0].differences[0].path, "Listener?Address=*+Transport=HTTP/Hostname");
    EXPECT_TRUE(plan->warnings.empty());
}

TEST_F(ConfigPlanTest, TouchesTheListenerInUseLastAndSaysSo) {
    for (const auto* word : {"Listener?Transport=HTTPS/Port=443", "Listener?Transport=HTTPS/Enabled=false",
                             "Listener?Transport=HTTPS/URLPrefix=x"}) {
        const auto plan = set({word, "Listener?Transport=HTTP/Hostname=h", "MaxTimeoutms=1000"});
        ASSERT_TRUE(plan.ok()) << plan.error().message();
        ASSERT_EQ(plan->changes.size(), 3U);
        EXPECT_EQ(instance_name(plan->changes[2].target), "Listener?Address=*+Transport=HTTPS") << word;
        ASSERT_EQ(plan->warnings.size(), 1U);
        EXPECT_NE(plan->warnings[0].find("5986"), std::string::npos);
    }
    const auto gone = remove("WSMan:\\localhost\\Listener\\Transport=HTTPS");
    ASSERT_EQ(gone->changes.size(), 1U);
    EXPECT_EQ(gone->changes[0].kind, Kind::remove);
    EXPECT_EQ(gone->warnings.size(), 1U);
    EXPECT_TRUE(remove("Listener?Transport=HTTP")->warnings.empty());
}

TEST_F(ConfigPlanTest, LeavesAListenerUnlessForced) {
    const auto refused = remove("Listener");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::config_last_listener);
    EXPECT_NE(refused.error().detail.find("--force"), std::string::npos);
    EXPECT_EQ(remove("Listener", {.force = true, .password = {}})->changes.size(), 2U);
    EXPECT_EQ(set({"Listener/*/Enabled=false"}).error().id, ErrorId::config_last_listener);
    EXPECT_TRUE(set({"Listener/*/Enabled=false", "Listener?Address=IP:::1+Transport=HTTP"}).ok());
    // One that is switched off already keeps nobody in.
    for (auto& value : listener("Listener?Address=*+Transport=HTTP").values)
        if (value.path == "Enabled") value.text = "false";
    EXPECT_FALSE(remove("Listener?Transport=HTTPS").ok());
    EXPECT_TRUE(remove("Listener?Transport=HTTP").ok());
}

TEST_F(ConfigPlanTest, RemovesOnlyWhatCanBeAndIsThere) {
    EXPECT_FALSE(remove("Service/Auth/Basic").ok());
    EXPECT_FALSE(remove("Listener?Transport=HTTP/Port").ok());
    EXPECT_TRUE(remove("Listener?Address=IP:::1")->changes.empty());
    const auto missing = remove("Listener?Address=IP:::1+Transport=HTTP");
    EXPECT_NE(missing.error().detail.find("Listener?Address=*+Transport=HTTPS"), std::string::npos);
}

TEST_F(ConfigPlanTest, SaysWhatPolicyWillRefuse) {
    for (auto& document : now.documents)
        for (auto& value : document.values)
            if (value.path == "Service/Auth/Basic") value.source = "GPO";
    EXPECT_EQ(set({"Service/Auth/Basic=true"})->warnings.size(), 1U);
    EXPECT_TRUE(set({"Service/Auth/Basic=false"})->warnings.empty());
    listener("Listener?Address=*+Transport=HTTP").source = "GPO";
    EXPECT_EQ(remove("Listener?Transport=HTTP")->warnings.size(), 1U);
}

TEST_F(ConfigPlanTest, GivesMappingsTheirPasswordAndShowsNone) {
    const std::string mapping = "CertMapping?URI=*+Subject=u@x+Issuer=" + std::string(40, 'A');
    const ConfigPlanOptions with{.force = false, .password = std::make_shared<const Secret>("canary")};
    const auto plan = set({mapping + "/UserName=u", "MaxTimeoutms=1000"}, with);
    ASSERT_TRUE(plan.ok());
    ASSERT_EQ(plan->changes.size(), 2U);
    EXPECT_TRUE(plan->changes[0].document.password->same_as(Secret("canary")));
    EXPECT_FALSE(plan->changes[1].document.password);
    for (const auto& difference : plan->changes[0].differences)
        EXPECT_EQ(difference.to->find("canary"), std::string::npos);
    EXPECT_FALSE(set({mapping})->changes[0].document.password);
}

TEST(ConfigAssignment, IsOneThatAHostCanBeAsked) {
    for (const char* text :
         {"Service", "Service=1", "MaxTimeoutms", "MaxTimeoutms=1", "Service/Auth/Basic=maybe",
          "MaxProviderRequests=1", "Listener/Port=0", "Listener/*/ListeningOn=::1",
          "CertMapping/Password=canary", "Service/Auth/CbtHardeningLevel=Loose"}) {
        auto read = parse_config_assignment(text);
        ASSERT_TRUE(read.ok()) << text;
        const auto checked = check_assignment(*read);
        ASSERT_FALSE(checked.ok()) << text;
        EXPECT_EQ(checked.error().id, ErrorId::usage_invalid);
        EXPECT_EQ(checked.error().detail.find("canary"), std::string::npos);
    }
    auto spelt = parse_config_assignment("service/auth/cbthardeninglevel=strict").value();
    ASSERT_TRUE(check_assignment(spelt).ok());
    EXPECT_EQ(spelt.value, "Strict");
}

}  // namespace
}  // namespace mullion::client
