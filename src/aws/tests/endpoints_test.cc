#include "aws/endpoints.h"

#include <gtest/gtest.h>

namespace mullion::aws {
namespace {

TEST(ServiceEndpoint, IsTheRegionsInItsPartition) {
    const auto host = [](const char* service, const char* region) {
        return service_endpoint(service, region, "").value().url();
    };
    EXPECT_EQ(host("kms", "us-east-1"), "https://kms.us-east-1.amazonaws.com");
    EXPECT_EQ(host("sts", "eu-central-1"), "https://sts.eu-central-1.amazonaws.com");
    EXPECT_EQ(host("kms", "cn-north-1"), "https://kms.cn-north-1.amazonaws.com.cn");
    EXPECT_EQ(host("kms", "us-gov-west-1"), "https://kms.us-gov-west-1.amazonaws.com");
    EXPECT_EQ(partition_of("us-gov-west-1").name, "aws-us-gov");
    EXPECT_EQ(host("kms", "us-iso-east-1"), "https://kms.us-iso-east-1.c2s.ic.gov");
    EXPECT_EQ(host("kms", "us-isob-east-1"), "https://kms.us-isob-east-1.sc2s.sgov.gov");
    EXPECT_EQ(host("kms", "eusc-de-east-1"), "https://kms.eusc-de-east-1.amazonaws.eu");
    EXPECT_FALSE(service_endpoint("kms", "a.evil/", "").ok());
    EXPECT_FALSE(service_endpoint("kms", "", "").ok());
}

TEST(ServiceEndpoint, GivenOneIsHttpsOrThisMachine) {
    EXPECT_EQ(service_endpoint("kms", "us-east-1", "https://vpce-1.kms.example:8443").value().url(),
              "https://vpce-1.kms.example:8443");
    EXPECT_EQ(service_endpoint("kms", "us-east-1", "http://127.0.0.1:4566/").value().url(),
              "http://127.0.0.1:4566");
    EXPECT_EQ(service_endpoint("kms", "us-east-1", "http://[::1]:4566").value().host_field(), "[::1]:4566");
    EXPECT_EQ(service_endpoint("kms", "us-east-1", "https://h:443").value().host_field(), "h");
    const auto clear = service_endpoint("kms", "us-east-1", "http://kms.example");
    ASSERT_FALSE(clear.ok());
    EXPECT_NE(clear.error().detail.find("https"), std::string::npos);
    for (const char* wrong : {"kms.example", "ftp://x", "https://", "https://a b", "https://user@h",
                              "https://h/path", "https://h:0", "https://h:65536", "https://h:1x",
                              "http://127.0.0.1.evil.example", "https://[::1", "https://h\r\nX: y"})
        EXPECT_FALSE(parse_service_endpoint(wrong).ok()) << wrong;
}

TEST(ServiceEndpoint, EveryTruncationIsAnotherOrRefused) {
    const std::string whole = "https://[fd00::1]:8443";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto parsed = parse_service_endpoint(whole.substr(0, size));
        if (parsed.ok()) {
            EXPECT_EQ(parsed->url(), whole.substr(0, size));
        }
    }
}

TEST(Location, HasATarget) {
    const auto found = parse_location("http://169.254.170.2/v2/credentials?id=1");
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->endpoint.host, "169.254.170.2");
    EXPECT_EQ(found->target, "/v2/credentials?id=1");
    EXPECT_FALSE(parse_location("http://h/a b").ok());
    EXPECT_FALSE(parse_location("http://h/a\r\nb").ok());
}

TEST(Location, EveryTruncationIsAnotherOrRefused) {
    const std::string whole = "http://169.254.170.2:80/v2/x";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto parsed = parse_location(whole.substr(0, size));
        EXPECT_TRUE(!parsed.ok() || parsed->target.size() < whole.size());
    }
}

}  // namespace
}  // namespace mullion::aws
