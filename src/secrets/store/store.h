// Entities and their sealed values in one file. What is secret goes in beside an entity, and comes out of
// open_for_use() alone, for use in this process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/secret.h"
#include "secrets/audit/audit.h"
#include "secrets/entities/entity.h"
#include "secrets/entities/principal.h"
#include "secrets/managers/key_manager.h"

namespace mullion::secrets {

// Of one version of a text or file secret.
inline constexpr std::size_t largest_value = std::size_t{10} * 1024 * 1024;

// An entity as it is kept. `text` is canonical JSON, made and read by entities/document.h; no secret bytes.
struct Document {
    Identity identity;
    std::string name;
    std::string text;
};

// What the last test of a connection said; kept with the entity, gone when the entity changes.
struct TestResult {
    WallTime when{};
    bool passed = false;
    std::string error;     // The id of what went wrong; empty when it passed.
    std::string message;   // One line for people; never a secret.
    std::string delegate;  // Who tried.
    bool operator==(const TestResult&) const = default;
};

struct Stored {
    Entity entity;
    std::uint32_t version = 0;  // The value's current one; 0: an entity without a value of its own.
    WallTime created{}, changed{};
    std::optional<TestResult> test;
};

// Who refers to an entity, and by which field.
struct Referrer {
    Identity who;
    std::string field;
    bool operator==(const Referrer&) const = default;
};

struct Version {
    std::uint32_t number = 0;
    WallTime created{};
    bool current = false;
};

// One of several that are saved together.
struct Saving {
    enum class As { created, updated } as = As::created;
    Entity entity;
    std::optional<Secret> value;
};

// Finds who wraps the scopes' keys. The built-in manager first: it vouches for each record, too.
class KeyManagers {
public:
    // Opens what a connector's field refers to. Only while of() runs.
    using ReadSecret = std::function<Result<Secret>(const Reference&)>;

    virtual ~KeyManagers() = default;
    // Errors: secrets.key
    [[nodiscard]] virtual Result<std::shared_ptr<KeyManager>> builtin() = 0;
    // Of a connector that is a secret manager (AWS KMS). The store asks again when the connector has changed,
    // and every five minutes. Errors: secrets.…, aws.…
    [[nodiscard]] virtual Result<std::shared_ptr<KeyManager>> of(const Entity& connector,
                                                                 const ReadSecret& read) = 0;
};

class BuiltinManager;

// What rotate() and rewrap() did.
struct Renewed {
    std::size_t keys = 0;     // Keys of scopes: made anew, or wrapped anew.
    std::size_t values = 0;   // Versions of values that were sealed again.
    std::size_t records = 0;  // Entities that were vouched for again.
};

// Which entities list() gives. Nothing: all of them.
struct Filter {
    std::optional<Space> space;
    std::optional<Scope> scope;  // This one alone, not what lies below it.
};

// One thread at a time; several processes at once. Every call may block (the disk, and a manager's network).
// Beside the errors named: secrets.store (the file), secrets.key, aws.… (the manager), secrets.tampered (said
// in the audit log, too), audit.failed and audit.broken (nothing was handed out or changed; also: the log
// is another one than the store knows, which accept_log() lets pass).
class Store {
public:
    enum class Mode { existing, create };  // create: a file that is there is opened all the same.

    // Everything that is passed in must outlive the store. Errors: secrets.store (also: no such file, owner,
    // mode)
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& path, Mode mode,
                                                             KeyManagers& managers, Audit& audit,
                                                             const Clock& clock = system_clock(),
                                                             Random& random = system_random());
    ~Store();

    // Drawn when the store was made; part of everything that is sealed.
    [[nodiscard]] const std::string& account() const;

