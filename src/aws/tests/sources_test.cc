#include "aws/sources.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "aws/moment.h"
#include "aws/refreshing.h"
#include "aws/tests/played_world.h"

namespace mullion::aws {
namespace {

constexpr const char* metadata =
    R"({"AccessKeyId":"ASIA","SecretAccessKey":"sk","Token":"t","Expiration":"2025-12-18T06:00:00Z"})";
constexpr const char* role = "arn:aws:iam::111122223333:role/mullion";

std::string assumed(const std::string& operation) {
    return "<" + operation + "Response><" + operation +
           "Result><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</"
           "SecretAccessKey><SessionToken>t</SessionToken>"
           "<Expiration>2025-12-18T01:00:00Z</Expiration></"
           "Credentials><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/m/x</Arn>"
           "</AssumedRoleUser></" +
           operation + "Result></" + operation + "Response>";
}

class SourcesTest : public testing::Test {
protected:
    PlayedWorld played;
    Caller caller{played.world()};
    Sts sts{caller, Endpoint{true, "sts.us-east-1.amazonaws.com", 0}, "us-east-1"};

    const std::vector<PlayedHttp::Seen>& seen() { return played.http.seen(); }
    std::string failure_of(CredentialSource& source) {
        auto fetched = source.fetch();
        if (fetched.ok()) return "fetched";
        EXPECT_EQ(fetched.failure().cause, Cause::no_credentials);
        EXPECT_EQ(fetched.failure().error.id, ErrorId::aws_credentials);
        return fetched.failure().error.detail;
    }
};

class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text) {
        const int descriptor = ::mkstemp(name_.data());
        EXPECT_GE(descriptor, 0);
        ::close(descriptor);
        write(text);
    }
    ~TemporaryFile() { ::unlink(name_.c_str()); }
    void write(const std::string& text) { std::ofstream(name_, std::ios::binary | std::ios::trunc) << text; }
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    std::string name_ = "/tmp/mullion-aws-test-XXXXXX";
};

TEST_F(SourcesTest, GivenKeysAreBothNeeded) {
    const auto detail = [](const char* id, const char* key) {
        return given_keys(Secret(id), Secret(key), {})->fetch().failure().error.detail;
    };
    EXPECT_EQ(detail("", "s"), "Access key cannot be empty.");
    EXPECT_EQ(detail("a", ""), "Secret key cannot be empty.");
    EXPECT_TRUE(given_keys(Secret("a"), Secret("s"), {})->fetch().ok());
}

