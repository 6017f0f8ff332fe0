// What it costs to have the passwords of a whole fleet from the store of secrets.
//
//   secrets make FOLDER COUNT ENDPOINT ARN   a store with so many WinRM credentials, each with a password of
//                                            its own, over five scopes; the passwords' keys are wrapped by
//                                            the KMS at ENDPOINT. Access key and secret key are read, a line
//                                            each
//   secrets resolve FOLDER COUNT             all of them, as a run would: says how many there are, and the
//                                            SHA-256 of "USER PASSWORD\n" of each in turn
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "aws/libcurl_client.h"
#include "crypto/hash.h"
#include "encoding/hex.h"
#include "secrets/audit/log_file.h"
#include "secrets/entities/references.h"
#include "secrets/managers/aws_kms.h"
#include "secrets/managers/builtin.h"
#include "secrets/store/store.h"

namespace {

using namespace mullion;
using namespace mullion::secrets;

const std::array<Scope, 5> scopes{Scope{}, Scope{"web", {}}, Scope{"web", "shop"}, Scope{"web", "blog"},
                                  Scope{"office", {}}};
const Principal who{"bench"};
const Purpose purpose{"bench", {}, {}};

std::optional<std::string> environment(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// As the command has them.
class Managers final : public KeyManagers {
public:
    explicit Managers(std::string key_file) : key_file_(std::move(key_file)) {}
    Result<std::shared_ptr<KeyManager>> builtin() override {
        if (!own_) {
            MULLION_ASSIGN(own_, BuiltinManager::open_file(key_file_, {}));
        }
        return std::shared_ptr<KeyManager>(own_);
    }
    Result<std::shared_ptr<KeyManager>> of(const Entity& connector, const ReadSecret& read) override {
        const auto& kms = std::get<AwsKmsConnector>(connector.spec);
        const auto& keys = std::get<AwsKeys>(kms.credential);
        AwsKmsValues values;
        MULLION_ASSIGN(values.access_key, read(keys.access_key));
        MULLION_ASSIGN(values.secret_key, read(keys.secret_key));
        MULLION_ASSIGN(auto made, AwsKms::make(kms, std::move(values), {"bench", {}}, world_));
        return std::shared_ptr<KeyManager>(std::move(made));
    }

private:
    std::string key_file_;
    aws::LibcurlClient http_{""};
    aws::World world_{http_, system_clock(), system_random(), aws::sleeping_pauses(), environment};
    std::shared_ptr<BuiltinManager> own_;
};

struct Kept {
    explicit Kept(const std::string& folder) : file(folder + "/secrets.db"), managers(file + ".key") {}
    Result<void> open(Store::Mode mode) {
        MULLION_ASSIGN(audit, AuditLog::open(file + ".audit"));
        MULLION_ASSIGN(store, Store::open(file, mode, managers, *audit));
        return {};
    }
    std::string file;
    Managers managers;
    std::unique_ptr<AuditLog> audit;
    std::unique_ptr<Store> store;
};

std::string password_id(int number) {
    return "pw" + std::to_string(number);
}
Identity credential_of(int number) {
    return {Space::secret, scopes[static_cast<std::size_t>(number) % scopes.size()],
            "host" + std::to_string(number)};
}

Entity text_secret(const Identity& what, const std::string& manager) {
    return {what, what.id, "", {}, TextSecret{parse_reference(manager).value()}};
}

Entity kms(const std::string& endpoint, const std::string& arn) {
    AwsKmsConnector spec;
    spec.credential = AwsKeys{parse_reference("account.ak").value(), parse_reference("account.sk").value()};
    spec.key_arn = arn;
    spec.endpoint = spec.sts_endpoint = endpoint;
    return {{Space::connector, {}, "kms"}, "kms", "", {}, std::move(spec)};
}

Result<void> add(Store& store, const Entity& entity, std::optional<Secret> value) {
    MULLION_ASSIGN(const auto version, store.create(who, purpose, entity, std::move(value)));
    (void)version;
    return {};
}

Result<void> add_host(Store& store, int number) {
    const auto what = credential_of(number);
    const auto password = Identity{Space::secret, what.scope, password_id(number)};
    MULLION_TRY(add(store, text_secret(password, "account.kms"),
                    Secret("password " + std::to_string(number) + " of the bench")));
    WinRmCredential spec;
    spec.log_on = NtlmLogOn{"corp", "svc" + std::to_string(number), {Reference::Level::same, password.id}};
    return add(store, {what, what.id, "", {{"of", "the bench"}}, std::move(spec)}, std::nullopt);
}

Result<void> make(const std::string& folder, int count, const std::string& endpoint, const std::string& arn) {
    Kept kept(folder);
    MULLION_TRY(BuiltinManager::make_file(kept.file + ".key", Secret()));
    MULLION_TRY(kept.open(Store::Mode::create));
    for (const auto* id : {"ak", "sk"}) {
        std::string line;
        std::getline(std::cin, line);
        MULLION_TRY(add(*kept.store, text_secret({Space::secret, {}, id}, builtin_manager_id), Secret(line)));
    }
    MULLION_TRY(add(*kept.store, kms(endpoint, arn), std::nullopt));
    for (int number = 0; number < count; ++number) MULLION_TRY(add_host(*kept.store, number));
    return {};
}

Result<void> resolve_all(const std::string& folder, int count) {
    Kept kept(folder);
    MULLION_TRY(kept.open(Store::Mode::existing));
    std::vector<std::string> users;
    std::vector<Identity> passwords;
    for (int number = 0; number < count; ++number) {
        const auto what = credential_of(number);
        MULLION_ASSIGN(const auto stored, kept.store->get(what));
        const auto& log_on = std::get<NtlmLogOn>(std::get<WinRmCredential>(stored.entity.spec).log_on);
        MULLION_ASSIGN(auto password, resolve(log_on.password, what.scope, Space::secret));
        users.push_back(log_on.username);
        passwords.push_back(std::move(password));
    }
    MULLION_ASSIGN(const auto values, kept.store->open_for_use(who, purpose, passwords));
    std::string all;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i].ok()) return values[i].error();
        all.append(users[i]).append(" ").append(values[i]->expose()).append("\n");
    }
    std::printf("%zu %s\n", values.size(), encoding::to_hex(crypto::sha256(all)).c_str());
    return {};
}

}  // namespace

int main(int count, char** words) {
    const std::string verb = count > 1 ? words[1] : "";
    Result<void> done = Error(ErrorId::usage_invalid,
                              "usage: secrets make FOLDER COUNT ENDPOINT ARN | secrets resolve FOLDER COUNT");
    if (verb == "make" && count == 6) done = make(words[2], std::atoi(words[3]), words[4], words[5]);
    if (verb == "resolve" && count == 4) done = resolve_all(words[2], std::atoi(words[3]));
    if (done.ok()) return 0;
    std::fprintf(stderr, "secrets: %s\n", done.error().message().c_str());
    return 5;
}
