#include <gtest/gtest.h>

#include "aws/libcurl_client.h"

namespace mullion::aws {
namespace {

TEST(Libcurl, SaysWhichFileIsMissing) {
    const auto loaded = load_libcurl("libcurl-that-is-not-there.so.4");
    ASSERT_FALSE(loaded.ok());
    EXPECT_NE(loaded.error().detail.find("libcurl-that-is-not-there.so.4"), std::string::npos);
    EXPECT_NE(loaded.error().advice.at(0).find("libcurl4"), std::string::npos);
}

TEST(Libcurl, SaysWhichFunctionIsMissing) {
    const auto loaded = load_libcurl("libm.so.6");
    ASSERT_FALSE(loaded.ok());
    EXPECT_NE(loaded.error().detail.find("libm.so.6 has no curl_"), std::string::npos);
}

TEST(LibcurlClient, FailsWhereNobodyListens) {
    LibcurlClient client;
    HttpRequest request;
    request.endpoint = Endpoint{false, "127.0.0.1", 1};
    request.direct = true;
    const auto sent = client.send(request);
    const auto* const failed = std::get_if<HttpFailure>(&sent);
    ASSERT_NE(failed, nullptr);
    EXPECT_TRUE(failed->transient);
    EXPECT_EQ(failed->error.id, ErrorId::aws_unreachable);
}

}  // namespace
}  // namespace mullion::aws