    // The entity's own rules (validate.h) hold for whoever calls. `value` belongs to a text or file secret,
    // which needs one, and to nothing else. What the entity refers to is looked up in the same transaction.
    // Both give the value's current version. Errors: secrets.exists,
    // secrets.invalid, secrets.missing and secrets.kind (a reference), secrets.cycle
    [[nodiscard]] Result<std::uint32_t> create(const Principal& who, const Purpose& purpose,
                                               const Entity& entity, std::optional<Secret> value);
    // What create() would refuse in a store that has nothing in it: before one is made for it. Errors:
    // secrets.invalid, secrets.missing
    [[nodiscard]] static Result<void> can_be_first(const Entity& entity);
    // In the place of what was there. Without a value the old one stays (sealed again when the manager is
    // another); with one there is a new version. Errors: as above, secrets.missing, secrets.kind (it is of
    // another kind)
    [[nodiscard]] Result<std::uint32_t> update(const Principal& who, const Purpose& purpose,
                                               const Entity& entity, std::optional<Secret> value);
    // All of them, or none: one transaction, and one batch of the audit log. They may refer to each other,
    // and a new secret may be sealed by a manager that is new itself. Gives each one's current version.
    // Errors: as above, of the first that cannot be saved
    [[nodiscard]] Result<std::vector<std::uint32_t>> save(const Principal& who, const Purpose& purpose,
                                                          std::span<const Saving> all);
    // Its references are read anew from where it then lives. Errors: secrets.missing, secrets.exists,
    // secrets.referenced
    [[nodiscard]] Result<void> move(const Principal& who, const Purpose& purpose, const Identity& what,
                                    const Scope& to);
    // With all versions. Errors: secrets.missing, secrets.referenced (the message lists who refers to it)
    [[nodiscard]] Result<void> remove(const Principal& who, const Purpose& purpose, const Identity& what);

    // Whom the next three are for: named in the log where they find what is not what was written. Until then
    // the account that runs this.
    void looks_for(Principal who);
    [[nodiscard]] Result<Stored> get(const Identity& what);  // Errors: secrets.missing
    [[nodiscard]] Result<std::vector<Stored>> list(const Filter& filter = {});
    [[nodiscard]] Result<std::vector<Referrer>> referrers(const Identity& what);
    // The connector of exactly that scope that is meant where a secret names no manager; nothing: none is.
    [[nodiscard]] Result<std::optional<Identity>> default_manager(const Scope& scope);

    // Newest first. Errors: secrets.missing
    [[nodiscard]] Result<std::vector<Version>> versions(const Identity& what);
    // Errors: secrets.missing (also: no such version)
    [[nodiscard]] Result<void> make_current(const Principal& who, const Purpose& purpose,
                                            const Identity& what, std::uint32_t version);

    // Errors: secrets.missing
    [[nodiscard]] Result<void> set_test(const Principal& who, const Purpose& purpose, const Identity& what,
                                        const TestResult& result);

    // The current values, in the order asked, one result for each; said in the audit log, in one commit,
    // before the first is opened. The outer error: nothing was opened at all. Inner errors: secrets.missing,
    // secrets.kind (it has no value), secrets.tampered, …
    [[nodiscard]] Result<std::vector<Result<Secret>>> open_for_use(const Principal& who,
                                                                   const Purpose& purpose,
                                                                   std::span<const Identity> what);

    // New keys for all scopes, and all that was sealed with the old ones sealed again, a few at a time:
    // others read and write meanwhile. One that was cut short is gone on with by the next.
    [[nodiscard]] Result<Renewed> rotate(const Principal& who, const Purpose& purpose);
    // The same keys of scopes, wrapped by their managers' present keys. No value is touched.
    [[nodiscard]] Result<Renewed> rewrap(const Principal& who, const Purpose& purpose);
    // Behind add_key() and rewrap(): those of the machine's old keys that nothing here is wrapped with.
    [[nodiscard]] Result<void> drop_old_keys(BuiltinManager& machine);

    // Goes on with the audit log that is there, where it is not the one that the store knows: the right one
    // was lost, or put away, or the store came here without it. Says so in it. False: it is the right one.
    [[nodiscard]] Result<bool> accept_log(const Principal& who, const Purpose& purpose);

    // How far a store says that its audit log goes. It takes no key, so that nobody vouches for it: for
    // whoever looks whether a log is whole, and not for who goes on with it. Nothing: it does not say.
    // Errors: secrets.store
    [[nodiscard]] static Result<std::optional<AuditEnd>> said_end(const std::string& path);

    // A copy with nothing in clear, and without the manager's key, into a file that is not there yet. Errors:
    // secrets.exists
    [[nodiscard]] Result<void> backup(const Principal& who, const Purpose& purpose, const std::string& to);
    // From a backup to `to`, which is the old store or the whole backup whenever it is cut short. Needs no
    // key. Errors: secrets.exists (a store is there, and `replace` is not set), secrets.store (the backup is
    // none)
    [[nodiscard]] static Result<void> restore(const Principal& who, const Purpose& purpose,
                                              const std::string& from, const std::string& to, bool replace,
                                              Audit& audit);

private:
    struct State;
    explicit Store(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::secrets
