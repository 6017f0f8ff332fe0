#include "secrets/managers/aws_kms.h"

#include <gtest/gtest.h>

#include "secrets/tests/played_kms.h"

namespace mullion::secrets {
namespace {

const std::string first = "arn:aws:kms:us-east-1:111122223333:key/1111abcd-12ab-34cd-56ef-1234567890ab";
const std::string second = "arn:aws:kms:us-east-1:111122223333:key/2222abcd-12ab-34cd-56ef-1234567890ab";
const std::string elsewhere = "arn:aws:kms:eu-west-1:111122223333:key/3333abcd-12ab-34cd-56ef-1234567890ab";
const std::string twin_east = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const std::string twin_west = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const WrapContext context{{"app", "mullion"}, {"scope", "account"}};

class AwsKmsTest : public testing::Test {
protected:
    AwsKmsTest() {
        for (const auto& key : {first, second, elsewhere, twin_east, twin_west})
            played.kms.keys[key] = "Enabled";
        played.kms.alias_of = first;
    }

    static AwsKmsConnector connector(const std::string& key) {
        AwsKmsConnector made;
        made.credential = AwsKeys{};
        made.key_arn = key;
        return made;
    }
    static AwsKmsValues keys() { return {Secret("AKIA"), Secret("secret"), {}}; }
    std::unique_ptr<AwsKms> manager(const AwsKmsConnector& made) {
        auto manager = AwsKms::make(made, keys(), {"dc1", {}}, played.world());
        EXPECT_TRUE(manager.ok()) << (manager.ok() ? "" : manager.error().detail);
        return manager.ok() ? std::move(*manager) : nullptr;
    }
    std::string refusal(const AwsKmsConnector& made, AwsKmsValues values = keys()) {
        const auto manager = AwsKms::make(made, std::move(values), {"dc1", {}}, played.world());
        return manager.ok() ? "made" : manager.error().detail;
    }

