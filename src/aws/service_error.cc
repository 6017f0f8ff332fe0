#include "aws/service_error.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "core/printable.h"
#include "xml/document.h"

namespace mullion::aws {
namespace {

using Json = nlohmann::json;
constexpr std::size_t most_message = 500;
constexpr std::size_t most_code = 100;

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool says(std::string_view message, std::string_view words) {
    return message.find(words) != std::string_view::npos;
}

std::string bounded(std::string_view text, std::size_t most) {
    return one_line(text.substr(0, most));
}

// "com.amazonaws.kms#NotFoundException:http://…" is NotFoundException.
std::string plain_code(std::string_view type) {
    if (const auto hash = type.rfind('#'); hash != std::string_view::npos) type.remove_prefix(hash + 1);
    return bounded(type.substr(0, type.find(':')), most_code);
}

std::string text_of(const Json& object, std::initializer_list<const char*> names) {
    for (const auto* const name : names) {
        const auto found = object.find(name);
        if (found != object.end() && found->is_string()) return found->get<std::string>();
    }
    return {};
}

}  // namespace

ServiceError read_json_error(int status, std::string_view body, std::string_view type_header) {
    ServiceError error{status, plain_code(type_header), {}};
    const auto parsed = Json::parse(body, nullptr, false);
    if (!parsed.is_object()) return error;
    if (const auto type = text_of(parsed, {"__type", "code", "Code"}); !type.empty())
        error.code = plain_code(type);
    error.message = bounded(text_of(parsed, {"message", "Message"}), most_message);
    return error;
}

ServiceError read_xml_error(int status, std::string_view body) {
    ServiceError error{status, {}, {}};
    xml::Limits limits;
    limits.bytes = 64 * 1024;
    limits.depth = 16;
    const auto document = xml::Document::parse(body, limits);
    if (!document.ok()) return error;
    const auto root = document->root();
    const auto space = root.space();
    auto found = root.first(space, "Error");
    if (!found)
        found = root.first(space, "Errors").first(space, "Error");  // EC2's form, which some proxies have.
    error.code = plain_code(found.first(space, "Code").trimmed());
    error.message = bounded(found.first(space, "Message").trimmed(), most_message);
    return error;
}

ServiceError read_service_error(int status, std::string_view body, std::string_view type_header) {
    const auto first = body.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && body[first] == '<') return read_xml_error(status, body);
    return read_json_error(status, body, type_header);
}

ErrorClass class_of(const ServiceError& error, bool temporary) {
    const std::string_view code = error.code;
    if (error.status == 429 ||
        is_one_of(code, {"ThrottlingException", "Throttling", "ThrottledException", "RequestThrottled",
                         "RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded",
                         "LimitExceededException", "SlowDown", "PriorRequestNotComplete"})) {
        return ErrorClass::throttle;
    }
    if (is_one_of(code, {"RequestTimeout", "RequestTimeoutException", "KMSInternalException",
                         "DependencyTimeoutException", "KeyUnavailableException", "IDPCommunicationError"})) {
        return ErrorClass::transient;
    }
    if (is_one_of(code, {"ExpiredToken", "ExpiredTokenException"}) ||
        (temporary &&
         is_one_of(code, {"UnrecognizedClient", "UnrecognizedClientException", "InvalidClientTokenId"}))) {
        return ErrorClass::refresh;
    }
    // STS and IAM call KMS's InvalidSignatureException SignatureDoesNotMatch.
    if (is_one_of(code, {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed",
                         "RequestExpired", "RequestInTheFuture"})) {
        return ErrorClass::clock;
    }
    if (error.status == 500 || error.status == 502 || error.status == 503 || error.status == 504)
        return ErrorClass::transient;
    return ErrorClass::final;
}

namespace {

Cause signature_cause(std::string_view message) {
    if (says(message, "scoped to"))
        return Cause::wrong_region;  // "Credential should be scoped to a valid region"
    // "Signature expired: … is now earlier than …", "Signature not yet current: …"
    if (says(message, "expired") || says(message, "not yet current")) return Cause::clock;
    return Cause::credential_refused;
}

}  // namespace

Cause cause_of(const ServiceError& error) {
    const std::string_view code = error.code;
    switch (class_of(error, false)) {
        case ErrorClass::throttle:
            return Cause::throttled;
        case ErrorClass::transient:
            return Cause::unreachable;
        case ErrorClass::refresh:
            return Cause::credential_expired;
        case ErrorClass::clock:
            return code == "InvalidSignatureException" || code == "SignatureDoesNotMatch"
                       ? signature_cause(error.message)
                       : Cause::clock;
        case ErrorClass::final:
            break;
    }
    if (is_one_of(code, {"UnrecognizedClient", "UnrecognizedClientException", "InvalidClientTokenId",
                         "InvalidAccessKeyId", "IncompleteSignature", "IncompleteSignatureException",
                         "MissingAuthenticationToken", "MissingAuthenticationTokenException",
                         "InvalidIdentityToken", "IDPRejectedClaim"})) {
        return Cause::credential_refused;
    }
    if (is_one_of(code, {"AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotAuthorized"}))
        return Cause::no_right;
    // KMS's words for an ARN of another region: "Invalid arn us-east-1".
    if (code == "NotFoundException")
        return says(error.message, "Invalid arn") ? Cause::wrong_region : Cause::key_missing;
    if (code == "DisabledException") return Cause::key_disabled;
    if (is_one_of(code, {"KMSInvalidStateException", "InvalidKeyUsageException"})) return Cause::key_unusable;
    if (code == "InvalidCiphertextException") return Cause::wrong_context;
    if (code == "IncorrectKeyException") return Cause::wrong_key;
    if (code == "RegionDisabledException") return Cause::wrong_region;
    // No code that was understood: a proxy's page, or another service.
    return code.empty() ? Cause::answer : Cause::refused;
}

}  // namespace mullion::aws
