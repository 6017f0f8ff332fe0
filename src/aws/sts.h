// Roles for credentials, and who a caller is. Blocks.
#pragma once

#include <string>

#include "aws/caller.h"
#include "aws/sts_messages.h"

namespace mullion::aws {

class Sts {
public:
    Sts(Caller& caller, Endpoint endpoint, std::string region)
        : caller_(caller), endpoint_(std::move(endpoint)), region_(std::move(region)) {}

    [[nodiscard]] Outcome<Credentials> assume_role(const AssumeRole& asked, CredentialProvider& base);
    [[nodiscard]] Outcome<Credentials> assume_role_with_web_identity(const AssumeRole& asked,
                                                                     const Secret& token);
    [[nodiscard]] Outcome<CallerIdentity> caller_identity(CredentialProvider& credentials);

private:
    [[nodiscard]] Question question(std::string step, Secret form, CredentialProvider* signed_with) const;

    Caller& caller_;
    Endpoint endpoint_;
    std::string region_;
};

}  // namespace mullion::aws
