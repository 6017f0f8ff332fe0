#include "aws/arn.h"

#include <gtest/gtest.h>

namespace mullion::aws {
namespace {

constexpr const char* uuid = "1234abcd-12ab-34cd-56ef-1234567890ab";
constexpr const char* multi = "mrk-1234abcd12ab34cd56ef1234567890ab";

std::string refusal(std::string_view text) {
    const auto parsed = parse_key_name(text);
    if (parsed.ok()) return "taken";
    EXPECT_EQ(parsed.error().id, ErrorId::secrets_invalid);
    return parsed.error().detail;
}

TEST(KeyName, HasFourForms) {
    for (const std::string& text :
         {std::string(uuid), std::string(multi), std::string("alias/prod/winrm-key"),
          std::string("arn:aws:kms:us-east-1:111122223333:key/") + uuid,
          std::string("arn:aws:kms:us-east-1:111122223333:key/") + multi,
          std::string("arn:aws:kms:eu-central-1:111122223333:alias/x")}) {
        const auto parsed = parse_key_name(text);
        ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.error().detail;
        EXPECT_EQ(parsed->text(), text);
        EXPECT_EQ(parsed->is_arn(), text.starts_with("arn:"));
        EXPECT_EQ(parsed->is_multi_region(), text.find("mrk-") != std::string::npos);
    }
}

TEST(KeyName, IsOfAnyPartition) {
    for (const std::string partition :
         {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}) {
        const auto parsed = parse_key_name("arn:" + partition + ":kms:x-y-1:111122223333:key/" + uuid);
        ASSERT_TRUE(parsed.ok()) << partition;
        EXPECT_EQ(parsed->partition, partition);
    }
}

TEST(KeyName, IsRefusedWithItsReason) {
    EXPECT_EQ(refusal(""), "Key Arn cannot be empty");
    EXPECT_NE(refusal("arn:aws:s3:us-east-1:111122223333:key/a").find("not an ARN of KMS"),
              std::string::npos);
    EXPECT_NE(refusal("arn:aws:kms::111122223333:key/a").find("no region"), std::string::npos);
    EXPECT_NE(refusal("arn:aws:kms:us-east-1:11112222333:key/a").find("12 digits"), std::string::npos);
    EXPECT_NE(refusal("arn:google:kms:us-east-1:111122223333:key/a").find("partition"), std::string::npos);
    EXPECT_NE(refusal("arn:aws:kms:us-east-1:111122223333:grant/a").find("key/ID or alias/NAME"),
              std::string::npos);
    EXPECT_NE(refusal("arn:aws:kms:us-east-1:111122223333:key/a b").find("key/ID"), std::string::npos);
    EXPECT_NE(refusal("alias/aws/ebs").find("AWS's own services"), std::string::npos);
    EXPECT_NE(refusal("arn:aws:kms:us-east-1:111122223333:alias/aws/s3").find("AWS's own services"),
              std::string::npos);
    EXPECT_NE(refusal("my-key").find("no ARN"), std::string::npos);
    EXPECT_NE(refusal(std::string(2049, 'a')).find("longer"), std::string::npos);
    EXPECT_EQ(refusal("x\x1b[2J").find('\x1b'), std::string::npos);
}

TEST(KeyName, EveryTruncationIsAnotherKeyOrRefused) {
    const std::string whole = "arn:aws:kms:us-east-1:111122223333:key/" + std::string(uuid);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto parsed = parse_key_name(whole.substr(0, size));
        if (parsed.ok()) {
            EXPECT_EQ(parsed->text(), whole.substr(0, size));
        }
        EXPECT_TRUE(size > whole.find("key/") + 4 || !parsed.ok()) << size;
    }
}

TEST(KeyName, OfSeveralRegionsIsTheSameKey) {
    const auto name = [](const std::string& region, const char* id) {
        return parse_key_name("arn:aws:kms:" + region + ":111122223333:key/" + id).value();
    };
    EXPECT_TRUE(same_key(name("us-east-1", uuid), name("us-east-1", uuid)));
    EXPECT_FALSE(same_key(name("us-east-1", uuid), name("us-east-2", uuid)));
    EXPECT_TRUE(same_key(name("us-east-1", multi), name("us-east-2", multi)));
    EXPECT_FALSE(
        same_key(name("us-east-1", multi),
                 parse_key_name(std::string("arn:aws:kms:us-east-2:999922223333:key/") + multi).value()));
}

TEST(RoleName, IsAnArnOfIam) {
    const auto role = parse_role_name("arn:aws-us-gov:iam::111122223333:role/path/to/mullion");
    ASSERT_TRUE(role.ok());
    EXPECT_EQ(role->partition, "aws-us-gov");
    EXPECT_EQ(role->account, "111122223333");
    EXPECT_EQ(role->name, "path/to/mullion");
    EXPECT_EQ(role->text(), "arn:aws-us-gov:iam::111122223333:role/path/to/mullion");
    EXPECT_EQ(parse_role_name("").error().detail, "Role Arn cannot be Empty.");
    for (const char* wrong :
         {"role/x", "arn:aws:iam::111122223333:user/x", "arn:aws:iam:us-east-1:111122223333:role/x",
          "arn:aws:iam::1:role/mullion-role", "arn:aws:iam::111122223333:role/a b"})
        EXPECT_FALSE(parse_role_name(wrong).ok()) << wrong;
}

TEST(RoleName, EveryTruncationIsAnotherRoleOrRefused) {
    const std::string whole = "arn:aws:iam::111122223333:role/mullion";
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(parse_role_name(whole.substr(0, size)).ok(), size > whole.find("role/") + 5) << size;
}

TEST(Region, IsTheArnsAndNeverADefault) {
    const auto key = parse_key_name("arn:aws:kms:eu-central-1:111122223333:alias/x").value();
    const auto bare = parse_key_name("alias/x").value();
    EXPECT_EQ(region_of(key, "", true).value(), "eu-central-1");
    EXPECT_EQ(region_of(key, "eu-central-1", false).value(), "eu-central-1");
    EXPECT_EQ(region_of(bare, "us-west-2", false).value(), "us-west-2");
    EXPECT_EQ(region_of(key, "", false).error().detail, "Region cannot be empty");
    EXPECT_NE(region_of(bare, "", true).error().detail.find("Region cannot be empty"), std::string::npos);
    const auto other = region_of(key, "us-east-1", true);
    ASSERT_FALSE(other.ok());
    EXPECT_NE(other.error().detail.find("us-east-1"), std::string::npos);
    EXPECT_NE(other.error().detail.find("eu-central-1"), std::string::npos);
    EXPECT_FALSE(region_of(bare, "evil.example/", false).ok());
    const auto crossed = parse_key_name("arn:aws:kms:cn-north-1:111122223333:alias/x").value();
    EXPECT_FALSE(region_of(crossed, "cn-north-1", false).ok());
}

}  // namespace
}  // namespace mullion::aws
