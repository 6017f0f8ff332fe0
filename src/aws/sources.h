// The ways to credentials: given keys, this machine's own role, a role assumed by STS, a web identity.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "aws/caller.h"
#include "aws/credentials.h"
#include "aws/sts.h"

namespace mullion::aws {

// For good, or with a session token.
[[nodiscard]] std::unique_ptr<CredentialSource> given_keys(Secret access_key, Secret secret_key,
                                                           Secret session_token);

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; read again each time. Errors: aws.credentials
[[nodiscard]] std::unique_ptr<CredentialSource> environment_keys(const World& world);

// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI (ECS, EKS): http only to loopback and the addresses of
// the container services, the token of AWS_CONTAINER_AUTHORIZATION_TOKEN[_FILE] with it.
[[nodiscard]] std::unique_ptr<CredentialSource> container_role(Caller& caller);

// EC2's metadata by IMDSv2; never by version 1. AWS_EC2_METADATA_DISABLED=true turns it off.
[[nodiscard]] std::unique_ptr<CredentialSource> instance_role(Caller& caller);

// What a role is assumed with.
struct RoleAsked {
    AssumeRole role;
    bool seconds_chosen = false;  // By the operator: a shorter session is worth a note.
};
[[nodiscard]] std::unique_ptr<CredentialSource> assumed_role(Sts& sts, RoleAsked asked,
                                                             std::unique_ptr<CredentialProvider> base);

// The token comes from a file that is read again each time, or is what a command writes.
struct TokenFrom {
    std::string file;
    std::vector<std::string> command;
};
[[nodiscard]] std::unique_ptr<CredentialSource> web_identity(Sts& sts, AssumeRole role, TokenFrom token);

// The role of this machine, whoever gave it one: web identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN),
// container, instance; with `keys`, those of the environment ahead of them. Which is found out at each fetch.
struct MachineWays {
    Sts& sts;
    std::string session;  // RoleSessionName, where AWS_ROLE_SESSION_NAME has none.
    bool keys = false;
};
[[nodiscard]] std::unique_ptr<CredentialSource> machine_role(Caller& caller, MachineWays ways);

}  // namespace mullion::aws
