// The secret store as a command uses it: opened by whatever needs it first, and once, so that a passphrase is
// typed once and one process is one reader.
#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <string>

#include "cli/store_options.h"
#include "core/result.h"
#include "secrets/use/use.h"

namespace mullion::cli {

// Where it is, and the scope of references that name none (--secret-scope).
struct SecretWords {
    StoreWords store;
    std::string scope = "account";
    // What open_store() opened; copies of the words share it.
    std::shared_ptr<std::shared_ptr<secrets::SecretUse>> opened =
        std::make_shared<std::shared_ptr<secrets::SecretUse>>();
};

// --secret-scope, --store and what belongs to it, under "Secrets" in --help.
void declare_secret_words(CLI::App& app, SecretWords& words);

// What is given out from then on is masked in all that this process says. Blocks on the disk; on one thread.
// Errors: secrets.store (also: there is none), secrets.key, secrets.invalid (the scope), audit.…
[[nodiscard]] Result<std::shared_ptr<secrets::SecretUse>> open_store(const SecretWords& words);

}  // namespace mullion::cli
