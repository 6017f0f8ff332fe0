#include "aws/kms_messages.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "encoding/base64.h"

namespace mullion::aws {
namespace {

using Json = nlohmann::json;
constexpr const char* arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const EncryptionContext context{{"app", "mullion"}, {"scope", "account"}};

TEST(KmsQuestions, HaveKeyIdAndContext) {
    EXPECT_EQ(Json::parse(generate_data_key_json("alias/x", context)),
              (Json{{"KeyId", "alias/x"},
                    {"KeySpec", "AES_256"},
                    {"EncryptionContext", {{"app", "mullion"}, {"scope", "account"}}}}));
    EXPECT_EQ(Json::parse(decrypt_json(arn, "blob", context)),
              (Json{{"KeyId", arn},
                    {"CiphertextBlob", "YmxvYg=="},
                    {"EncryptionContext", {{"app", "mullion"}, {"scope", "account"}}}}));
    EXPECT_EQ(Json::parse(re_encrypt_json(arn, "alias/y", "blob", context)),
              (Json{{"SourceKeyId", arn},
                    {"DestinationKeyId", "alias/y"},
                    {"CiphertextBlob", "YmxvYg=="},
                    {"SourceEncryptionContext", {{"app", "mullion"}, {"scope", "account"}}},
                    {"DestinationEncryptionContext", {{"app", "mullion"}, {"scope", "account"}}}}));
    EXPECT_EQ(Json::parse(encrypt_json(arn, Secret("key"), context).expose()),
              (Json{{"KeyId", arn},
                    {"Plaintext", "a2V5"},
                    {"EncryptionContext", {{"app", "mullion"}, {"scope", "account"}}}}));
    EXPECT_EQ(Json::parse(encrypt_json(arn, Secret("key"), {}).expose()),
              (Json{{"KeyId", arn}, {"Plaintext", "a2V5"}}));
    EXPECT_EQ(Json::parse(describe_key_json(arn)), (Json{{"KeyId", arn}}));
    EXPECT_FALSE(Json::parse(decrypt_json(arn, "b", {})).contains("EncryptionContext"));
}

std::string data_key(std::size_t size = 32) {
    return Json{{"CiphertextBlob", "YmxvYg=="},
                {"KeyId", arn},
                {"Plaintext", encoding::base64_encode(std::string(size, 'k'))}}
        .dump();
}

TEST(KmsAnswers, AreRead) {
    const auto key = read_data_key(data_key());
    ASSERT_TRUE(key.ok()) << key.error().detail;
    EXPECT_EQ(key->key.expose(), std::string(32, 'k'));
    EXPECT_EQ(key->blob, "blob");
    EXPECT_EQ(key->arn, arn);
    EXPECT_EQ(read_opened(data_key()).value().plaintext.expose(), std::string(32, 'k'));
    EXPECT_EQ(read_sealed(data_key()).value().arn, arn);
    const auto state = read_key_state(Json{
        {"KeyMetadata",
         {{"Arn", arn},
          {"KeyState", "Disabled"},
          {"KeyUsage", "ENCRYPT_DECRYPT"},
          {"KeySpec", "SYMMETRIC_DEFAULT"},
          {"Origin", "AWS_KMS"},
          {"MultiRegion", true}}}}.dump());
    ASSERT_TRUE(state.ok());
    EXPECT_EQ(state->state, "Disabled");
    EXPECT_TRUE(state->multi_region);
    EXPECT_FALSE(state->usable());
    const auto plain = read_key_state(R"({"KeyMetadata":{"Arn":"a","KeyState":"Enabled","KeyUsage":null}})");
    ASSERT_TRUE(plain.ok());
    EXPECT_TRUE(plain->usable());
}

// Each state of 2.1.
TEST(KmsAnswers, OnlyAnEnabledSymmetricKeyIsUsable) {
    for (const char* state : {"Creating", "Enabled", "Disabled", "PendingDeletion", "PendingImport",
                              "PendingReplicaDeletion", "Unavailable", "Updating"})
        EXPECT_EQ((KeyState{arn, state, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "AWS_KMS", false}.usable()),
                  std::string(state) == "Enabled");
    EXPECT_TRUE((KeyState{arn, "Enabled", "", "", "", false}.usable()));
    EXPECT_FALSE((KeyState{arn, "Enabled", "SIGN_VERIFY", "RSA_2048", "AWS_KMS", false}.usable()));
}

TEST(KmsAnswers, AreRefusedWhereSomethingIsMissingOrWrong) {
    EXPECT_FALSE(read_data_key(data_key(16)).ok());
    EXPECT_FALSE(read_opened(data_key(4097)).ok());
    EXPECT_FALSE(read_opened("[]").ok());
    EXPECT_FALSE(read_opened(R"({"Plaintext":"???","KeyId":"a"})").ok());
    EXPECT_FALSE(read_opened(R"({"Plaintext":"YQ==","KeyId":"a\u001b"})").ok());
    EXPECT_FALSE(read_opened(R"({"Plaintext":"YQ=="})").ok());
    EXPECT_FALSE(read_opened(R"({"Plaintext":1,"KeyId":"a"})").ok());
    EXPECT_FALSE(read_sealed(R"({"CiphertextBlob":"","KeyId":"a"})").ok());
    EXPECT_FALSE(read_key_state(R"({"KeyMetadata":[]})").ok());
    const auto missing =
        read_data_key(R"({"Plaintext":")" + encoding::base64_encode(std::string(32, 'k')) + R"("})");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().id, ErrorId::aws_answer);
    EXPECT_NE(missing.error().detail.find("CiphertextBlob"), std::string::npos);
}

TEST(KmsAnswers, EveryTruncationIsRefused) {
    const auto whole = data_key();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(read_data_key(whole.substr(0, size)).ok()) << size;
        EXPECT_FALSE(read_opened(whole.substr(0, size)).ok()) << size;
        EXPECT_FALSE(read_sealed(whole.substr(0, size)).ok()) << size;
        EXPECT_FALSE(read_key_state(whole.substr(0, size)).ok()) << size;
    }
}

}  // namespace
}  // namespace mullion::aws
