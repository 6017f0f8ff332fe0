#include "aws/kms.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aws/tests/played_world.h"
#include "encoding/base64.h"

namespace mullion::aws {
namespace {

using Json = nlohmann::json;
constexpr const char* arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
constexpr const char* other = "arn:aws:kms:us-east-1:111122223333:key/9999abcd-12ab-34cd-56ef-1234567890ab";

class KmsTest : public testing::Test {
protected:
    PlayedWorld played;
    Caller caller{played.world()};
    FixedCredentials credentials;
    Sts sts{caller, Endpoint{true, "sts.us-east-1.amazonaws.com", 0}, "us-east-1"};
    Kms kms{caller, {Endpoint{true, "kms.us-east-1.amazonaws.com", 0}, "us-east-1"}, credentials, sts};
    KeyName key = parse_key_name(arn).value();

    void answers_key(const std::string& name) {
        played.http.say(answer(200, Json{{"KeyId", name},
                                         {"CiphertextBlob", "YmxvYg=="},
                                         {"Plaintext", encoding::base64_encode(std::string(32, 'k'))}}
                                        .dump()));
    }
};

TEST_F(KmsTest, AsksByTargetAndKey) {
    answers_key(arn);
    const auto made = kms.generate_data_key(key, {{"a", "b"}});
    ASSERT_TRUE(made.ok());
    const auto& seen = played.http.seen().at(0);
    EXPECT_EQ(seen.headers.at("X-Amz-Target"), "TrentService.GenerateDataKey");
    EXPECT_EQ(seen.headers.at("Content-Type"), "application/x-amz-json-1.1");
    EXPECT_NE(seen.headers.at("Authorization").find("/us-east-1/kms/aws4_request"), std::string::npos);
    EXPECT_EQ(Json::parse(seen.body).at("KeyId"), arn);
}

TEST_F(KmsTest, DecryptAlwaysNamesTheKey) {
    answers_key(arn);
    ASSERT_TRUE(kms.decrypt(key, "blob", {}).ok());
    EXPECT_EQ(Json::parse(played.http.seen().at(0).body).at("KeyId"), arn);
}

TEST_F(KmsTest, AnAnswerOfAnotherKeyIsRefused) {
    for (const std::string& wrong :
         {std::string(other),
          std::string("arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
          std::string("arn:aws:kms:us-east-1:999922223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
          std::string("x")}) {
        PlayedWorld fresh;
        Caller fresh_caller(fresh.world());
        Kms fresh_kms(fresh_caller, {Endpoint{true, "h", 0}, "us-east-1"}, credentials, sts);
        fresh.http.say(answer(200, Json{{"KeyId", wrong},
                                        {"CiphertextBlob", "YmxvYg=="},
                                        {"Plaintext", encoding::base64_encode(std::string(32, 'k'))}}
                                       .dump()));
        for (const auto& cause : {fresh_kms.decrypt(key, "b", {}).failure().cause,
                                  fresh_kms.generate_data_key(key, {}).failure().cause,
                                  fresh_kms.re_encrypt(key, key, "b", {}).failure().cause,
                                  fresh_kms.encrypt(key, Secret("a"), {}).failure().cause})
            EXPECT_EQ(cause, Cause::answer) << wrong;
    }
}

TEST_F(KmsTest, AnAliasMayBeAnyKeyOfItsRegionAndAccount) {
    answers_key(other);
    EXPECT_TRUE(kms.generate_data_key(parse_key_name("alias/x").value(), {}).ok());
    EXPECT_TRUE(
        kms.generate_data_key(parse_key_name("arn:aws:kms:us-east-1:111122223333:alias/x").value(), {}).ok());
    EXPECT_FALSE(
        kms.generate_data_key(parse_key_name("arn:aws:kms:us-east-1:999922223333:alias/x").value(), {}).ok());
    EXPECT_TRUE(
        kms.generate_data_key(parse_key_name("9999abcd-12ab-34cd-56ef-1234567890ab").value(), {}).ok());
    EXPECT_FALSE(
        kms.generate_data_key(parse_key_name("1234abcd-12ab-34cd-56ef-1234567890ab").value(), {}).ok());
}

TEST_F(KmsTest, ARefusalNamesKeyRegionAndCaller) {
    int identities = 0;
    played.http.say([&](const HttpRequest& request) -> PlayedHttp::Reply {
        if (request.endpoint.host.starts_with("sts")) {
            ++identities;
            return answer(
                200,
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/op</"
                "Arn><UserId>A</UserId>"
                "<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
        }
        return answer(400, R"({"__type":"AccessDeniedException","Message":"not authorized"})");
    });
    for (int i = 0; i < 2; ++i) {
        const auto failed = kms.decrypt(key, "b", {}).failure();
        EXPECT_EQ(failed.cause, Cause::no_right);
        EXPECT_EQ(failed.error.id, ErrorId::aws_refused);
        for (const char* part : {"Decrypt", "AccessDeniedException: not authorized", arn, "us-east-1",
                                 "arn:aws:iam::111122223333:user/op", "keys of a test"})
            EXPECT_NE(failed.error.detail.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(identities, 1);
}

TEST_F(KmsTest, WrongContextIsTampering) {
    played.http.say(answer(400, R"({"__type":"InvalidCiphertextException"})"));
    EXPECT_EQ(kms.decrypt(key, "b", {}).failure().error.id, ErrorId::secrets_tampered);
}

}  // namespace
}  // namespace mullion::aws
