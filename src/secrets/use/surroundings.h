// Where a process finds its secrets, as whom it uses them, and the managers that it can ask.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "secrets/entities/principal.h"
#include "secrets/managers/builtin.h"
#include "secrets/managers/delegate.h"
#include "secrets/store/store.h"

namespace mullion::secrets {

// mullion/secrets.db below $XDG_DATA_HOME or ~/.local/share. Errors: secrets.store (this account has no home)
[[nodiscard]] Result<std::string> default_store_file();

// Beside a store lie its key, unless systemd hands it over, and its audit log.
[[nodiscard]] std::string key_file_of(const std::string& store);
[[nodiscard]] std::string audit_file_of(const std::string& store);
// What systemd hands to a service (LoadCredentialEncrypted=); nothing: it does not.
[[nodiscard]] std::optional<std::string> key_credential_folder();

// As the audit log names who asked: the number cannot be another's, the name is for people.
[[nodiscard]] Principal this_account();
// Without a name it has the host's.
[[nodiscard]] Delegate this_delegate(Delegate said);

// The built-in manager, and those of connectors, through AWS's own environment.
class MachineManagers final : public KeyManagers {
public:
    // `ask` may be null: then a key under a passphrase is an error.
    MachineManagers(std::string store, Delegate delegate, BuiltinManager::AskPassphrase ask);
    ~MachineManagers() override;
    MachineManagers(const MachineManagers&) = delete;
    MachineManagers& operator=(const MachineManagers&) = delete;

    [[nodiscard]] Result<std::shared_ptr<KeyManager>> builtin() override;
    [[nodiscard]] Result<std::shared_ptr<KeyManager>> of(const Entity& connector,
                                                         const ReadSecret& read) override;
    // The same as builtin(). Opened once: a passphrase is asked for once, and costs a second.
    [[nodiscard]] Result<std::shared_ptr<BuiltinManager>> machine();

private:
    struct Aws;
    std::string store_;
    Delegate delegate_;
    BuiltinManager::AskPassphrase ask_;
    std::unique_ptr<Aws> aws_;
    std::shared_ptr<BuiltinManager> builtin_;
};

}  // namespace mullion::secrets
