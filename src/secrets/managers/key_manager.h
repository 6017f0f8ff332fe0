// Who holds the keys that wrap the scopes' keys: this machine, or AWS KMS.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::secrets {

// Bound to the wrapped key: ids, not names, as it appears in AWS's own logs. Exact and case-sensitive.
using WrapContext = std::map<std::string, std::string>;

struct WrappedKey {
    std::string manager_key;  // The ARN that AWS answered, or "file:1", "passphrase:1", "credential:1".
    std::string blob;         // Raw bytes.
};
struct NewKey {
    Secret key;  // 32 bytes.
    WrappedKey wrapped;
};

// May block (the network, Argon2id): never called on an I/O thread. Safe from several threads.
class KeyManager {
public:
    virtual ~KeyManager() = default;
    // Errors: secrets.key, secrets.tampered, aws.…
    [[nodiscard]] virtual Result<NewKey> generate(const WrapContext& context) = 0;
    [[nodiscard]] virtual Result<Secret> unwrap(const WrappedKey& key, const WrapContext& context) = 0;
    // The same key under the manager's present key, without its plaintext where the manager can.
    [[nodiscard]] virtual Result<WrappedKey> rewrap(const WrappedKey& key, const WrapContext& context) = 0;
    // Whether what it has just wrapped can still be unwrapped, or the key that did it was dropped since by
    // another process. Asks no network. Errors: secrets.key
    [[nodiscard]] virtual Result<bool> still_has_key_of(const WrappedKey& key) {
        (void)key;  // What AWS wraps, it can unwrap for as long as the key is there.
        return true;
    }
};

}  // namespace mullion::secrets
