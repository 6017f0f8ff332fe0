// The store that `mullion secret`, `credential`, `connector` and `apply` work on, with its key and its log.
#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cli/store_options.h"
#include "core/result.h"
#include "secrets/audit/log_file.h"
#include "secrets/entities/principal.h"
#include "secrets/managers/delegate.h"
#include "secrets/store/store.h"
#include "secrets/use/surroundings.h"

namespace mullion::cli {

// Beside a store lie its key, FILE.key, unless systemd hands it over, and its audit log, FILE.audit.
class SecretStore {
public:
    // With `create` a store that is not there is made, and its key with it; both are said on standard error.
    // Errors: secrets.store, secrets.key, audit.failed, audit.broken, usage.file
    [[nodiscard]] static Result<std::unique_ptr<SecretStore>> open(const StoreWords& words,
                                                                   secrets::Store::Mode mode);

    // Null: there is none. Whoever then makes one does so when all else is known to be right, so that what is
    // refused leaves none behind. Errors: as above
    [[nodiscard]] static Result<std::unique_ptr<SecretStore>> open_if_there(const StoreWords& words);

    // Its log alone, for what needs no key: a store that is to be restored. Errors: audit.failed,
    // audit.broken, secrets.store
    [[nodiscard]] static Result<std::unique_ptr<SecretStore>> open_log(const StoreWords& words);

    [[nodiscard]] secrets::Store& store() { return *store_; }
    [[nodiscard]] secrets::Audit& audit() { return *audit_; }
    [[nodiscard]] const std::string& file() const { return file_; }
    // The manager that every store has. Errors: secrets.key
    [[nodiscard]] Result<std::shared_ptr<secrets::BuiltinManager>> machine();
    [[nodiscard]] const secrets::Principal& principal() const { return principal_; }
    // Who this process is among delegates.
    [[nodiscard]] const secrets::Delegate& delegate() const { return delegate_; }

    ~SecretStore();

private:
    SecretStore();
    secrets::Principal principal_;
    secrets::Delegate delegate_;
    std::string file_;
    std::unique_ptr<secrets::AuditLog> audit_;
    std::unique_ptr<secrets::MachineManagers> managers_;
    std::unique_ptr<secrets::Store> store_;
};

}  // namespace mullion::cli