    PlayedAws played;
};

TEST_F(AwsKmsTest, WrapsAndUnwraps) {
    const auto kms = manager(connector(first));
    const auto made = kms->generate(context);
    ASSERT_TRUE(made.ok()) << made.error().detail;
    EXPECT_EQ(made->wrapped.manager_key, first);
    EXPECT_EQ(made->key.expose().size(), 32U);
    EXPECT_TRUE(kms->unwrap(made->wrapped, context).value().same_as(made->key));
}

TEST_F(AwsKmsTest, AnotherContextIsTampering) {
    const auto kms = manager(connector(first));
    const auto made = kms->generate(context);
    EXPECT_EQ(kms->unwrap(made->wrapped, {{"app", "mullion"}, {"scope", "org:O"}}).error().id,
              ErrorId::secrets_tampered);
    EXPECT_EQ(kms->unwrap({second, made->wrapped.blob}, context).error().id,
              ErrorId::secrets_tampered);  // Another key's.
    EXPECT_EQ(kms->unwrap({"file:1", made->wrapped.blob}, context).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(
        kms->unwrap({"arn:aws:kms:us-east-1:111122223333:alias/x", made->wrapped.blob}, context).error().id,
        ErrorId::secrets_tampered);
}

// Who can write the store could name a key of their own there, and know from then on what is sealed.
TEST_F(AwsKmsTest, KeysOfAnotherAccountAreNotUsed) {
    const std::string theirs = "arn:aws:kms:us-east-1:999999999999:key/4444abcd-12ab-34cd-56ef-1234567890ab";
    const std::string near = "arn:aws:kms:eu-west-1:999999999999:key/4444abcd-12ab-34cd-56ef-1234567890ab";
    for (const auto& key : {theirs, near}) {
        played.kms.keys[key] = "Enabled";
        const auto planted = manager(connector(key))->generate(context);
        ASSERT_TRUE(planted.ok()) << planted.error().detail;
        const auto kms = manager(connector(first));
        const auto asked = played.kms.asked.size();
        EXPECT_EQ(kms->unwrap(planted->wrapped, context).error().id, ErrorId::secrets_tampered);
        EXPECT_EQ(kms->rewrap(planted->wrapped, context).error().id, ErrorId::secrets_tampered);
        EXPECT_EQ(played.kms.asked.size(), asked) << "AWS was asked";
    }
}

TEST_F(AwsKmsTest, AnAliasIsKeptAsTheKeyItMeant) {
    auto made = connector("alias/mullion");
    made.region = "us-east-1";
    const auto kms = manager(made);
    const auto wrapped = kms->generate(context);
    ASSERT_TRUE(wrapped.ok()) << wrapped.error().detail;
    EXPECT_EQ(wrapped->wrapped.manager_key, first);
    played.kms.alias_of = second;  // The alias moves on; what was wrapped stays readable.
    EXPECT_TRUE(kms->unwrap(wrapped->wrapped, context).ok());
    const auto again = kms->rewrap(wrapped->wrapped, context);
    ASSERT_TRUE(again.ok()) << again.error().detail;
    EXPECT_EQ(again->manager_key, second);
    EXPECT_TRUE(kms->unwrap(*again, context).value().same_as(wrapped->key));
    EXPECT_EQ(played.kms.asked.at(2), "kms.us-east-1.amazonaws.com ReEncrypt");
}

TEST_F(AwsKmsTest, KeysOfAnotherRegionAreOpenedThereAndSealedHere) {
    const auto wrapped = manager(connector(elsewhere))->generate(context);
    ASSERT_TRUE(wrapped.ok());
    const auto kms = manager(connector(first));
    const auto again = kms->rewrap(wrapped->wrapped, context);
    ASSERT_TRUE(again.ok()) << again.error().detail;
    EXPECT_EQ(again->manager_key, first);
    EXPECT_TRUE(kms->unwrap(*again, context).value().same_as(wrapped->key));
    EXPECT_EQ(played.kms.asked,
              (std::vector<std::string>{
                  "kms.eu-west-1.amazonaws.com GenerateDataKey", "kms.eu-west-1.amazonaws.com Decrypt",
                  "kms.us-east-1.amazonaws.com Encrypt", "kms.us-east-1.amazonaws.com Decrypt"}));
    auto fixed = connector(first);
    fixed.endpoint = "https://vpce.example";
    EXPECT_EQ(manager(fixed)->unwrap(wrapped->wrapped, context).error().id, ErrorId::secrets_key);
}

TEST_F(AwsKmsTest, AReplicaOpensWhatItsTwinWrapped) {
    const auto wrapped = manager(connector(twin_east))->generate(context);
    ASSERT_TRUE(wrapped.ok());
    EXPECT_TRUE(manager(connector(twin_west))->unwrap(wrapped->wrapped, context).ok());
    EXPECT_EQ(played.kms.asked.back(), "kms.us-west-2.amazonaws.com Decrypt");
}

TEST_F(AwsKmsTest, RegionFollowsTheArnOnlyForAccessKeys) {
    EXPECT_EQ(manager(connector(elsewhere))->region(), "eu-west-1");
    auto machine = connector(first);
    machine.credential = AwsRoleOfTheMachine{};
    EXPECT_EQ(refusal(machine), "Region cannot be empty");
    machine.region = "us-east-1";
    EXPECT_EQ(refusal(machine), "made");
    machine.region = "eu-west-1";
    EXPECT_NE(refusal(machine).find("the region is eu-west-1"), std::string::npos);
    EXPECT_NE(refusal(connector("alias/x")).find("Region cannot be empty"), std::string::npos);
}

// Harness's words of secrets.md 1.3.
TEST_F(AwsKmsTest, RefusesWhatIsEmptyInHarnesssWords) {
    EXPECT_EQ(refusal(connector("")), "Key Arn cannot be empty");
    EXPECT_EQ(refusal(connector(first), {Secret(""), Secret("s"), {}}), "Access key cannot be empty.");
    EXPECT_EQ(refusal(connector(first), {Secret("a"), Secret(""), {}}), "Secret key cannot be empty.");
    auto sts = connector(first);
    sts.region = "us-east-1";
    sts.credential = AwsAssumedRole{};
    EXPECT_EQ(refusal(sts), "Role Arn cannot be Empty.");
    sts.credential = AwsOidc{};
    EXPECT_EQ(refusal(sts), "Role Arn cannot be Empty.");
}

// A file secret is kept byte for byte, with what an editor left at its end.
TEST_F(AwsKmsTest, AccessKeysMayBeFilesWithALineEnd) {
    const auto signed_with = [&](const char* access_key, const char* secret_key) {
        auto made = AwsKms::make(connector(first), {Secret(access_key), Secret(secret_key), {}}, {"dc1", {}},
                                 played.world());
        EXPECT_TRUE(made.ok() && (*made)->generate(context).ok());
        return played.kms.authorization;
    };
    const auto plain = signed_with("AKIA", "secret");
    EXPECT_NE(plain.find("Credential=AKIA/"), std::string::npos);
    EXPECT_EQ(signed_with("AKIA\n", "secret\n"), plain);
    EXPECT_EQ(signed_with("AKIA\r\n", "secret\r\n"), plain);
    for (const char* const wrong : {"AK IA", "AKIA\n\n", "AKIA\nX-Other: 1", "\tAKIA", "AKIA\xC3\xA9"}) {
        EXPECT_NE(refusal(connector(first), {Secret(wrong), Secret("s"), {}}).find("Access key has a blank"),
                  std::string::npos)
            << wrong;
        EXPECT_NE(refusal(connector(first), {Secret("A"), Secret(wrong), {}}).find("Secret key has a blank"),
                  std::string::npos)
            << wrong;
    }
    EXPECT_EQ(refusal(connector(first), {Secret("\n"), Secret("s"), {}}), "Access key cannot be empty.");
}

TEST_F(AwsKmsTest, RefusesARoleThatCannotBeAssumed) {
    auto made = connector(first);
    made.region = "us-east-1";
    made.credential = AwsAssumedRole{"arn:aws:iam::111122223333:role/m", "", 899};
    EXPECT_NE(refusal(made).find("900 to 43200"), std::string::npos);
    made.credential = AwsAssumedRole{"arn:aws:iam::111122223333:role/m", "a b", 900};
    EXPECT_NE(refusal(made).find("external id"), std::string::npos);
    made.credential = AwsAssumedRole{"arn:aws-cn:iam::111122223333:role/m", "", 900};
    EXPECT_NE(refusal(made).find("partition"), std::string::npos);
    made.credential = AwsOidc{"arn:aws:iam::111122223333:role/m", "", {}, false};
    EXPECT_NE(refusal(made).find("from a file or from a command"), std::string::npos);
    made.credential = AwsOidc{"arn:aws:iam::111122223333:role/m", "/t", {"c"}, false};
    EXPECT_NE(refusal(made).find("one of them"), std::string::npos);
    made.endpoint = "http://kms.example";
    EXPECT_NE(refusal(made).find("https"), std::string::npos);
}

TEST_F(AwsKmsTest, TheKeysArnMayBeASecret) {
    auto made = connector("");
    made.key_arn = Reference{Reference::Level::account, "kms_arn"};
    auto values = keys();
    values.key_arn = Secret(first + "\n");
    auto manager = AwsKms::make(made, std::move(values), {"dc1", {}}, played.world());
    ASSERT_TRUE(manager.ok()) << manager.error().detail;
    EXPECT_EQ((*manager)->key().text(), first);
    EXPECT_EQ((*manager)->region(), "us-east-1");
}

TEST_F(AwsKmsTest, AnotherDelegatesConnectorIsNotUsed) {
    auto made = connector(first);
    made.selectors = {"berlin"};
    EXPECT_EQ(AwsKms::make(made, keys(), {"dc1", {}}, played.world()).error().id, ErrorId::usage_unsupported);
    EXPECT_TRUE(AwsKms::make(made, keys(), {"dc1", {"berlin"}}, played.world()).ok());
}

}  // namespace
}  // namespace mullion::secrets
