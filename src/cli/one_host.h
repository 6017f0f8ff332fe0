// A credential of the secret store for the command lines of others, winrm's, winrs' and Centreon's: they name
// one host, and have words of their own for everything.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "auth/mechanism.h"
#include "cli/host_secrets.h"
#include "core/result.h"
#include "target/target.h"

namespace mullion::cli {

// Puts into a target what a credential decides. Errors: those of OneHostLogOn::fill
using FillTarget = std::function<Result<void>(target::Target&)>;

// The host is spoken to for as long as this lives: keys may be in its memory alone. On one thread.
class OneHostLogOn {
public:
    // `purpose` is for the audit log; `notify` gets what is worth a warning at each use.
    OneHostLogOn(const SecretWords& words, std::string host, std::string credential, secrets::Purpose purpose,
                 Notify notify);
    ~OneHostLogOn();
    OneHostLogOn(const OneHostLogOn&) = delete;
    OneHostLogOn& operator=(const OneHostLogOn&) = delete;

    // Puts what the credential decides into the target; looked up at the first call, where it may block on
    // the disk and on a manager's network. Errors: secrets.…, audit.…, aws.…
    [[nodiscard]] Result<void> fill(target::Target& to);

    struct Account {
        auth::Credential credential;
        bool no_profile = false;
    };
    // Once the target is whole. Errors: as fill()
    [[nodiscard]] Result<Account> account(const target::Target& settled);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mullion::cli
