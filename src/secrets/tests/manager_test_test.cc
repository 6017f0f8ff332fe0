#include "secrets/managers/manager_test.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "secrets/tests/played_kms.h"

namespace mullion::secrets {
namespace {

const std::string key = "arn:aws:kms:us-east-1:111122223333:key/1111abcd-12ab-34cd-56ef-1234567890ab";

class ManagerTestTest : public testing::Test {
protected:
    ManagerTestTest() {
        played.kms.keys[key] = "Enabled";
        connector.credential = AwsKeys{};
        connector.key_arn = key;
    }
    ManagerTest test() {
        return test_aws_kms(connector, {Secret("AKIA"), Secret("s"), {}}, {"dc1", {}}, played.world());
    }
    // The cause and id of the first step that failed.
    std::string failure(const std::string& step) {
        const auto result = test();
        EXPECT_FALSE(result.passed());
        const auto* const failed = result.first_failed();
        if (failed == nullptr) return "passed";
        EXPECT_EQ(failed->name, step);
        EXPECT_FALSE(failed->error->all_advice().empty());
        return failed->cause + " " + std::string(failed->error->info().id);
    }
    static std::string states(const ManagerTest& result) {
        std::string out;
        for (const auto& step : result.steps)
            out += step.name + "=" + std::string(to_string(step.state)) + " ";
        return out;
    }

    PlayedAws played;
    AwsKmsConnector connector;
};

TEST_F(ManagerTestTest, PassesWithEverythingFoundOut) {
    const auto result = test();
    EXPECT_EQ(states(result), "settings=ok credentials=ok identity=ok key=ok round-trip=ok clock=ok ");
    EXPECT_EQ(result.key, key);
    EXPECT_EQ(result.key_state, "Enabled");
    EXPECT_EQ(result.caller, "arn:aws:iam::111122223333:user/op");
    EXPECT_EQ(result.skew, Duration(0));
    EXPECT_NE(result.text().find("the secret manager works"), std::string::npos);
    const auto json = nlohmann::json::parse(result.json());
    EXPECT_EQ(json.at("schema"), 1);
    EXPECT_EQ(json.at("result"), "ok");
    EXPECT_EQ(json.at("delegate"), "dc1");
    EXPECT_EQ(json.at("at"), "2025-12-18T00:00:00Z");
    EXPECT_EQ(json.at("skew_ms"), 0);
    EXPECT_EQ(json.at("steps").size(), 6U);
}

TEST_F(ManagerTestTest, TellsCausesApart) {
    played.kms.fails["STS"] = "InvalidClientTokenId";
    EXPECT_EQ(failure("identity"), "credential-refused aws.refused");
    played.kms.fails = {{"GenerateDataKey", "AccessDeniedException"}};
    EXPECT_EQ(failure("round-trip"), "no-right aws.refused");
    played.kms.fails = {{"GenerateDataKey", "ThrottlingException"}};
    EXPECT_EQ(failure("round-trip"), "throttled aws.throttled");
    played.kms.fails = {{"Decrypt", "InvalidCiphertextException"}};
    EXPECT_EQ(failure("round-trip"), "wrong-context secrets.tampered");
    played.kms.fails = {{"DescribeKey", "NotFoundException"}};
    EXPECT_EQ(failure("key"), "key-missing aws.refused");
    played.kms.fails = {{"DescribeKey", "KMSInternalException"}};
    EXPECT_EQ(failure("key"), "unreachable aws.unreachable");
    played.kms.fails = {};
    played.kms.keys[key] = "Disabled";
    EXPECT_EQ(failure("key"), "key-disabled aws.refused");
    played.kms.keys[key] = "PendingDeletion";
    EXPECT_EQ(failure("key"), "key-unusable aws.refused");
    connector.key_arn = "";
    EXPECT_EQ(failure("settings"), "settings secrets.invalid");
    connector.key_arn = key;
    connector.selectors = {"berlin"};
    EXPECT_EQ(failure("settings"), "delegate usage.unsupported");
    connector.selectors = {};
    connector.credential = AwsRoleOfTheMachine{};
    connector.region = "us-east-1";
    played.environment["AWS_EC2_METADATA_DISABLED"] = "true";
    EXPECT_EQ(failure("credentials"), "no-credentials aws.credentials");
}

TEST_F(ManagerTestTest, AnUnreachableStsIsAWarning) {
    played.kms.fails["STS"] = "away";
    const auto result = test();
    EXPECT_TRUE(result.passed());
    EXPECT_EQ(states(result), "settings=ok credentials=ok identity=warning key=ok round-trip=ok clock=ok ");
}

TEST_F(ManagerTestTest, AKeyThatMayNotBeDescribedIsAWarning) {
    played.kms.fails["DescribeKey"] = "AccessDeniedException";
    const auto result = test();
    EXPECT_TRUE(result.passed());
    EXPECT_EQ(states(result), "settings=ok credentials=ok identity=ok key=warning round-trip=ok clock=ok ");
}

TEST_F(ManagerTestTest, AClockThatIsWrongIsAWarningWithItsDirection) {
    played.kms.date = "Thu, 18 Dec 2025 00:03:00 GMT";
    const auto result = test();
    EXPECT_TRUE(result.passed());
    EXPECT_EQ(result.steps.back().cause, "clock");
    EXPECT_NE(result.steps.back().text.find("180 s behind AWS's"), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(result.json()).at("skew_ms"), 180'000);
}

TEST_F(ManagerTestTest, WhatWasNotTriedIsSkipped) {
    played.kms.fails["STS"] = "InvalidClientTokenId";
    const auto result = test();
    EXPECT_EQ(states(result),
              "settings=ok credentials=ok identity=failed key=skipped round-trip=skipped clock=skipped ");
    const auto json = nlohmann::json::parse(result.json());
    EXPECT_EQ(json.at("result"), "failed");
    EXPECT_EQ(json.at("steps")[2].at("error").at("id"), "aws.refused");
    EXPECT_TRUE(json.at("key").is_null());
    EXPECT_NE(result.text().find("next: "), std::string::npos);
}

}  // namespace
}  // namespace mullion::secrets
