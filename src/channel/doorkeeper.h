// Who sees every log-on at a service, whatever its scheme: asked before one is checked, and told how it
// ended.
#pragma once

#include <optional>
#include <string>

#include "core/clock.h"
#include "core/error.h"

namespace mullion::channel {

struct LogonAttempt {
    std::string who;      // As the client claims, or as the account is spelt; empty: nobody knows.
    std::string address;  // The client's.
    std::string scheme;   // In one word: "Negotiate", "Certificate".
    std::string inside;  // What the scheme came to: "kerberos", "ntlm"; a certificate's thumbprint. Or empty.
};

// From any thread.
class Doorkeeper {
public:
    virtual ~Doorkeeper() = default;
    // Somebody wants to be checked: how long he waits for it. Nothing: not at all, for too many of that
    // address wait. A time that is not zero is waited for, and then waited() is called.
    [[nodiscard]] virtual std::optional<Duration> arrives(const std::string& address) = 0;
    virtual void waited(const std::string& address) = 0;
    // How it ended; `why` is null for who was let in. Gives how long the answer is held back; he has `waited`
    // before.
    [[nodiscard]] virtual Duration ended(const LogonAttempt& attempt, const Error* why, Duration waited) = 0;
};

}  // namespace mullion::channel
