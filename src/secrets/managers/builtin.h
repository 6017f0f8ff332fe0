// The manager that every store has: keys of scopes wrapped by a key of this machine.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "core/secret.h"
#include "os/lock.h"
#include "secrets/managers/key_file.h"
#include "secrets/managers/key_manager.h"

namespace mullion::secrets {

// The name of the credential that systemd hands over (LoadCredentialEncrypted=mullion-store-key:…).
inline constexpr const char* key_credential = "mullion-store-key";

class BuiltinManager final : public KeyManager {
public:
    // Asked only where the key is under one.
    using AskPassphrase = std::function<Result<Secret>()>;

    // Errors: secrets.key (missing, somebody else's, readable by others, damaged; the passphrase)
    [[nodiscard]] static Result<std::shared_ptr<BuiltinManager>> open_file(const std::string& path,
                                                                           const AskPassphrase& ask,
                                                                           Random& random = system_random());
    // From $CREDENTIALS_DIRECTORY, which systemd keeps for the service alone.
    [[nodiscard]] static Result<std::shared_ptr<BuiltinManager>> open_credential(
        const std::string& folder, const AskPassphrase& ask, Random& random = system_random());
    // A new random key in a new file, mode 0600; on the disk, with its name, when it returns. Errors:
    // secrets.key (also: there is one)
    [[nodiscard]] static Result<void> make_file(const std::string& path, const Secret& passphrase,
                                                const crypto::Argon2Cost& cost = {},
                                                Random& random = system_random());

    [[nodiscard]] Result<NewKey> generate(const WrapContext& context) override;
    [[nodiscard]] Result<Secret> unwrap(const WrappedKey& key, const WrapContext& context) override;
    [[nodiscard]] Result<WrappedKey> rewrap(const WrappedKey& key, const WrapContext& context) override;
    [[nodiscard]] Result<bool> still_has_key_of(const WrappedKey& key) override;

    [[nodiscard]] bool has_passphrase() const { return !passphrase_.empty(); }
    // It cannot be changed then: systemd has the file.
    [[nodiscard]] bool is_credential() const { return kind_ == Kind::credential; }
    // One more key in the file, which wraps what is new; the old ones stay, as what they have wrapped is
    // still there. Where earlier rounds were cut short so often that there is no room, the newest one is it.
    // Until drop_old_keys(), or the end of this object, no other process does this. Errors: secrets.key
    // (also: the key is a credential, which is the service manager's), secrets.store (another process is at
    // it)
    [[nodiscard]] Result<void> add_key();
    // But for the newest two, and those that `in_use` is wrapped with: called while nobody can write down
    // more of that (Store::drop_old_keys()). The one before the newest stays for what somebody has just read.
    // Errors: secrets.key
    [[nodiscard]] Result<void> drop_old_keys(std::span<const WrappedKey> in_use);
    // The same keys under another passphrase; empty: under none. Errors: as above
    [[nodiscard]] Result<void> protect(const Secret& passphrase, const crypto::Argon2Cost& cost = {});

private:
    enum class Kind { file, credential };
    BuiltinManager(Kind kind, std::string path, Random& random)
        : kind_(kind), path_(std::move(path)), random_(random) {}
    [[nodiscard]] static Result<std::shared_ptr<BuiltinManager>> open(Kind kind, const std::string& path,
                                                                      const AskPassphrase& ask,
                                                                      Random& random);
    [[nodiscard]] Result<Secret> read() const;
    [[nodiscard]] Result<void> load(const Secret& text, const AskPassphrase& ask);
    // Another process may have added a key, and wrap with it.
    [[nodiscard]] Result<void> load_what_changed();
    [[nodiscard]] const KeyFile::Key* find(std::string_view key_id) const;
    [[nodiscard]] Result<void> take_lock();
    [[nodiscard]] Result<void> write(std::vector<KeyFile::Key> keys);
    [[nodiscard]] WrappedKey wrap(const Secret& key, const WrapContext& context);
    [[nodiscard]] Result<Secret> unwrap_here(const WrappedKey& key, const WrapContext& context);

    Kind kind_;
    std::string path_;
    Random& random_;
    std::mutex mutex_;
    std::string digest_;  // Of the file's text, SHA-256. Inodes and times of files come again.
    crypto::Argon2Cost cost_;
    Secret passphrase_;  // Empty: none.
    std::vector<KeyFile::Key> keys_;
    std::optional<os::LockFile> changing_;
};

}  // namespace mullion::secrets
