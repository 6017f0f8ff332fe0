#include "secrets/use/surroundings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "aws/libcurl_client.h"
#include "os/file.h"
#include "os/user.h"
#include "secrets/entities/references.h"
#include "secrets/managers/aws_kms.h"

namespace mullion::secrets {
namespace {

std::string home() {
    if (const char* const said = ::secure_getenv("HOME"); said != nullptr && *said == '/') return said;
    const auto user = os::current_user();
    return user.ok() ? user->home : std::string();
}

std::optional<std::string> environment(const std::string& name) {
    const char* const value = ::secure_getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<Secret> nobody_to_ask() {
    return Error(ErrorId::secrets_key, "the key is under a passphrase, and there is nobody to ask for it");
}

}  // namespace

// XDG Base Directory Specification: a path that is not absolute is to be passed over.
Result<std::string> default_store_file() {
    if (const char* const said = ::secure_getenv("XDG_DATA_HOME"); said != nullptr && *said == '/')
        return fmt::format("{}/mullion/secrets.db", said);
    const auto folder = home();
    if (!folder.empty()) return folder + "/.local/share/mullion/secrets.db";
    return Error(ErrorId::secrets_store,
                 "this account has no home to keep secrets in; name a file with --store");
}

std::string key_file_of(const std::string& store) {
    return store + ".key";
}
std::string audit_file_of(const std::string& store) {
    return store + ".audit";
}

std::optional<std::string> key_credential_folder() {
    const char* const folder = ::secure_getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || *folder != '/') return {};
    if (!os::file_exists(fmt::format("{}/{}", folder, key_credential))) return {};
    return folder;
}

Principal this_account() {
    const auto user = os::current_user();
    const auto uid = fmt::format("uid:{}", ::geteuid());
    return {user.ok() && !user->name.empty() ? fmt::format("{} ({})", user->name, uid) : uid};
}

Delegate this_delegate(Delegate said) {
    if (!said.name.empty()) return said;
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0) said.name = name.data();
    return said;
}

// Apart, as most runs ask nobody.
struct MachineManagers::Aws {
    aws::LibcurlClient http{environment("AWS_CA_BUNDLE").value_or("")};
    aws::World world{http, system_clock(), system_random(), aws::sleeping_pauses(), environment};
};

MachineManagers::MachineManagers(std::string store, Delegate delegate, BuiltinManager::AskPassphrase ask)
    : store_(std::move(store)),
      delegate_(std::move(delegate)),
      ask_(ask ? std::move(ask) : BuiltinManager::AskPassphrase(nobody_to_ask)) {}
MachineManagers::~MachineManagers() = default;

Result<std::shared_ptr<KeyManager>> MachineManagers::builtin() {
    MULLION_ASSIGN(auto own, machine());
    return std::shared_ptr<KeyManager>(std::move(own));
}

Result<std::shared_ptr<BuiltinManager>> MachineManagers::machine() {
    if (builtin_) return builtin_;
    if (const auto folder = key_credential_folder()) {
        MULLION_ASSIGN(builtin_, BuiltinManager::open_credential(*folder, ask_));
    } else {
        MULLION_ASSIGN(builtin_, BuiltinManager::open_file(key_file_of(store_), ask_));
    }
    return builtin_;
}

Result<std::shared_ptr<KeyManager>> MachineManagers::of(const Entity& connector, const ReadSecret& read) {
    const auto* const kms = std::get_if<AwsKmsConnector>(&connector.spec);
    if (kms == nullptr)
        return Error(ErrorId::secrets_kind,
                     fmt::format("{} is no secret manager", in_words(connector.identity)));
    AwsKmsValues values;
    if (const auto* const keys = std::get_if<AwsKeys>(&kms->credential)) {
        MULLION_ASSIGN(values.access_key, read(keys->access_key));
        MULLION_ASSIGN(values.secret_key, read(keys->secret_key));
    }
    if (const auto* const arn = std::get_if<Reference>(&kms->key_arn)) {
        MULLION_ASSIGN(values.key_arn, read(*arn));
    }
    if (!aws_) aws_ = std::make_unique<Aws>();
    MULLION_ASSIGN(auto made, AwsKms::make(*kms, std::move(values), delegate_, aws_->world));
    return std::shared_ptr<KeyManager>(std::move(made));
}

}  // namespace mullion::secrets
