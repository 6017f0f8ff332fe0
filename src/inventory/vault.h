// ansible-vault 1.1 and 1.2: AES256-CTR with HMAC-SHA256, keys by PBKDF2. Reading only.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::inventory {

struct VaultPassword {
    std::string label;   // "default" for --vault-password-file; LABEL of --vault-id LABEL@FILE.
    std::string source;  // For errors: the file's name.
    Secret password;
};

// True for text that begins with "$ANSIBLE_VAULT;".
[[nodiscard]] bool is_vaulted(std::string_view text);

// Tries the passwords whose label fits, then the others, as Ansible does. Deriving a key takes milliseconds
// of processor time on purpose; a key is derived once per salt. Safe from several threads.
class Vault {
public:
    explicit Vault(std::vector<VaultPassword> passwords);
    ~Vault();
    // Errors: inventory.vault (no password given, none fits, or the text is damaged: they are told apart)
    [[nodiscard]] Result<Secret> open(std::string_view armour) const;
    // How many keys were derived so far.
    [[nodiscard]] std::size_t derivations() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mullion::inventory
