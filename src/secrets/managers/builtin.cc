#include "secrets/managers/builtin.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "os/input_file.h"
#include "secrets/store/private_file.h"
#include "secrets/store/seal.h"

namespace mullion::secrets {
namespace {

constexpr auto wrong = ErrorId::secrets_key;

std::string bytes_of(const WrapContext& context) {
    std::vector<std::string_view> parts;
    for (const auto& [name, value] : context) {
        parts.push_back(name);
        parts.push_back(value);
    }
    return name_bytes("mullion scope key 1", parts);
}

Error as_key_error(Error error) {
    error.id = wrong;
    return error;
}

// Of a credential systemd shows an access list in the group's bits.
Result<Secret> read_key_file(const std::string& path, uid_t other_owner, mode_t forbidden) {
    const os::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!file) return os::system_error(wrong, "open the key file " + path, errno);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) return os::system_error(wrong, "look at " + path, errno);
    if (!S_ISREG(about.st_mode) || about.st_nlink != 1)
        return Error(wrong, path + " is not a regular file with one name");
    if (about.st_uid != ::geteuid() && about.st_uid != other_owner)
        return Error(wrong, fmt::format("{} belongs to uid {}, not to {}", path, about.st_uid, ::geteuid()));
    if ((about.st_mode & forbidden) != 0)
        return Error(wrong, fmt::format("{} has mode {:o}; it must be 0600", path, about.st_mode & 07777));
    os::InputFile input(file.get(), path);
    auto text = os::read_secret_input(input, largest_key_file);
    if (!text.ok()) return as_key_error(std::move(text).error());
    return text;
}

// Whole under its name, or not there at all: a store that is made at the same moment finds a whole key, and a
// crash leaves no half one, which nobody could open and nothing would replace.
Result<void> make_new_file(const std::string& path, const Secret& text) {
    std::string beside = path + ".XXXXXX";
    const os::UniqueFd file(::mkostemp(beside.data(), O_CLOEXEC));  // Mode 0600.
    if (!file) return os::system_error(wrong, "make the key file " + path, errno);
    const auto bytes = text.expose();
    // It fits a page: what does not take it at once is full.
    const auto taken = ::write(file.get(), bytes.data(), bytes.size());
    int failed = taken == static_cast<ssize_t>(bytes.size()) ? 0 : taken < 0 ? errno : ENOSPC;
    if (failed == 0 && ::fsync(file.get()) != 0) failed = errno;
    if (failed == 0) failed = give_name(beside, path);
    if (failed == 0) return {};
    ::unlink(beside.c_str());
    return os::system_error(wrong, "make the key file " + path, failed);
}

std::vector<KeyFile::Key> copies(const std::vector<KeyFile::Key>& keys) {
    std::vector<KeyFile::Key> all;
    for (const auto& key : keys) all.push_back({key.number, key.bytes.clone()});
    return all;
}

}  // namespace

Result<Secret> BuiltinManager::read() const {
    const bool of_systemd = kind_ == Kind::credential;
    return read_key_file(path_, of_systemd ? 0 : ::geteuid(), of_systemd ? 0037 : 0077);
}

Result<void> BuiltinManager::load(const Secret& text, const AskPassphrase& ask) {
    MULLION_ASSIGN(const auto file, parse_key_file(text.expose()));
    if (!file.protection) {
        passphrase_ = Secret();
    } else {
        cost_ = file.protection->cost;
        if (passphrase_.empty() && ask) {
            MULLION_ASSIGN(passphrase_, ask());
        }
    }
    MULLION_ASSIGN(keys_, open_keys(file, passphrase_));
    digest_ = crypto::sha256(text.expose());
    return {};
}

Result<void> BuiltinManager::load_what_changed() {
    MULLION_ASSIGN(const auto text, read());
    if (crypto::sha256(text.expose()) == digest_) return {};
    return load(text, {});
}

Result<std::shared_ptr<BuiltinManager>> BuiltinManager::open(Kind kind, const std::string& path,
                                                             const AskPassphrase& ask, Random& random) {
    auto manager = std::shared_ptr<BuiltinManager>(new BuiltinManager(kind, path, random));
    MULLION_ASSIGN(const auto text, manager->read());
    MULLION_TRY(manager->load(text, ask));
    return manager;
}

Result<std::shared_ptr<BuiltinManager>> BuiltinManager::open_file(const std::string& path,
                                                                  const AskPassphrase& ask, Random& random) {
    return open(Kind::file, path, ask, random);
}

Result<std::shared_ptr<BuiltinManager>> BuiltinManager::open_credential(const std::string& folder,
                                                                        const AskPassphrase& ask,
                                                                        Random& random) {
    return open(Kind::credential, fmt::format("{}/{}", folder, key_credential), ask, random);
}

Result<void> BuiltinManager::make_file(const std::string& path, const Secret& passphrase,
                                       const crypto::Argon2Cost& cost, Random& random) {
    if (auto folder = check_private_file(path, Missing::may_be); !folder.ok())
        return as_key_error(std::move(folder).error());
    std::vector<KeyFile::Key> keys;
    keys.push_back({1, crypto::new_aead_key(random)});
    MULLION_ASSIGN(const auto file, close_keys(keys, passphrase, cost, random));
    MULLION_TRY(make_new_file(path, key_file_text(file)));
    if (auto synced = sync_folder_of(path); !synced.ok()) return as_key_error(std::move(synced).error());
    return {};
}

