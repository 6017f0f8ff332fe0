#include "aws/caller.h"

#include <gtest/gtest.h>

#include "aws/tests/played_world.h"

namespace mullion::aws {
namespace {

class CallerTest : public testing::Test {
protected:
    PlayedWorld played;
    Caller caller{played.world()};
    FixedCredentials lasting, temporary{"TOKEN"};

    Question question(CredentialProvider& credentials) {
        Question made;
        made.step = "Decrypt";
        made.request.endpoint = Endpoint{true, "kms.us-east-1.amazonaws.com", 0};
        made.scope = SigningScope{"us-east-1", "kms"};
        made.credentials = &credentials;
        made.read_error = [](const HttpAnswer& one) {
            return read_json_error(one.status, one.body.expose(), "");
        };
        return made;
    }
    // What comes where the service says nothing but this; attempts are in seen().
    Failure fails_with(int status, const std::string& code, CredentialProvider& credentials) {
        played.http.say(answer(status, R"({"__type":")" + code + R"(","message":"words"})",
                               {{"date", "Thu, 18 Dec 2025 00:00:10 GMT"}}));
        auto outcome = caller.ask(question(credentials));
        EXPECT_FALSE(outcome.ok());
        return outcome.failure();
    }
    std::size_t attempts() { return played.http.seen().size(); }
};

TEST_F(CallerTest, SignsAndReturnsTheAnswer) {
    played.http.say(answer(200, "{}"));
    auto outcome = caller.ask(question(temporary));
    ASSERT_TRUE(outcome.ok());
    const auto& seen = played.http.seen().at(0).headers;
    EXPECT_TRUE(seen.at("Authorization").starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
    EXPECT_EQ(seen.at("X-Amz-Security-Token"), "TOKEN");
}

TEST_F(CallerTest, CountsAttemptsByTheTable) {
    EXPECT_EQ(fails_with(400, "ThrottlingException", lasting).cause, Cause::throttled);
    EXPECT_EQ(attempts(), 5U);
    EXPECT_EQ(played.pauses.waited,
              (std::vector<Duration>{Duration(500), Duration(1000), Duration(2000), Duration(4000)}));
}
TEST_F(CallerTest, CountsAttemptsOfAServerError) {
    EXPECT_EQ(fails_with(500, "KMSInternalException", lasting).error.id, ErrorId::aws_unreachable);
    EXPECT_EQ(attempts(), 3U);
    EXPECT_EQ(played.pauses.waited, (std::vector<Duration>{Duration(25), Duration(50)}));
}
TEST_F(CallerTest, CountsAttemptsOfAConnectionThatFails) {
    auto outcome = caller.ask(question(lasting));  // Nobody is there.
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.failure().cause, Cause::unreachable);
    EXPECT_EQ(attempts(), 3U);
    EXPECT_NE(outcome.failure().error.detail.find("kms.us-east-1.amazonaws.com"), std::string::npos);
    EXPECT_NE(outcome.failure().error.detail.find("after 3 attempts"), std::string::npos);
}
TEST_F(CallerTest, DoesNotRepeatATlsFailure) {
    played.http.say(HttpFailure{Error(ErrorId::tls_untrusted, "self-signed"), false});
    auto outcome = caller.ask(question(lasting));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.failure().cause, Cause::tls);
    EXPECT_EQ(outcome.failure().error.id, ErrorId::tls_untrusted);
    EXPECT_EQ(attempts(), 1U);
}
TEST_F(CallerTest, AsksForOtherCredentialsOnce) {
    EXPECT_EQ(fails_with(400, "ExpiredTokenException", temporary).cause, Cause::credential_expired);
    EXPECT_EQ(attempts(), 2U);
    EXPECT_EQ(temporary.forgotten, 1);
}
TEST_F(CallerTest, KeepsLastingCredentialsThatAreUnknown) {
    EXPECT_EQ(fails_with(400, "UnrecognizedClientException", lasting).cause, Cause::credential_refused);
    EXPECT_EQ(attempts(), 1U);
    EXPECT_EQ(lasting.forgotten, 0);
}
TEST_F(CallerTest, RefusalsAreFinal) {
    EXPECT_EQ(fails_with(400, "AccessDeniedException", lasting).error.id, ErrorId::aws_refused);
    EXPECT_EQ(attempts(), 1U);
}

TEST_F(CallerTest, TakesTheServicesClockOnce) {
    // The machine's clock says 2025-12-18 00:00:00; the service's is ten minutes ahead.
    int asked = 0;
    played.http.say([&](const HttpRequest&) -> PlayedHttp::Reply {
        if (++asked == 1)
            return answer(400, R"({"__type":"InvalidSignatureException","message":"Signature expired"})",
                          {{"date", "Thu, 18 Dec 2025 00:10:00 GMT"}});
        return answer(200, "{}");
    });
    EXPECT_TRUE(caller.ask(question(lasting)).ok());
    ASSERT_EQ(attempts(), 2U);
    EXPECT_EQ(played.http.seen()[0].headers.at("X-Amz-Date"), "20251218T000000Z");
    EXPECT_EQ(played.http.seen()[1].headers.at("X-Amz-Date"), "20251218T001000Z");
    EXPECT_EQ(caller.measured_skew(), Duration(std::chrono::minutes(10)));
    EXPECT_TRUE(caller.ask(question(lasting)).ok());  // The skew is remembered.
    EXPECT_EQ(played.http.seen()[2].headers.at("X-Amz-Date"), "20251218T001000Z");
}

TEST_F(CallerTest, AWrongSecretKeyIsTriedTwiceOnly) {
    const auto failed = fails_with(400, "InvalidSignatureException", lasting);
    EXPECT_EQ(failed.cause, Cause::credential_refused);
    EXPECT_EQ(attempts(), 2U);
}

TEST_F(CallerTest, EndsWithItsTime) {
    played.http.say([&](const HttpRequest&) -> PlayedHttp::Reply {
        played.clock.advance(std::chrono::seconds(16));
        return HttpFailure{Error(ErrorId::aws_unreachable, "slow"), true};
    });
    EXPECT_FALSE(caller.ask(question(lasting)).ok());
    EXPECT_EQ(attempts(), 2U);
}

TEST_F(CallerTest, HonoursWhatTheServiceAsksToWait) {
    int asked = 0;
    played.http.say([&](const HttpRequest&) -> PlayedHttp::Reply {
        if (++asked == 1)
            return answer(400, R"({"__type":"ThrottlingException"})", {{"x-amz-retry-after", "3000"}});
        return answer(200, "{}");
    });
    EXPECT_TRUE(caller.ask(question(lasting)).ok());
    EXPECT_EQ(played.pauses.waited, (std::vector<Duration>{Duration(3000)}));
}

}  // namespace
}  // namespace mullion::aws
