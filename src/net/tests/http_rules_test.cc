// What a header must keep to. The first five are the byte strings that Beast 1.81 takes and we do not.
#include "net/http_rules.h"

#include <gtest/gtest.h>

#include "net/http_io.h"

namespace mullion::net {
namespace {

const std::string start = "POST /wsman HTTP/1.1\r\nHost: h\r\n";

std::string id_of(const std::string& bytes) {
    const auto request = parse_request(bytes, {});
    if (!request) return std::string(request.error().info().id);
    return request->has_value() ? "accepted" : "more";
}

TEST(RequestRules, RefuseChunkedWithAnotherCoding) {
    EXPECT_EQ(id_of(start + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), "http.malformed");
    EXPECT_EQ(id_of(start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), "http.malformed");
    EXPECT_EQ(id_of(start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              "http.malformed");
    EXPECT_EQ(id_of(start + "Transfer-Encoding: \r\n\r\n"), "http.malformed");
    EXPECT_EQ(id_of(start + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n"), "http.malformed");
}

TEST(RequestRules, RefuseChunkedInHttp10) {
    EXPECT_EQ(id_of("POST /wsman HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              "http.malformed");
}

TEST(RequestRules, RefuseBothLengthsInEitherOrder) {
    EXPECT_EQ(id_of(start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              "http.malformed");
    EXPECT_EQ(id_of(start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
              "http.malformed");
}

TEST(RequestRules, ATrailerIsNoHeader) {
    const auto request = parse_request(
        start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nAuthorization: Basic eDp5\r\n\r\n", {});
    ASSERT_TRUE(request.ok() && request->has_value());
    EXPECT_EQ((*request)->body, "abc");
    EXPECT_FALSE((*request)->headers.has("Authorization"));
}

TEST(RequestRules, RefuseWhatIsGivenTwice) {
    for (const std::string twice : {"Content-Length: 0\r\nContent-Length: 0\r\n", "Host: other\r\n",
                                    "Authorization: Basic eDp5\r\nauthorization: Basic eDp5\r\n"}) {
        EXPECT_EQ(id_of(start + twice + "\r\n"), "http.malformed") << twice;
    }
}

TEST(RequestRules, RefuseLinesThatReadersTakeDifferently) {
    const std::string nul(1, '\0');
    for (const std::string& line :
         {std::string("X: a\r\n b\r\n"), std::string("\tX: a\r\n"), std::string("X : a\r\n"),
          std::string(": a\r\n"), std::string("X\r\n"), std::string("X: a\nY: b\r\n"),
          std::string("X: a\rY: b\r\n"), "X: a" + nul + "\r\n", std::string("X: a\x7f\r\n"),
          std::string("X: a\x01\r\n"), std::string("Content-Length: +1\r\n"),
          std::string("Content-Length: 1,1\r\n"), std::string("Content-Length: 99999999999999999999\r\n"),
          std::string("Content-Length: 0x1\r\n"), std::string("Content-Length: \r\n"),
          std::string("Content-Encoding: gzip\r\n")}) {
        EXPECT_EQ(id_of(start + line + "\r\n"), "http.malformed") << ::testing::PrintToString(line);
    }
}

TEST(RequestRules, RefuseOtherVersionsAndAMissingHost) {
    EXPECT_EQ(id_of("POST /wsman HTTP/2.0\r\nHost: h\r\n\r\n"), "http.malformed");
    EXPECT_EQ(id_of("POST /wsman HTTP/1.2\r\nHost: h\r\n\r\n"), "http.malformed");
    EXPECT_EQ(id_of("POST /wsman\r\nHost: h\r\n\r\n"), "http.malformed");
    EXPECT_EQ(id_of("POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), "http.malformed");
    EXPECT_EQ(id_of("\r\n\r\nPOST /wsman HTTP/1.1\r\nHost: h\r\n\r\n"), "http.malformed");
}

TEST(RequestRules, BoundTheHeader) {
    EXPECT_EQ(id_of(start + "X: " + std::string(70'000, 'a')), "http.too_large");
    EXPECT_EQ(id_of(start + "X: " + std::string(70'000, 'a') + "\r\n\r\n"), "http.too_large");
    std::string many = start;
    for (int i = 0; i < 200; ++i) many += "X: a\r\n";
    EXPECT_EQ(id_of(many + "\r\n"), "http.malformed");
}

TEST(RequestRules, BoundTheBody) {
    HttpLimits limits;
    limits.body = 10;
    for (const std::string framing :
         {"Content-Length: 11\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nb\r\nabcdefghijk\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n"}) {
        const auto request = parse_request(start + framing, limits);
        ASSERT_FALSE(request.ok()) << framing;
        EXPECT_EQ(request.error().info().id, "http.too_large") << framing;
    }
    const auto fits = parse_request(start + "Content-Length: 10\r\n\r\nabcdefghij", limits);
    EXPECT_TRUE(fits.ok() && fits->has_value());
}

TEST(Messages, EveryTruncationWantsMore) {
    const std::vector<std::string> requests{
        start + "Content-Length: 5\r\n\r\nhello",
        start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n"};
    for (const auto& whole : requests) {
        for (std::size_t length = 0; length < whole.size(); ++length) {
            EXPECT_EQ(id_of(whole.substr(0, length)), "more") << length;
        }
        EXPECT_EQ(id_of(whole), "accepted");
        EXPECT_EQ(id_of(whole + "x"), "http.malformed");
    }
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (std::size_t length = 0; length < answer.size(); ++length) {
        const auto response = parse_response(answer.substr(0, length), {});
        ASSERT_TRUE(response.ok()) << length;
        EXPECT_FALSE(response->has_value()) << length;
    }
}

TEST(Messages, ComeBackAsTheyWereWritten) {
    http::Request request;
    request.headers.add("Host", "h");
    request.headers.add("X-Injected", "a\r\nAuthorization: Basic eDp5");
    request.headers.add("Content-Length", "999");  // Ours alone to say.
    request.target = "/ws man\r\n";
    request.body = "body";
    const auto read = parse_request(to_bytes(request), {});
    ASSERT_TRUE(read.ok() && read->has_value());
    EXPECT_EQ((*read)->target, "/ws%20man%0D%0A");
    EXPECT_EQ((*read)->body, "body");
    EXPECT_FALSE((*read)->headers.has("Authorization"));
    EXPECT_TRUE((*read)->keep_alive);

    http::Response response;
    response.status = 401;
    response.headers.add("WWW-Authenticate", "Negotiate");
    response.headers.add("WWW-Authenticate", "Basic realm=\"WSMAN\"");
    response.keep_alive = false;
    const auto answer = parse_response(to_bytes(response), {});
    ASSERT_TRUE(answer.ok() && answer->has_value());
    EXPECT_EQ((*answer)->status, 401);
    EXPECT_EQ((*answer)->reason, "Unauthorized");
    EXPECT_EQ((*answer)->headers.all("WWW-Authenticate").size(), 2U);
    EXPECT_EQ((*answer)->headers.first("Content-Length"), "0");
    EXPECT_FALSE((*answer)->keep_alive);
}

}  // namespace
}  // namespace mullion::net
