#include "inventory/vault.h"

#include <algorithm>
#include <list>
#include <optional>

#include <fmt/core.h>

#include "crypto/hash.h"
#include "crypto/vault_cipher.h"
#include "encoding/hex.h"

namespace mullion::inventory {
namespace {

// Ansible's documentation, "ansible-vault payload format 1.1 - 1.2".
constexpr std::string_view magic = "$ANSIBLE_VAULT";
constexpr unsigned iterations = 10'000;
constexpr std::size_t key_size = 32, counter_size = 16, block_size = 16;
constexpr std::size_t kept_keys = 256;

Error fault(std::string_view what) {
    return {ErrorId::inventory_vault, std::string(what)};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// What is in a line up to its end, which is taken too.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

struct Envelope {
    std::string label = "default";
    std::string salt, digest, bytes;
};

// "$ANSIBLE_VAULT;1.2;AES256;label"
Result<std::string> read_header(std::string_view line) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = line.find(';');
        parts.push_back(trimmed(line.substr(0, end)));
        if (end == std::string_view::npos) break;
        line.remove_prefix(end + 1);
    }
    if (parts[0] != magic) return fault("it is not ansible-vault's: it does not begin with $ANSIBLE_VAULT;");
    if (parts.size() < 3) return fault("its first line is cut: $ANSIBLE_VAULT;VERSION;AES256 is wanted");
    if (parts[1] != "1.1" && parts[1] != "1.2")
        return fault(fmt::format("its format {} is not known (1.1 and 1.2 are)", parts[1].substr(0, 20)));
    if (parts[2] != "AES256")
        return fault(fmt::format("its cipher {} is not known (AES256 is)", parts[2].substr(0, 20)));
    return std::string(parts.size() > 3 && !parts[3].empty() ? parts[3] : "default");
}

// Two layers of hex: the whole, and each of its three lines.
Result<Envelope> read_envelope(std::string_view armour) {
    Envelope out;
    MULLION_ASSIGN(out.label, read_header(take_line(armour)));
    std::string outer;
    while (!armour.empty()) outer += take_line(armour);
    const auto inner = encoding::from_hex(outer);
    if (outer.empty()) return fault("the text is damaged: nothing follows its first line");
    if (!inner) return fault("the text is damaged: it is not hexadecimal throughout");
    std::string_view rest = *inner;
    const auto salt = encoding::from_hex(take_line(rest)), digest = encoding::from_hex(take_line(rest)),
               bytes = encoding::from_hex(rest);
    if (!salt || !digest || !bytes || salt->empty() || digest->size() != key_size || bytes->empty() ||
        bytes->size() % block_size != 0) {
        return fault("the text is damaged: it is cut, or lines are missing");
    }
    out.salt = *salt;
    out.digest = *digest;
    out.bytes = *bytes;
    return out;
}

struct Keys {
    std::size_t password;
    std::string salt;
    Secret derived;  // Cipher key, digest key, first counter.
};

Result<Secret> decrypted(const Envelope& envelope, const Secret& derived) {
    const std::string_view keys = derived.expose();
    Secret padded = crypto::aes256_ctr(keys.substr(0, key_size), keys.substr(2 * key_size), envelope.bytes);
    // PKCS #7 (RFC 5652 6.3). The digest fitted, so that nothing can be learned from what is wrong here.
    const std::string_view clear = padded.expose();
    const auto padding = static_cast<unsigned char>(clear.back());
    if (padding == 0 || padding > block_size) return fault("the text is damaged: its padding is wrong");
    const auto tail = clear.substr(clear.size() - padding);
    if (tail.find_first_not_of(clear.back()) != std::string_view::npos)
        return fault("the text is damaged: its padding is wrong");
    return Secret(clear.substr(0, clear.size() - padding));
}

}  // namespace

struct Vault::State {
    std::vector<VaultPassword> passwords;
    std::mutex lock;
    std::list<Keys> recent;  // The last used one first.
    std::size_t derivations = 0;

    // A key is wanted again and again: a group's password is every host's.
    Secret keys(std::size_t password, const std::string& salt) {
        const std::lock_guard guard(lock);
        const auto same = [&](const Keys& keys) { return keys.password == password && keys.salt == salt; };
        const auto known = std::find_if(recent.begin(), recent.end(), same);
        if (known != recent.end()) {
            recent.splice(recent.begin(), recent, known);
        } else {
            recent.push_front({password, salt,
                               crypto::pbkdf2_hmac_sha256(passwords[password].password, salt, iterations,
                                                          2 * key_size + counter_size)});
            ++derivations;
            if (recent.size() > kept_keys) recent.pop_back();
        }
        return recent.front().derived.clone();
    }

    // Those whose label is the text's, then the others, each in the order given.
    [[nodiscard]] std::vector<std::size_t> order(const std::string& label) const {
        std::vector<std::size_t> out(passwords.size());
        for (std::size_t at = 0; at < out.size(); ++at) out[at] = at;
        std::stable_partition(out.begin(), out.end(),
                              [&](std::size_t at) { return passwords[at].label == label; });
        return out;
    }

    [[nodiscard]] Error none_fits(const Envelope& envelope) const {
        std::string tried;
        for (const auto& password : passwords) {
            if (!tried.empty()) tried += ", ";
            tried += fmt::format("{} from {}", password.label, password.source);
        }
        return fault(
            fmt::format("it is labelled {}, and no password given fits ({}), or its text was changed",
                        envelope.label, tried));
    }
};

bool is_vaulted(std::string_view text) {
    return text.starts_with("$ANSIBLE_VAULT;");
}

Vault::Vault(std::vector<VaultPassword> passwords) : state_(std::make_unique<State>()) {
    state_->passwords = std::move(passwords);
}

Vault::~Vault() = default;

std::size_t Vault::derivations() const {
    const std::lock_guard guard(state_->lock);
    return state_->derivations;
}

Result<Secret> Vault::open(std::string_view armour) const {
    MULLION_ASSIGN(const Envelope envelope, read_envelope(armour));
    if (state_->passwords.empty())
        return fault(fmt::format("it is labelled {}, and no vault password is given", envelope.label));
    for (const std::size_t at : state_->order(envelope.label)) {
        const Secret keys = state_->keys(at, envelope.salt);
        const std::string digest =
            crypto::hmac_sha256(keys.expose().substr(key_size, key_size), envelope.bytes);
        if (same_in_constant_time(digest, envelope.digest)) return decrypted(envelope, keys);
    }
    return state_->none_fits(envelope);
}

}  // namespace mullion::inventory
