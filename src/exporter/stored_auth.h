// An auth whose credential or password is in a secret store. The exporter knows no store: who starts it gives
// what opens it.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "core/secret.h"
#include "target/target.h"

namespace mullion::exporter {

struct LogOn {
    target::Target options;  // As the auth has them, with what the credential decides.
    Secret password;         // Empty: keys or tickets.
};

// From workers, several at a time; may block.
class StoredAuth {
public:
    virtual ~StoredAuth() = default;
    // Before each new session: what tells one state of the secret from another. Looks, now and then, whether
    // there is a new one, and opens that.
    [[nodiscard]] virtual std::string edition() = 0;
    // That log_on() gives by then; 0: it says none.
    [[nodiscard]] virtual std::uint16_t port() = 0;
    // Errors: why it could not be opened: secrets.…, audit.…, aws.…
    [[nodiscard]] virtual Result<LogOn> log_on() = 0;
};

}  // namespace mullion::exporter
