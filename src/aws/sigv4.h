// Signature Version 4: a request's canonical form, and the field that proves who sent it. Pure.
// "AWS4-HMAC-SHA256",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "aws/http.h"
#include "core/clock.h"
#include "core/secret.h"

namespace mullion::aws {

struct SigningScope {
    std::string region, service;
};

// What is signed, without I/O's types: header values as they are sent, each line of one by itself.
struct SignedParts {
    std::string_view method;
    std::string_view target;  // Path and query as sent.
    std::vector<Header> headers;
    std::string_view body;
    bool normalize =
        true;  // Dot segments and doubled slashes are taken out of the path (all services but S3).
};

struct CanonicalRequest {
    std::string text;
    std::string signed_headers;
};
[[nodiscard]] CanonicalRequest canonical_request(const SignedParts& parts);
[[nodiscard]] std::string string_to_sign(std::string_view canonical, const SigningScope& scope, WallTime at);
// The value of the field Authorization.
[[nodiscard]] std::string authorization(const CanonicalRequest& canonical, const Credentials& credentials,
                                        const SigningScope& scope, WallTime at);

// Adds X-Amz-Date, X-Amz-Security-Token where the credentials have one, and Authorization.
void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope, WallTime at);

}  // namespace mullion::aws
