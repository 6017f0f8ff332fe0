// What the store's files share. Internal to the folder.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "secrets/store/key_ring.h"
#include "secrets/store/seal.h"
#include "secrets/store/store.h"
#include "storage/secrets_rows.h"

namespace mullion::secrets {

using storage::EntityPlace;
using storage::EntityRow;
using storage::KeyHolder;
using storage::ScopeKeyRow;
using storage::ValueRow;

[[nodiscard]] EntityPlace place_of(const Identity& identity);
[[nodiscard]] Identity identity_of(const EntityPlace& place);
// The built-in manager has a place of its own, in which no connector can be.
[[nodiscard]] EntityPlace builtin_place();
[[nodiscard]] bool is_builtin_place(const EntityPlace& place);
// Where the manager of a value stands; nothing: the entity has no value.
[[nodiscard]] Result<std::optional<EntityPlace>> manager_of(const Entity& entity);
[[nodiscard]] KeyHolder holder_of(const Scope& scope, const EntityPlace& manager);
[[nodiscard]] std::int64_t milliseconds(WallTime when);
[[nodiscard]] WallTime wall_time(std::int64_t milliseconds);
// `use` of the entity names `to`, and there is none.
[[nodiscard]] Error not_there(const Entity& entity, const Use& use, const Identity& to);
// Failures of the database, in the words of this room.
[[nodiscard]] Error of_store(Error error);

// For whom, and for what: of a call.
struct Caller {
    const Principal& who;
    const Purpose& purpose;
};

// A key that is in hand.
struct OpenKey {
    std::string id;
    std::shared_ptr<const Secret> key;
};

struct FreshKey {
    ScopeKeyRow row;
    Secret key;
    std::shared_ptr<KeyManager> manager;
};

// A row, and the row of the key that vouches for it: of one moment.
struct Record {
    EntityRow row;
    ScopeKeyRow key;
};

// What is asked for, of one moment.
struct Found {
    std::optional<Record> record;
    std::optional<ValueRow> value;
    std::optional<ScopeKeyRow> key;
};
struct Looked {
    std::int64_t seen = 0;  // changes_of_others() by then.
    std::vector<Found> found;
};
// Keys that could not be opened, and why: a manager that does not answer is asked once for each.
using ClosedKeys = std::map<std::string, Error>;

// Another process was faster so many times: something is wrong.
inline constexpr int most_tries = 50;
[[nodiscard]] Error too_busy(const std::string& path);

struct Store::State {
    std::string path;
    KeyManagers& managers;
    Audit& audit;
    const Clock& clock;
    Random& random;
    std::unique_ptr<storage::SecretsDatabase> database;
    KeyRing ring;
    Principal looker;  // Of what is looked at without being used.
    struct Held {
        std::string document;
        MonotonicTime since;
        std::shared_ptr<KeyManager> manager;
    };
    std::map<Identity, Held> connectors = {};
    int depth = 0;  // Of managers whose credentials are opened by other managers.
    bool log_checked = false;
    std::uint64_t log_said =
        0;  // How far the log goes, as the file says, or said when it was last looked at.

    // A key that was read here may be wrapped by one that another process dropped before the manager was
    // asked: that process has wrapped all anew, and written that, before it dropped anything. So where
    // somebody has written since, `act` reads again what it opens. It must have changed nothing by then.
    template <class Act>
    std::invoke_result_t<Act> read_anew(Act act);

    // What is being saved together, as it will be: counts before what is there. Null: nothing is.
    const std::map<Identity, const Saving*>* together = nullptr;
    [[nodiscard]] const Saving* saved_now(const Identity& what) const;

    // --- keys.cc: nothing of this within a transaction, as it may ask a network. ---
    Result<std::shared_ptr<KeyManager>> manager(const Caller& caller, const EntityPlace& place);
    Result<Entity> connector_of(const Caller& caller, const Identity& who);
    Result<OpenKey> open_key(const Caller& caller, const ScopeKeyRow& row);
    // The key that new things of this holder are sealed with; made where there is none.
    Result<OpenKey> active_key(const Caller& caller, const KeyHolder& holder);
    // One more, which is nowhere yet.
    Result<FreshKey> new_key(const Caller& caller, const KeyHolder& holder);
    // Of a transaction: nobody has put another in its place since.
    Result<bool> is_still_active(const OpenKey& key, const KeyHolder& holder);
    // Of a transaction: its manager has not dropped what wrapped it.
    static Result<bool> can_be_kept(const FreshKey& fresh);

    // --- records.cc ---
    // Errors: secrets.missing
    Result<Record> record(const EntityPlace& place);
    Result<std::optional<Record>> find_record(const EntityPlace& place);
    // What it says, when it is what was written. Errors: secrets.tampered, which is in the audit log by then
    Result<void> check_mark(const Caller& caller, const Record& record);
    Result<Entity> verified(const Caller& caller, const Record& record);
    Result<void> check_references(const Entity& entity);
    Result<void> write_references(std::int64_t number, const Entity& entity);
    Result<std::vector<Identity>> referred_to(const Identity& what);
    Result<void> check_free_of_cycles(const Entity& entity);
    // Of a manager that is the default one: no other in its scope is. Errors: secrets.invalid
    Result<void> check_only_default(const Entity& entity);
    Result<void> check_unreferenced(const Identity& what);
    void mark(EntityRow& row, const OpenKey& key);