WrappedKey BuiltinManager::wrap(const Secret& key, const WrapContext& context) {
    const auto& present = keys_.back();
    const char* const kind = kind_ == Kind::credential ? "credential"
                             : passphrase_.empty()     ? "file"
                                                       : "passphrase";
    return {
        fmt::format("{}:{}", kind, present.number),
        wrapped_blob(key_id_of(present.bytes), crypto::seal(present.bytes, bytes_of(context), key, random_))};
}

Result<NewKey> BuiltinManager::generate(const WrapContext& context) {
    const std::lock_guard guard(mutex_);
    MULLION_TRY(load_what_changed());
    Secret key = crypto::new_aead_key(random_);
    auto wrapped = wrap(key, context);
    return NewKey{std::move(key), std::move(wrapped)};
}

const KeyFile::Key* BuiltinManager::find(std::string_view key_id) const {
    for (const auto& own : keys_) {
        if (key_id_of(own.bytes) == key_id) return &own;
    }
    return nullptr;
}

Result<Secret> BuiltinManager::unwrap_here(const WrappedKey& key, const WrapContext& context) {
    const auto parts = parse_wrapped(key.blob);
    if (!parts) return Error(ErrorId::secrets_tampered, "a wrapped key is none of this manager's");
    const auto* own = find(parts->key_id);
    if (own == nullptr) {
        MULLION_TRY(load_what_changed());
        own = find(parts->key_id);
    }
    if (own == nullptr)
        return Error(wrong, fmt::format("{} does not have the key '{}' that the store was kept with", path_,
                                        key.manager_key));
    auto clear = crypto::unseal(own->bytes, bytes_of(context), parts->sealed);
    if (!clear || clear->expose().size() != crypto::aead_key_size)
        return Error(ErrorId::secrets_tampered,
                     "a wrapped key was changed, or is another scope's or store's");
    return std::move(*clear);
}

Result<Secret> BuiltinManager::unwrap(const WrappedKey& key, const WrapContext& context) {
    const std::lock_guard guard(mutex_);
    return unwrap_here(key, context);
}

Result<WrappedKey> BuiltinManager::rewrap(const WrappedKey& key, const WrapContext& context) {
    const std::lock_guard guard(mutex_);
    MULLION_TRY(load_what_changed());
    MULLION_ASSIGN(const auto clear, unwrap_here(key, context));
    return wrap(clear, context);
}

Result<bool> BuiltinManager::still_has_key_of(const WrappedKey& key) {
    const std::lock_guard guard(mutex_);
    MULLION_TRY(load_what_changed());
    const auto parts = parse_wrapped(key.blob);
    return parts && find(parts->key_id) != nullptr;
}

// Of what is read, changed and written again, nobody else's key may be lost.
Result<void> BuiltinManager::take_lock() {
    if (kind_ == Kind::credential)
        return Error(wrong, fmt::format("{} is systemd's: make another credential of it", path_));
    if (!changing_) {
        auto lock = os::LockFile::acquire(path_ + ".lock");
        // Its own words are of a service's state directory.
        if (!lock.ok() && lock.error().id == ErrorId::state_locked)
            return Error(ErrorId::secrets_store,
                         fmt::format("{} is being changed by another mullion secret rewrap: try again when "
                                     "that has ended",
                                     path_));
        MULLION_ASSIGN(changing_, std::move(lock));
        os::remove_unfinished(folder_of(path_));  // Keys, too, where their writer was killed.
    }
    return load_what_changed();
}

Result<void> BuiltinManager::write(std::vector<KeyFile::Key> keys) {
    MULLION_ASSIGN(const auto file, close_keys(keys, passphrase_, cost_, random_));
    const Secret text = key_file_text(file);
    if (auto written = os::write_file_atomic(path_, text.expose(), 0600); !written.ok())
        return as_key_error(std::move(written).error());
    keys_ = std::move(keys);
    digest_ = crypto::sha256(text.expose());
    return {};
}

Result<void> BuiltinManager::add_key() {
    const std::lock_guard guard(mutex_);
    MULLION_TRY(take_lock());
    if (keys_.size() == most_keys) return {};
    auto keys = copies(keys_);
    keys.push_back({keys_.back().number + 1, crypto::new_aead_key(random_)});
    return write(std::move(keys));
}

Result<void> BuiltinManager::drop_old_keys(std::span<const WrappedKey> in_use) {
    const std::lock_guard guard(mutex_);
    MULLION_TRY(take_lock());
    const auto is_used = [&](const KeyFile::Key& own) {
        const auto id = key_id_of(own.bytes);
        return std::any_of(in_use.begin(), in_use.end(), [&](const WrappedKey& key) {
            const auto parts = parse_wrapped(key.blob);
            return parts && parts->key_id == id;
        });
    };
    std::vector<KeyFile::Key> kept;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const auto& own = keys_[i];
        if (i + 2 >= keys_.size() || is_used(own)) kept.push_back({own.number, own.bytes.clone()});
    }
    Result<void> written;
    if (kept.size() < keys_.size()) written = write(std::move(kept));
    changing_.reset();
    return written;
}

Result<void> BuiltinManager::protect(const Secret& passphrase, const crypto::Argon2Cost& cost) {
    const std::lock_guard guard(mutex_);
    MULLION_TRY(take_lock());
    const auto before = std::exchange(cost_, cost);
    Secret was = std::exchange(passphrase_, passphrase.clone());
    auto written = write(copies(keys_));
    if (!written.ok()) {
        cost_ = before;
        passphrase_ = std::move(was);
    }
    changing_.reset();
    return written;
}

}  // namespace mullion::secrets
