#include "aws/sts_messages.h"

#include <gtest/gtest.h>

#include "aws/moment.h"

namespace mullion::aws {
namespace {

AssumeRole asked() {
    return {"arn:aws:iam::111122223333:role/mullion", "mullion-local", "ext/1:2", 900};
}

TEST(StsQuestions, AreForms) {
    EXPECT_EQ(
        assume_role_form(asked()).expose(),
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fmullion&"
        "RoleSessionName=mullion-local&DurationSeconds=900&ExternalId=ext%2F1%3A2");
    EXPECT_EQ(web_identity_form(asked(), Secret("a.b+c")).expose(),
              "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%"
              "3Arole%2Fmullion&"
              "RoleSessionName=mullion-local&DurationSeconds=900&WebIdentityToken=a.b%2Bc");
    EXPECT_EQ(caller_identity_form(), "Action=GetCallerIdentity&Version=2011-06-15");
}

TEST(StsQuestions, AreCheckedAsStsDoes) {
    EXPECT_TRUE(check(asked()).ok());
    for (const std::uint32_t seconds : {0U, 899U, 43201U}) {
        auto wrong = asked();
        wrong.seconds = seconds;
        EXPECT_FALSE(check(wrong).ok()) << seconds;
    }
    for (const std::uint32_t seconds : {900U, 43200U}) {
        auto good = asked();
        good.seconds = seconds;
        EXPECT_TRUE(check(good).ok()) << seconds;
    }
    for (const auto& id : {std::string("a"), std::string(1225, 'a'), std::string("a b")}) {
        auto wrong = asked();
        wrong.external_id = id;
        EXPECT_FALSE(check(wrong).ok()) << id;
    }
    for (const auto& name : {std::string("a"), std::string(65, 'a'), std::string("a/b")}) {
        auto wrong = asked();
        wrong.session = name;
        EXPECT_FALSE(check(wrong).ok()) << name;
    }
}

TEST(SessionName, NamesTheDelegateAndIsTakenBySts) {
    EXPECT_EQ(session_name("dc-1.example"), "mullion-dc-1.example");
    EXPECT_EQ(session_name("büro 1"), "mullion-b--ro-1");
    auto role = asked();
    role.session = session_name(std::string(300, 'x'));
    EXPECT_TRUE(check(role).ok());
}

std::string assumed(const std::string& operation = "AssumeRole") {
    return "<" + operation + R"(Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><)" + operation +
           "Result><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/mullion/mullion-local</Arn>"
           "<AssumedRoleId>ARO123:mullion-local</AssumedRoleId></AssumedRoleUser><Credentials>"
           "<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>wJalr/bPx+RfiCY=</SecretAccessKey>"
           "<SessionToken>AQoDYXdz//+==</SessionToken><Expiration>2026-11-22T22:00:00Z</Expiration></"
           "Credentials>"
           "<PackedPolicySize>6</PackedPolicySize></" +
           operation + "Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></" + operation +
           "Response>";
}

TEST(StsAnswers, GiveCredentials) {
    for (const char* operation : {"AssumeRole", "AssumeRoleWithWebIdentity"}) {
        const auto made = read_assumed_role(assumed(operation));
        ASSERT_TRUE(made.ok()) << made.error().detail;
        EXPECT_EQ(made->access_key.expose(), "ASIAEXAMPLE");
        EXPECT_EQ(made->secret_key.expose(), "wJalr/bPx+RfiCY=");
        EXPECT_EQ(made->session_token.expose(), "AQoDYXdz//+==");
        EXPECT_EQ(made->expires, parse_moment("2026-11-22T22:00:00Z"));
        EXPECT_EQ(made->caller, "arn:aws:sts::111122223333:assumed-role/mullion/mullion-local");
        EXPECT_TRUE(made->role_session);
        EXPECT_TRUE(made->temporary());
    }
}

TEST(StsAnswers, AreRefusedWhereTheKeysStandElsewhere) {
    auto text = assumed();
    for (const auto& [from, to] : {std::pair<std::string, std::string>("Expiration>2026", "Expiration>x"),
                                   {"<SessionToken>AQoDYXdz//+==</SessionToken>", ""},
                                   {"AssumeRoleResult", "OtherResult"},
                                   {"wJalr", "w Jalr"},
                                   {"Credentials>", "Other>"}}) {
        auto changed = text;
        for (auto at = changed.find(from); at != std::string::npos; at = changed.find(from, at + to.size()))
            changed.replace(at, from.size(), to);
        const auto made = read_assumed_role(changed);
        ASSERT_FALSE(made.ok()) << from;
        EXPECT_EQ(made.error().id, ErrorId::aws_answer);
        EXPECT_EQ(made.error().detail.find("wJalr"), std::string::npos);
    }
}

TEST(StsAnswers, EveryTruncationIsRefused) {
    const auto whole = assumed();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read_assumed_role(whole.substr(0, size)).ok()) << size;
}

constexpr const char* identity =
    R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>)"
    R"(<Arn>arn:aws:iam::111122223333:user/a</Arn><UserId>AID</UserId><Account>111122223333</Account></GetCallerIdentityResult>)"
    R"(</GetCallerIdentityResponse>)";

TEST(CallerIdentity, IsRead) {
    const auto made = read_caller_identity(identity);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->arn, "arn:aws:iam::111122223333:user/a");
    EXPECT_EQ(made->account, "111122223333");
    EXPECT_EQ(made->user_id, "AID");
}

TEST(CallerIdentity, EveryTruncationIsRefused) {
    const std::string whole = identity;
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read_caller_identity(whole.substr(0, size)).ok()) << size;
}

constexpr const char* metadata =
    R"({"Code":"Success","LastUpdated":"2026-11-22T16:00:00Z","Type":"AWS-HMAC","AccessKeyId":"ASIA","SecretAccessKey":"s\/k","Token":"t","Expiration":"2026-11-22T22:00:00Z"})";

TEST(MetadataCredentials, AreRead) {
    const auto made = read_metadata_credentials(metadata);
    ASSERT_TRUE(made.ok()) << made.error().detail;
    EXPECT_EQ(made->secret_key.expose(), "s/k");
    EXPECT_TRUE(made->role_session);
    const auto failed =
        read_metadata_credentials(R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"no trust"})");
    ASSERT_FALSE(failed.ok());
    EXPECT_NE(failed.error().detail.find("AssumeRoleUnauthorizedAccess no trust"), std::string::npos);
    EXPECT_FALSE(read_metadata_credentials(
                     R"({"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"2026-11-22T22:00:00Z"})")
                     .ok());
}

TEST(MetadataCredentials, EveryTruncationIsRefused) {
    const std::string whole = metadata;
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read_metadata_credentials(whole.substr(0, size)).ok()) << size;
}

}  // namespace
}  // namespace mullion::aws
