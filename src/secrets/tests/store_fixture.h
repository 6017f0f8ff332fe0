// A store in a folder of its own, with the built-in manager and one more that is played.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/aead.h"
#include "os/tests/temporary_folder.h"
#include "secrets/audit/log_file.h"
#include "secrets/audit/verify.h"
#include "secrets/managers/builtin.h"
#include "secrets/store/seal.h"
#include "secrets/store/store.h"

namespace mullion::secrets {

// Wraps with a key in memory, and counts what it is asked: as a KMS does.
class PlayedManager final : public KeyManager {
public:
    Result<NewKey> generate(const WrapContext& context) override {
        ++generated;
        if (down) return Error(ErrorId::aws_unreachable, "played");
        Secret key = crypto::new_aead_key(system_random());
        auto wrapped = wrap(key, context);
        return NewKey{std::move(key), std::move(wrapped)};
    }
    Result<Secret> unwrap(const WrappedKey& key, const WrapContext& context) override {
        ++unwrapped;
        contexts.push_back(context);
        if (down) return Error(ErrorId::aws_unreachable, "played");
        for (const auto& own : keys) {
            if (auto clear = crypto::unseal(own, text(context), key.blob)) return std::move(*clear);
        }
        return Error(ErrorId::secrets_tampered, "played");
    }
    Result<WrappedKey> rewrap(const WrappedKey& key, const WrapContext& context) override {
        MULLION_ASSIGN(const auto clear, unwrap(key, context));
        return wrap(clear, context);
    }
    void add_key() { keys.push_back(crypto::new_aead_key(system_random())); }

    PlayedManager() { add_key(); }
    std::vector<Secret> keys;
    int generated = 0, unwrapped = 0;
    bool down = false;
    std::vector<WrapContext> contexts;

private:
    static std::string text(const WrapContext& context) {
        std::string all;
        for (const auto& [name, value] : context) all += name + "=" + value + "\n";
        return all;
    }
    WrappedKey wrap(const Secret& key, const WrapContext& context) {
        return {"arn:played:" + std::to_string(keys.size()),
                crypto::seal(keys.back(), text(context), key, system_random())};
    }
};

class PlayedManagers final : public KeyManagers {
public:
    explicit PlayedManagers(std::string key_file) : key_file_(std::move(key_file)) {}
    Result<std::shared_ptr<KeyManager>> builtin() override {
        if (const auto act = before_builtin) act();
        if (own) return std::shared_ptr<KeyManager>(own);
        MULLION_ASSIGN(auto opened, BuiltinManager::open_file(key_file_, {}));
        return std::shared_ptr<KeyManager>(std::move(opened));
    }
    Result<std::shared_ptr<KeyManager>> of(const Entity& connector, const ReadSecret& read) override {
        ++asked;
        if (const auto* keys = std::get_if<AwsKeys>(&std::get<AwsKmsConnector>(connector.spec).credential)) {
            MULLION_ASSIGN(const Secret access, read(keys->access_key));
            MULLION_ASSIGN(const Secret secret, read(keys->secret_key));
            credentials.push_back(std::string(access.expose()) + ":" + std::string(secret.expose()));
        }
        return other ? other : std::shared_ptr<KeyManager>(kms);
    }

    std::shared_ptr<KeyManager> own;  // In the place of the key file's.
    std::shared_ptr<PlayedManager> kms = std::make_shared<PlayedManager>();
    std::shared_ptr<KeyManager> other;  // In its place.
    int asked = 0;
    std::vector<std::string> credentials;
    std::function<void()> before_builtin;

private:
    std::string key_file_;
};

class StoreTest : public testing::Test {
protected:
    StoreTest() {
        EXPECT_TRUE(BuiltinManager::make_file(key_file, Secret()).ok());
        auto log = AuditLog::open(audit_file, clock);
        EXPECT_TRUE(log.ok());
        audit = std::move(log).value();
        open();
    }
    void open() {
        store.reset();
        auto opened = Store::open(path, Store::Mode::create, managers, *audit, clock);
        ASSERT_TRUE(opened.ok()) << opened.error().message();
        store = std::move(opened).value();
    }

    static Reference reference(const std::string& text) { return parse_reference(text).value(); }
    static Entity text_secret(const std::string& id, const std::string& manager = builtin_manager_id,
                              const Scope& scope = {}) {
        return {{Space::secret, scope, id}, id, "", {}, TextSecret{reference(manager)}};
    }
    static Entity credential(const std::string& id, const std::string& password, const Scope& scope = {}) {
        WinRmCredential spec;
        spec.log_on = NtlmLogOn{"corp", "svc", reference(password)};
        return {{Space::secret, scope, id}, id, "", {}, spec};
    }
    static Entity connector(const std::string& id, const Scope& scope = {}) {
        AwsKmsConnector spec;
        spec.credential = AwsKeys{reference("account.ak"), reference("account.sk")};
        spec.key_arn = std::string("arn:aws:kms:eu-west-1:123456789012:key/1");
        return {{Space::connector, scope, id}, id, "", {}, spec};
    }
    Result<std::uint32_t> add(const Entity& entity, const std::string& value = "") {
        return store->create(who, purpose, entity,
                             value.empty() ? std::nullopt : std::optional(Secret(value)));
    }
    // Its access keys are in the built-in manager.
    void add_kms(const Scope& scope = {}) {
        ASSERT_TRUE(add(text_secret("ak"), "AKIA").ok());
        ASSERT_TRUE(add(text_secret("sk"), "shh").ok());
        const auto added = add(connector("kms", scope));
        ASSERT_TRUE(added.ok()) << added.error().message();
    }
    // The value, or the id of what went wrong.
    std::string value(const Identity& what) {
        const auto values = store->open_for_use(who, purpose, std::span(&what, 1));
        if (!values.ok()) return "! " + std::string(values.error().info().id);
        const auto& one = values->front();
        return one.ok() ? std::string(one->expose()) : "! " + std::string(one.error().info().id);
    }
    std::string value(const std::string& id, const Scope& scope = {}) {
        return value(Identity{Space::secret, scope, id});
    }
    // Lines of the audit log that have this.
    int said(const std::string& words) {
        int lines = 0;
        const auto verdict = verify_audit(audit_file, audit->head(), [&](std::string_view line) {
            lines += line.find(words) != std::string_view::npos ? 1 : 0;
        });
        EXPECT_TRUE(verdict.ok()) << verdict.error().message();
        return lines;
    }

    os::TemporaryFolder folder;
    std::string path = folder / "secrets.db", key_file = folder / "secrets.db.key",
                audit_file = path + ".audit";
    const Principal who{"uid:1000"};
    const Purpose purpose{"test", "", ""};
    ManualClock clock;
    PlayedManagers managers{key_file};
    std::unique_ptr<AuditLog> audit;
    std::unique_ptr<Store> store;
};

}  // namespace mullion::secrets
