#include "aws/service_error.h"

#include <gtest/gtest.h>

namespace mullion::aws {
namespace {

TEST(JsonError, HasACodeInItsForms) {
    EXPECT_EQ(read_json_error(400, R"({"__type":"NotFoundException","message":"a"})", "").code,
              "NotFoundException");
    EXPECT_EQ(
        read_json_error(400, R"({"__type":"com.amazonaws.kms#DisabledException","Message":"b"})", "").code,
        "DisabledException");
    EXPECT_EQ(read_json_error(400, R"({"__type":"ns#DisabledException:http://x/"})", "").code,
              "DisabledException");
    EXPECT_EQ(read_json_error(400, R"({"__type":"a","Message":"capital"})", "").message, "capital");
    EXPECT_EQ(read_json_error(400, "", "com.amazonaws.kms#ThrottlingException:http://x").code,
              "ThrottlingException");
}

TEST(JsonError, OfAnythingElseIsOneWithoutACode) {
    for (const char* body : {"", "<html>", "[]", "null", "{", R"({"__type":1})", R"({"message":{}})"}) {
        const auto error = read_json_error(502, body, "");
        EXPECT_EQ(error.code, "");
        EXPECT_EQ(error.status, 502);
        EXPECT_EQ(cause_of(error), Cause::unreachable);
    }
    EXPECT_EQ(cause_of(read_json_error(404, "<html>", "")), Cause::answer);
}

TEST(JsonError, SteersNoTerminalAndIsBounded) {
    const auto error =
        read_json_error(400, R"({"__type":"a\u001b[2J","message":")" + std::string(5000, 'x') + R"("})", "");
    EXPECT_EQ(error.code.find('\x1b'), std::string::npos);
    EXPECT_LE(error.message.size(), 500U);
}

TEST(JsonError, EveryTruncationIsAnError) {
    const std::string whole = R"({"__type":"ns#DisabledException","message":"text"})";
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(read_json_error(400, whole.substr(0, size), "").code, "");
}

constexpr const char* sts_error =
    R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>)"
    R"(<Message>User: x is not authorized</Message></Error><RequestId>1</RequestId></ErrorResponse>)";

TEST(XmlError, HasACode) {
    const auto error = read_xml_error(403, sts_error);
    EXPECT_EQ(error.code, "AccessDenied");
    EXPECT_EQ(error.message, "User: x is not authorized");
    EXPECT_EQ(
        read_xml_error(400, "<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>")
            .code,
        "Throttling");
}

TEST(ServiceError, IsReadInEitherForm) {
    EXPECT_EQ(read_service_error(403, std::string("\n") + sts_error, "").code, "AccessDenied");
    EXPECT_EQ(read_service_error(400, R"({"__type":"DisabledException"})", "").code, "DisabledException");
    EXPECT_EQ(read_service_error(403, "<html><body>Blocked</body></html>", "").code, "");
    EXPECT_EQ(read_service_error(400, "", "ns#ThrottlingException").code, "ThrottlingException");
}

TEST(XmlError, EveryTruncationIsAnErrorWithoutACode) {
    const std::string whole = sts_error;
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(read_xml_error(403, whole.substr(0, size)).code, "");
}

ErrorClass class_of_code(const char* code, bool temporary = false, int status = 400) {
    return class_of({status, code, ""}, temporary);
}

// Each code of secrets.md 2.2.
TEST(ErrorClass, FollowsTheTable) {
    for (const char* code : {"ThrottlingException", "Throttling", "ThrottledException", "RequestThrottled",
                             "RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded",
                             "LimitExceededException", "SlowDown", "PriorRequestNotComplete"})
        EXPECT_EQ(class_of_code(code), ErrorClass::throttle) << code;
    for (const char* code :
         {"RequestTimeout", "RequestTimeoutException", "KMSInternalException", "DependencyTimeoutException",
          "KeyUnavailableException", "IDPCommunicationError"})
        EXPECT_EQ(class_of_code(code), ErrorClass::transient) << code;
    for (const int status : {500, 502, 503, 504})
        EXPECT_EQ(class_of_code("", false, status), ErrorClass::transient) << status;
    EXPECT_EQ(class_of_code("", false, 429), ErrorClass::throttle);
    EXPECT_EQ(class_of_code("", false, 501), ErrorClass::final);
    for (const char* code : {"ExpiredToken", "ExpiredTokenException"})
        EXPECT_EQ(class_of_code(code), ErrorClass::refresh) << code;
    for (const char* code : {"UnrecognizedClient", "UnrecognizedClientException", "InvalidClientTokenId"}) {
        EXPECT_EQ(class_of_code(code, true), ErrorClass::refresh) << code;
        EXPECT_EQ(class_of_code(code, false), ErrorClass::final) << code;
    }
    for (const char* code : {"InvalidSignatureException", "RequestTimeTooSkewed", "SignatureDoesNotMatch"})
        EXPECT_EQ(class_of_code(code), ErrorClass::clock) << code;
    for (const char* code :
         {"AccessDeniedException", "NotFoundException", "DisabledException", "KMSInvalidStateException",
          "InvalidCiphertextException", "IncorrectKeyException", "InvalidKeyUsageException",
          "InvalidGrantTokenException", "InvalidArnException", "ValidationException",
          "DryRunOperationException"})
        EXPECT_EQ(class_of_code(code), ErrorClass::final) << code;
}

TEST(Cause, TellsThemApart) {
    const auto cause = [](int status, const char* code, const char* message = "") {
        return cause_of({status, code, message});
    };
    EXPECT_EQ(cause(400, "AccessDeniedException"), Cause::no_right);
    EXPECT_EQ(cause(400, "NotFoundException", "Key 'x' does not exist"), Cause::key_missing);
    EXPECT_EQ(cause(400, "NotFoundException", "Invalid arn us-east-1"), Cause::wrong_region);
    EXPECT_EQ(cause(400, "InvalidSignatureException", "Credential should be scoped to a valid region."),
              Cause::wrong_region);
    EXPECT_EQ(cause(400, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2"),
              Cause::clock);
    EXPECT_EQ(cause(400, "InvalidSignatureException", "The request signature we calculated does not match"),
              Cause::credential_refused);
    EXPECT_EQ(cause(400, "RequestTimeTooSkewed"), Cause::clock);
    EXPECT_EQ(cause(400, "UnrecognizedClientException"), Cause::credential_refused);
    EXPECT_EQ(cause(403, "ExpiredToken"), Cause::credential_expired);
    EXPECT_EQ(cause(400, "DisabledException"), Cause::key_disabled);
    EXPECT_EQ(cause(400, "KMSInvalidStateException"), Cause::key_unusable);
    EXPECT_EQ(cause(400, "InvalidCiphertextException"), Cause::wrong_context);
    EXPECT_EQ(cause(400, "IncorrectKeyException"), Cause::wrong_key);
    EXPECT_EQ(cause(400, "ThrottlingException"), Cause::throttled);
    EXPECT_EQ(cause(403, "RegionDisabledException"), Cause::wrong_region);
    EXPECT_EQ(cause(400, "ValidationException"), Cause::refused);
    EXPECT_EQ(error_of(Cause::wrong_context), ErrorId::secrets_tampered);
    EXPECT_EQ(error_of(Cause::no_right), ErrorId::aws_refused);
    EXPECT_EQ(error_of(Cause::throttled), ErrorId::aws_throttled);
}

}  // namespace
}  // namespace mullion::aws
