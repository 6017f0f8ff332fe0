// awslabs' own suite, and what is ours beside it.
#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "aws/moment.h"
#include "crypto/hash.h"
#include "encoding/hex.h"
#include "source_dir/source_dir.h"

namespace mullion::aws {
namespace {

using Path = std::filesystem::path;

std::string read(const Path& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<Path> cases() {
    std::vector<Path> found;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/tests/data/aws-sigv4"))
        if (entry.is_directory()) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

// A request as it stands in a file: names and values as written, lines that go on joined to theirs.
struct Written {
    std::string method, target, body;
    std::vector<Header> headers;
};

Written read_request(const std::string& text) {
    Written made;
    const auto blank = text.find("\n\n");
    const auto head = text.substr(0, blank);
    if (blank != std::string::npos) made.body = text.substr(blank + 2);
    std::istringstream lines(head);
    std::string line;
    std::getline(lines, line);
    const auto first = line.find(' '), last = line.rfind(' ');
    made.method = line.substr(0, first);
    made.target = line.substr(first + 1, last - first - 1);
    while (std::getline(lines, line)) {
        if (line.empty()) break;
        if (line.front() == ' ') {
            made.headers.back().value += "\n" + line;
            continue;
        }
        const auto colon = line.find(':');
        made.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
    }
    return made;
}

class Sigv4Suite : public testing::TestWithParam<Path> {};

TEST_P(Sigv4Suite, Holds) {
    const auto folder = GetParam();
    const auto context = nlohmann::json::parse(read(folder / "context.json"));
    const auto written = read_request(read(folder / "request.txt"));
    const auto at = parse_moment(context.at("timestamp").get<std::string>()).value();
    const SigningScope scope{context.at("region"), context.at("service")};
    Credentials credentials;
    credentials.access_key = Secret(context.at("credentials").at("access_key_id").get<std::string>());
    credentials.secret_key = Secret(context.at("credentials").at("secret_access_key").get<std::string>());
    const auto token = context.at("credentials").value("token", "");

    SignedParts parts{written.method, written.target, written.headers, written.body,
                      context.at("normalize").get<bool>()};
    parts.headers.push_back({"X-Amz-Date", basic_moment(at)});
    if (!token.empty() && !context.value("omit_session_token", false))
        parts.headers.push_back({"X-Amz-Security-Token", token});
    if (context.at("sign_body").get<bool>())
        parts.headers.push_back({"x-amz-content-sha256", encoding::to_hex(crypto::sha256(written.body))});

    const auto canonical = canonical_request(parts);
    EXPECT_EQ(canonical.text, read(folder / "header-canonical-request.txt"));
    EXPECT_EQ(string_to_sign(canonical.text, scope, at), read(folder / "header-string-to-sign.txt"));
    const auto field = authorization(canonical, credentials, scope, at);
    EXPECT_TRUE(field.ends_with("Signature=" + read(folder / "header-signature.txt"))) << field;
    EXPECT_NE(read(folder / "header-signed-request.txt").find("Authorization:" + field), std::string::npos)
        << field;
}

INSTANTIATE_TEST_SUITE_P(Awslabs, Sigv4Suite, testing::ValuesIn(cases()), [](const auto& info) {
    auto name = info.param.filename().string();
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(Sigv4, SuiteIsWhole) {
    EXPECT_EQ(cases().size(), 38U);
}

Credentials example(std::string_view token) {
    Credentials made;
    made.access_key = Secret("AKIDEXAMPLE");
    made.secret_key = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    made.session_token = Secret(token);
    return made;
}

TEST(Sigv4, SignsARequestInPlace) {
    HttpRequest request;
    request.endpoint = Endpoint{true, "example.amazonaws.com", 0};
    request.method = "GET";
    sign(request, example(""), {"us-east-1", "service"}, parse_moment("2015-08-30T12:36:00Z").value());
    ASSERT_EQ(request.headers.size(), 1U);
    EXPECT_EQ(request.headers[0].value, "20150830T123600Z");
    ASSERT_EQ(request.secret_headers.size(), 1U);
    // get-vanilla
    EXPECT_TRUE(request.secret_headers[0].value.expose().ends_with(
        "SignedHeaders=host;x-amz-date, Signature=" +
        read(source_dir() + "/tests/data/aws-sigv4/get-vanilla/header-signature.txt")));
}

TEST(Sigv4, SignsTheSessionTokenWithIt) {
    HttpRequest request;
    request.endpoint = Endpoint{true, "example.amazonaws.com", 0};
    request.method = "GET";
    sign(request, example("6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"),
         {"us-east-1", "service"}, parse_moment("2015-08-30T12:36:00Z").value());
    ASSERT_EQ(request.secret_headers.size(), 2U);
    EXPECT_EQ(request.secret_headers[0].name, "X-Amz-Security-Token");
    EXPECT_TRUE(request.secret_headers[1].value.expose().ends_with(
        read(source_dir() + "/tests/data/aws-sigv4/get-vanilla-with-session-token/header-signature.txt")));
}

TEST(Sigv4, NamesThePortThatIsNotTheSchemes) {
    HttpRequest request;
    request.endpoint = Endpoint{false, "127.0.0.1", 4566};
    SignedParts parts{"POST", "/", {{"Host", request.endpoint.host_field()}}, ""};
    EXPECT_NE(canonical_request(parts).text.find("host:127.0.0.1:4566\n"), std::string::npos);
}

}  // namespace
}  // namespace mullion::aws