    // --- values.cc ---
    ValueName name_of(const Identity& what, std::uint32_t version, const std::string& field) const;
    // Errors: secrets.tampered, which is in the audit log by then
    Result<Secret> open(const Caller& caller, const EntityRow& owner, const ValueRow& value,
                        const ScopeKeyRow& key);
    Result<ValueRow> reseal(const Caller& caller, const EntityRow& was, const ValueRow& value,
                            const ScopeKeyRow& key, const Identity& is, const OpenKey& with);
    // All versions of it, as they must be where it goes.
    Result<std::vector<ValueRow>> resealed(const Caller& caller, const Record& record, const Identity& is,
                                           const OpenKey& with);
    Result<Secret> open_found(const Caller& caller, const Identity& what, const Found& found,
                              ClosedKeys& closed);
    // From that one on, where somebody has written since. False: nobody has.
    Result<bool> look_again(const Caller& caller, std::span<const Identity> what, std::size_t from,
                            Looked& looked);
    Result<std::vector<Result<Secret>>> open_for_use(const Caller& caller, std::span<const Identity> what);

    // --- log.cc: how far the audit log goes. Errors: audit.…, secrets.tampered ---
    // Before anything is used or changed, once.
    Result<void> check_log(const Caller& caller);
    Result<AuditEnd> known_end(const Caller& caller);
    Result<AuditEnd> vouched(const Caller& caller, const storage::AuditEndRow& row);
    enum class Keeps { what_is_newer, also_what_is_the_same, whatever_was };
    Result<void> keep_end(const Caller& caller, Keeps keeps);
    Result<void> keep_end_now(const Caller& caller, Keeps keeps);
    void keep_end_of_uses(const Caller& caller);
    Result<bool> accept_log(const Caller& caller);
    // `act`, once the log is known to be the right one.
    template <class Act>
    std::invoke_result_t<Act> with_log(const Caller& caller, Act act);
    template <class Act>
    std::invoke_result_t<Act> changing(const Caller& caller, Act act) {
        return with_log(caller, [&] { return read_anew(act); });
    }

    // --- audit entries. Errors: audit.… ---
    Result<void> say(const Caller& caller, AuditEntry::Kind kind, const Identity& what, std::uint32_t version,
                     std::string detail);
    // The log says ahead that it was done; where the commit then fails, it says that it was not. Where that
    // cannot be said either, the disk is the matter.
    Result<void> commit(const Caller& caller, storage::SecretsDatabase::Hold& hold,
                        std::vector<AuditEntry> said);
    Result<void> say_and_commit(const Caller& caller, storage::SecretsDatabase::Hold& hold, AuditEntry entry);
    Error tampered(const Caller& caller, const Identity& what, std::uint32_t version, const std::string& why);
    // The same error, said in the log.
    Error refused(const Caller& caller, const Identity& what, Error error);

    // --- the calls, without their words around them ---
    Result<Stored> get(const Identity& what);
    Result<std::vector<Stored>> list(const Filter& filter);
    Result<std::vector<Version>> versions(const Identity& what);
    class Save;  // save.cc
    Result<std::vector<std::uint32_t>> save(const Caller& caller, std::span<const Saving> all);
    Result<void> move(const Caller& caller, const Identity& what, const Scope& to);
    Result<void> remove(const Caller& caller, const Identity& what);
    Result<void> make_current(const Caller& caller, const Identity& what, std::uint32_t version);
    Result<void> set_test(const Caller& caller, const Identity& what, const TestResult& result);
    Result<void> retire_keys_of(const Identity& manager);
    // `said` is its entry in the log; nothing: it needs none.
    Result<void> change_row(const Caller& caller, const Identity& what,
                            const std::function<Result<void>(EntityRow&)>& change,
                            const std::optional<AuditEntry>& said);
    Result<bool> renew_batch(const Caller& caller, const ScopeKeyRow& old, Renewed& renewed);
    Result<bool> replace_key(const Caller& caller, const ScopeKeyRow& old);
    Result<Renewed> rotate(const Caller& caller);
    Result<bool> rewrap_key(const Caller& caller, const std::string& id);
    Result<Renewed> rewrap(const Caller& caller);
    Result<void> drop_old_keys(BuiltinManager& machine);
};

template <class Act>
std::invoke_result_t<Act> Store::State::read_anew(Act act) {
    for (int tried = 1;; ++tried) {
        const auto before = database->changes_of_others();
        if (!before.ok()) return before.error();
        auto done = act();
        if (done.ok() || done.error().id != ErrorId::secrets_key || tried == most_tries) return done;
        const auto after = database->changes_of_others();
        if (!after.ok() || *after == *before) return done;
    }
}

template <class Act>
std::invoke_result_t<Act> Store::State::with_log(const Caller& caller, Act act) {
    MULLION_TRY(read_anew([&] { return check_log(caller); }));
    return act();
}

}  // namespace mullion::secrets
