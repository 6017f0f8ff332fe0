// What requests are signed with.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/outcome.h"
#include "core/clock.h"
#include "core/secret.h"

namespace mullion::aws {

struct Credentials {
    Secret access_key;  // AKIA…, ASIA…: no secret to AWS, but what an operator keeps as one.
    Secret secret_key;
    Secret session_token;             // Empty: for good.
    std::optional<WallTime> expires;  // Of temporary ones.
    std::string caller;               // "arn:…:assumed-role/…" where it is known without asking.
    bool role_session = false;        // A role assumed from it lasts an hour at most (role chaining).

    [[nodiscard]] bool temporary() const { return !session_token.empty(); }
};

// One way to get credentials. Asked by one thread at a time.
class CredentialSource {
public:
    virtual ~CredentialSource() = default;
    // Reads files and asks services again at each call. Errors: aws.…, tls.…
    [[nodiscard]] virtual Outcome<Credentials> fetch() = 0;
    // "the role of this machine", "the role arn:…, by web identity"
    [[nodiscard]] virtual std::string description() const = 0;
    // What an operator should know of the last fetch: "3600 s instead of 43200 s, as …".
    [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }
};

// Where calls take them from. Safe from several threads.
class CredentialProvider {
public:
    using Shared = std::shared_ptr<const Credentials>;
    virtual ~CredentialProvider() = default;
    [[nodiscard]] virtual Outcome<Shared> get() = 0;
    // AWS refused these as expired: the next get() gives others, unless somebody was quicker.
    virtual void forget(const Shared& refused) = 0;
    [[nodiscard]] virtual std::string description() const = 0;
    [[nodiscard]] virtual std::vector<std::string> notes() const = 0;
};

}  // namespace mullion::aws
