#include "cli/secret_store.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cli/report_text.h"
#include "core/printable.h"
#include "os/file.h"
#include "secrets/managers/builtin.h"

namespace mullion::cli {
namespace {

using secrets::BuiltinManager;
using secrets::Store;

// 0700 where they are made; what is there stays as it is, and the store looks at it.
Result<void> make_folders(const std::string& file) {
    std::filesystem::path made;
    for (const auto& part : std::filesystem::path(file).parent_path()) {
        made /= part;
        if (!made.empty() && !os::file_exists(made)) {
            auto folder = os::make_directory(made);
            if (!folder.ok()) return Error(ErrorId::secrets_store, folder.error().detail);
        }
    }
    return {};
}

// With the store, never for one that is there: another key than its own would be of no use.
Result<void> make_key(const StoreWords& words, const std::string& store) {
    Secret protection;
    if (!words.passphrase_file.empty()) {
        MULLION_ASSIGN(protection, store_passphrase(words));
        if (protection.empty())
            return Error(ErrorId::secrets_key, fmt::format("{} has no passphrase", words.passphrase_file));
    }
    const auto file = secrets::key_file_of(store);
    if (auto made = BuiltinManager::make_file(file, protection); !made.ok()) {
        // Somebody who makes the same store was faster: then it is that key.
        if (os::file_exists(file)) return {};
        return made;
    }
    fmt::print(
        stderr,
        "mullion: {} is a new secret store; {} is its key{}: keep a copy of the key apart from those of "
        "the store\n",
        one_line(store), one_line(file), protection.empty() ? "" : ", under the passphrase");
    return {};
}

secrets::Delegate delegate_of(const StoreWords& words) {
    return secrets::this_delegate({words.delegate, {words.delegate_tags.begin(), words.delegate_tags.end()}});
}

// Who gives a passphrase takes the key to be under one.
Result<void> tell_if_unprotected(const StoreWords& words, SecretStore& opened) {
    if (words.passphrase_file.empty()) return {};
    MULLION_ASSIGN(const auto machine, opened.machine());
    if (!machine->has_passphrase())
        fmt::print(stderr, "{}",
                   warning("the store's key is under no passphrase, and the one given is not used; mullion "
                           "secret rewrap --new-passphrase-file FILE puts it under one"));
    return {};
}

Result<std::string> file_of(const StoreWords& words) {
    if (!words.file.empty()) return words.file;
    return secrets::default_store_file();
}

}  // namespace

SecretStore::SecretStore() = default;
SecretStore::~SecretStore() = default;

Result<std::unique_ptr<SecretStore>> SecretStore::open_log(const StoreWords& words) {
    std::unique_ptr<SecretStore> opened(new SecretStore);
    MULLION_ASSIGN(opened->file_, file_of(words));
    if (words.file.empty()) MULLION_TRY(make_folders(opened->file_));
    opened->principal_ = secrets::this_account();
    MULLION_ASSIGN(opened->audit_, secrets::AuditLog::open(secrets::audit_file_of(opened->file_)));
    return opened;
}

Result<std::shared_ptr<BuiltinManager>> SecretStore::machine() {
    return managers_->machine();
}

Result<std::unique_ptr<SecretStore>> SecretStore::open_if_there(const StoreWords& words) {
    MULLION_ASSIGN(const auto file, file_of(words));
    if (!os::file_exists(file)) return std::unique_ptr<SecretStore>();
    return open(words, Store::Mode::create);  // Also of a file that has nothing in it yet.
}

Result<std::unique_ptr<SecretStore>> SecretStore::open(const StoreWords& words, Store::Mode mode) {
    MULLION_ASSIGN(const auto file, file_of(words));
    const bool is_new = mode == Store::Mode::create && !os::file_exists(file);
    if (is_new && words.file.empty()) MULLION_TRY(make_folders(file));
    if (is_new && !secrets::key_credential_folder() && !os::file_exists(secrets::key_file_of(file)))
        MULLION_TRY(make_key(words, file));
    if (!is_new && !os::file_exists(file))
        return Error(ErrorId::secrets_store, fmt::format("there is no store {}", file));
    std::unique_ptr<SecretStore> opened(new SecretStore);
    opened->principal_ = secrets::this_account();
    opened->file_ = file;
    MULLION_ASSIGN(opened->audit_, secrets::AuditLog::open(secrets::audit_file_of(file)));
    opened->delegate_ = delegate_of(words);
    opened->managers_ = std::make_unique<secrets::MachineManagers>(
        file, opened->delegate_, [words] { return store_passphrase(words); });
    MULLION_ASSIGN(opened->store_, Store::open(file, mode, *opened->managers_, *opened->audit_));
    opened->store_->looks_for(opened->principal_);
    MULLION_TRY(tell_if_unprotected(words, *opened));
    return opened;
}

}  // namespace mullion::cli