TEST_F(SourcesTest, ContainerIsAskedWithItsToken) {
    TemporaryFile token("Bearer one\n");
    played.environment = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"},
                          {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.name()},
                          {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this"}};
    played.http.say(answer(200, metadata));
    const auto source = container_role(caller);
    ASSERT_TRUE(source->fetch().ok());
    EXPECT_EQ(seen()[0].url + seen()[0].target, "http://169.254.170.23/v1/credentials");
    EXPECT_EQ(seen()[0].method, "GET");
    EXPECT_EQ(seen()[0].headers.at("Authorization"), "Bearer one");
    token.write("Bearer two");  // Renewed by EKS.
    ASSERT_TRUE(source->fetch().ok());
    EXPECT_EQ(seen()[1].headers.at("Authorization"), "Bearer two");
}

TEST_F(SourcesTest, ContainerOfEcsHasAPath) {
    played.environment = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1"}};
    played.http.say(answer(200, metadata));
    ASSERT_TRUE(container_role(caller)->fetch().ok());
    EXPECT_EQ(seen()[0].url + seen()[0].target, "http://169.254.170.2/v2/credentials/1");
    EXPECT_EQ(seen()[0].headers.count("Authorization"), 0U);
}

TEST_F(SourcesTest, ContainerInClearIsOnlyNearby) {
    played.http.say(answer(200, metadata));
    const auto asks = [&](const char* uri) {
        played.environment = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", uri}};
        return container_role(caller)->fetch().ok();
    };
    for (const char* good :
         {"http://127.0.0.1:80/a", "http://localhost/a", "http://[::1]/a", "http://169.254.170.2/a",
          "http://169.254.170.23/a", "http://[fd00:ec2::23]/a", "https://anything.example/a"})
        EXPECT_TRUE(asks(good)) << good;
    const auto before = seen().size();
    for (const char* bad : {"http://169.254.169.254/a", "http://evil.example/a",
                            "http://127.0.0.1.evil.example/a", "http://10.0.0.1/a"})
        EXPECT_FALSE(asks(bad)) << bad;
    EXPECT_EQ(seen().size(), before);  // Nothing was sent.
}

TEST_F(SourcesTest, ContainerTokenThatIsNoHeaderIsNotSent) {
    played.environment = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/a"},
                          {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nX: y"}};
    EXPECT_NE(failure_of(*container_role(caller)).find("no header"), std::string::npos);
    EXPECT_TRUE(seen().empty());
}

TEST_F(SourcesTest, InstanceIsAskedByVersionTwo) {
    played.http.say(answer(200, "TOKEN=="));
    played.http.say(answer(200, "mullion-role\n"));
    played.http.say(answer(200, metadata));
    const auto fetched = instance_role(caller)->fetch();
    ASSERT_TRUE(fetched.ok()) << fetched.failure().error.detail;
    EXPECT_TRUE(fetched.value().role_session);
    ASSERT_EQ(seen().size(), 3U);
    EXPECT_EQ(seen()[0].method, "PUT");
    EXPECT_EQ(seen()[0].url + seen()[0].target, "http://169.254.169.254/latest/api/token");
    EXPECT_EQ(seen()[0].headers.at("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
    EXPECT_EQ(seen()[1].target, "/latest/meta-data/iam/security-credentials/");
    EXPECT_EQ(seen()[1].headers.at("x-aws-ec2-metadata-token"), "TOKEN==");
    EXPECT_EQ(seen()[2].target, "/latest/meta-data/iam/security-credentials/mullion-role");
    EXPECT_EQ(seen()[2].headers.at("x-aws-ec2-metadata-token"), "TOKEN==");
}

TEST_F(SourcesTest, InstanceCanBeSwitchedOff) {
    played.environment = {{"AWS_EC2_METADATA_DISABLED", "true"}};
    EXPECT_NE(failure_of(*instance_role(caller)).find("AWS_EC2_METADATA_DISABLED"), std::string::npos);
    EXPECT_TRUE(seen().empty());
}

TEST_F(SourcesTest, InstanceWithoutVersionTwoIsNotAskedByVersionOne) {
    played.http.say(answer(405, ""));
    EXPECT_NE(failure_of(*instance_role(caller)).find("HTTP 405"), std::string::npos);
    for (const auto& one : seen()) EXPECT_EQ(one.method, "PUT");
}

TEST_F(SourcesTest, InstanceWithoutARoleSaysSo) {
    played.http.say(answer(200, "TOKEN=="));
    played.http.say(answer(200, "<html>"));
    EXPECT_NE(failure_of(*instance_role(caller)).find("instance profile"), std::string::npos);
}

TEST_F(SourcesTest, InstanceThatIsNoneFailsWithAdvice) {
    auto fetched = instance_role(caller)->fetch();
    ASSERT_FALSE(fetched.ok());
    EXPECT_EQ(fetched.failure().cause, Cause::no_credentials);
    ASSERT_FALSE(fetched.failure().error.advice.empty());
    EXPECT_NE(fetched.failure().error.advice.back().find("hop limit"), std::string::npos);
}

std::unique_ptr<CredentialProvider> base(const Clock& clock, const char* token) {
    class Base final : public CredentialSource {
    public:
        explicit Base(std::string token) : token_(std::move(token)) {}
        Outcome<Credentials> fetch() override {
            Credentials made;
            made.access_key = Secret("AKIA");
            made.secret_key = Secret("s");
            made.session_token = Secret(token_);
            made.role_session = !token_.empty();
            return made;
        }
        std::string description() const override { return "a base"; }

    private:
        std::string token_;
    };
    return std::make_unique<RefreshingCredentials>(std::make_unique<Base>(token), clock);
}

TEST_F(SourcesTest, RoleIsAssumedAsAsked) {
    played.http.say(answer(200, assumed("AssumeRole")));
    const auto source =
        assumed_role(sts, {{role, "mullion-dc1", "ext-1", 7200}, true}, base(played.clock, ""));
    const auto fetched = source->fetch();
    ASSERT_TRUE(fetched.ok()) << fetched.failure().error.detail;
    EXPECT_EQ(fetched.value().caller, "arn:aws:sts::1:assumed-role/m/x");
    EXPECT_NE(seen()[0].body.find("DurationSeconds=7200"), std::string::npos);
    EXPECT_NE(seen()[0].body.find("ExternalId=ext-1"), std::string::npos);
    EXPECT_NE(seen()[0].body.find("RoleSessionName=mullion-dc1"), std::string::npos);
    EXPECT_NE(seen()[0].headers.at("Authorization").find("/us-east-1/sts/aws4_request"), std::string::npos);
    EXPECT_TRUE(source->notes().empty());
}

TEST_F(SourcesTest, ChainedRoleLastsAnHourAndSaysSo) {
    played.http.say(answer(200, assumed("AssumeRole")));
    const auto source = assumed_role(sts, {{role, "mullion-dc1", "", 43200}, true}, base(played.clock, "T"));
    ASSERT_TRUE(source->fetch().ok());
    EXPECT_NE(seen()[0].body.find("DurationSeconds=3600"), std::string::npos);
    ASSERT_EQ(source->notes().size(), 1U);
    EXPECT_NE(source->notes()[0].find("3600 s instead of 43200 s"), std::string::npos);
}

TEST_F(SourcesTest, RoleLongerThanAllowedSaysWhatToChange) {
    played.http.say(answer(400,
                           "<ErrorResponse><Error><Code>ValidationError</Code><Message>The requested "
                           "DurationSeconds exceeds the "
                           "MaxSessionDuration set for this role.</Message></Error></ErrorResponse>"));
    auto fetched =
        assumed_role(sts, {{role, "mullion-dc1", "", 43200}, true}, base(played.clock, ""))->fetch();
    ASSERT_FALSE(fetched.ok());
    EXPECT_EQ(fetched.failure().error.id, ErrorId::aws_refused);
    EXPECT_NE(fetched.failure().error.advice.back().find("MaxSessionDuration"), std::string::npos);
    EXPECT_EQ(seen().size(), 1U);
}

TEST_F(SourcesTest, WebIdentityReadsItsFileEachTimeAndIsNotSigned) {
    TemporaryFile token("first.token\n");
    played.http.say(answer(200, assumed("AssumeRoleWithWebIdentity")));
    const auto source = web_identity(sts, {role, "mullion-dc1", "", 3600}, {token.name(), {}});
    ASSERT_TRUE(source->fetch().ok());
    token.write("second.token");
    ASSERT_TRUE(source->fetch().ok());
    EXPECT_TRUE(seen()[0].body.ends_with("WebIdentityToken=first.token"));
    EXPECT_TRUE(seen()[1].body.ends_with("WebIdentityToken=second.token"));
    EXPECT_EQ(seen()[0].headers.count("Authorization"), 0U);
}

TEST_F(SourcesTest, WebIdentityTokenMayBeACommands) {
    played.http.say(answer(200, assumed("AssumeRoleWithWebIdentity")));
    ASSERT_TRUE(
        web_identity(sts, {role, "mullion-dc1", "", 3600}, {"", {"/bin/echo", "a.token"}})->fetch().ok());
    EXPECT_TRUE(seen()[0].body.ends_with("WebIdentityToken=a.token"));
    const auto ended =
        web_identity(sts, {role, "mullion-dc1", "", 3600}, {"", {"/bin/sh", "-c", "echo why >&2; exit 3"}});
    EXPECT_NE(failure_of(*ended).find("ended with 3: why"), std::string::npos);
    EXPECT_NE(
        failure_of(*web_identity(sts, {role, "mullion-dc1", "", 3600}, {"", {"/bin/echo", "two words"}}))
            .find("no token"),
        std::string::npos);
}

TEST_F(SourcesTest, WebIdentityWithoutAFileSaysWhich) {
    EXPECT_NE(failure_of(*web_identity(sts, {role, "mullion-dc1", "", 3600}, {"/nonexistent/token", {}}))
                  .find("/nonexistent/token"),
              std::string::npos);
}

TEST_F(SourcesTest, WebIdentityProviderThatIsAwayIsAskedAgain) {
    TemporaryFile token("the.token");
    played.http.say(
        answer(400, "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>"));
    played.http.say(answer(200, assumed("AssumeRoleWithWebIdentity")));
    EXPECT_TRUE(web_identity(sts, {role, "mullion-dc1", "", 3600}, {token.name(), {}})->fetch().ok());
    EXPECT_EQ(seen().size(), 2U);
}

TEST_F(SourcesTest, MachinesRoleIsTheFirstThatIsSet) {
    TemporaryFile token("the.token");
    played.http.say([](const HttpRequest& request) -> PlayedHttp::Reply {
        if (request.endpoint.host == "sts.us-east-1.amazonaws.com")
            return answer(200, assumed("AssumeRoleWithWebIdentity"));
        if (request.method == "PUT") return answer(200, "T");
        if (request.target.ends_with("security-credentials/")) return answer(200, "r");
        return answer(200, metadata);
    });
    const auto way = [&](bool keys) {
        const auto source = machine_role(caller, {sts, "mullion-dc1", keys});
        return source->fetch().ok() ? source->description() : "failed";
    };
    EXPECT_EQ(way(true), "the role of this EC2 instance");
    played.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/a";
    EXPECT_EQ(way(true), "the role of the container");
    played.environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = token.name();
    EXPECT_EQ(way(true), "the role of the container");
    played.environment["AWS_ROLE_ARN"] = role;
    EXPECT_EQ(way(true), std::string("the role ") + role + ", by web identity");
    played.environment["AWS_ACCESS_KEY_ID"] = "AKIA";
    played.environment["AWS_SECRET_ACCESS_KEY"] = "s";
    EXPECT_EQ(way(true), "the keys in the environment");
    EXPECT_EQ(way(false), std::string("the role ") + role + ", by web identity");
    // What is set is what is meant: half of it is an error, and not another way.
    played.environment.erase("AWS_SECRET_ACCESS_KEY");
    EXPECT_EQ(way(true), "failed");
}

}  // namespace
}  // namespace mullion::aws
