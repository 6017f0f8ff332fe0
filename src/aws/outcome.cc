#include "aws/outcome.h"

#include <array>
#include <cstddef>

namespace mullion::aws {
namespace {

struct Row {
    std::string_view name;
    ErrorId error;
    std::string_view advice;  // Ahead of the row's own in errors.def.
};

// In the order of Cause.
constexpr std::array<Row, 17> rows{{
    {"unreachable", ErrorId::aws_unreachable, ""},
    {"tls", ErrorId::tls_handshake,
     "AWS_CA_BUNDLE names a file of authorities where the endpoint's is one of your own."},
    {"no-credentials", ErrorId::aws_credentials, ""},
    {"credential-refused", ErrorId::aws_refused,
     "AWS does not know the access key, or the secret key is another one's: give both again, and look "
     "whether the key is still active."},
    {"credential-expired", ErrorId::aws_refused,
     "The session has expired and no newer one was to be had: look at what gives this machine its "
     "credentials."},
    {"clock", ErrorId::aws_refused,
     "Set this machine's clock (timedatectl, chronyc tracking): AWS takes five minutes of difference."},
    {"no-right", ErrorId::aws_refused, "Give the caller the right in the key's policy or in its own (IAM)."},
    {"key-missing", ErrorId::aws_refused,
     "Check key, account and region: a key of another account is named by its ARN."},
    {"key-disabled", ErrorId::aws_refused, "Enable the key: aws kms enable-key."},
    {"key-unusable", ErrorId::aws_refused,
     "Take a symmetric key for encryption in the state Enabled; one that is pending deletion can be saved: "
     "aws kms cancel-key-deletion."},
    {"wrong-region", ErrorId::aws_refused,
     "Give the region of the key's ARN, and an endpoint of that region."},
    {"wrong-context", ErrorId::secrets_tampered, ""},
    {"wrong-key", ErrorId::secrets_tampered, ""},
    {"throttled", ErrorId::aws_throttled, ""},
    {"refused", ErrorId::aws_refused, ""},
    {"answer", ErrorId::aws_answer, ""},
    {"settings", ErrorId::secrets_invalid, ""},
}};
static_assert(static_cast<std::size_t>(Cause::settings) + 1 == rows.size());

const Row& row_of(Cause cause) {
    return rows[static_cast<std::size_t>(cause)];
}

}  // namespace

std::string_view to_string(Cause cause) {
    return row_of(cause).name;
}

ErrorId error_of(Cause cause) {
    return row_of(cause).error;
}

Failure failure(Cause cause, std::string detail, std::string code) {
    Failure made{cause, std::move(code), Error(error_of(cause), std::move(detail))};
    if (!row_of(cause).advice.empty()) made.error.advice.emplace_back(row_of(cause).advice);
    return made;
}

Failure failure(Cause cause, Error error) {
    if (!row_of(cause).advice.empty()) error.advice.emplace_back(row_of(cause).advice);
    return Failure{cause, {}, std::move(error)};
}

}  // namespace mullion::aws
