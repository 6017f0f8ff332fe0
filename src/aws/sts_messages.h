// STS's questions (forms, version 2011-06-15) and answers (XML), and the JSON of the metadata services, which
// give the same (secrets.md 2.3). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "core/result.h"
#include "core/secret.h"

namespace mullion::aws {

struct AssumeRole {
    std::string role_arn;
    std::string session;      // RoleSessionName
    std::string external_id;  // Empty: none.
    std::uint32_t seconds = 3600;
};
// Errors: secrets.invalid (the session's name, the external id or the duration is not as STS takes it)
[[nodiscard]] Result<void> check(const AssumeRole& asked);
[[nodiscard]] Secret assume_role_form(const AssumeRole& asked);
// Without an external id: STS has none there.
[[nodiscard]] Secret web_identity_form(const AssumeRole& asked, const Secret& token);
[[nodiscard]] std::string caller_identity_form();

// "mullion-" and the delegate's name, with what STS does not take as '-', 64 characters at most.
[[nodiscard]] std::string session_name(std::string_view delegate);

// Of both operations. Errors: aws.answer
[[nodiscard]] Result<Credentials> read_assumed_role(std::string_view body);

struct CallerIdentity {
    std::string arn, account, user_id;
};
// Errors: aws.answer
[[nodiscard]] Result<CallerIdentity> read_caller_identity(std::string_view body);

// {"AccessKeyId","SecretAccessKey","Token","Expiration"}; EC2's have a "Code" that must be "Success". Errors:
// aws.answer
[[nodiscard]] Result<Credentials> read_metadata_credentials(std::string_view body);

}  // namespace mullion::aws
