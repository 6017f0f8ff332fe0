// New keys of scopes, and new wrappings of them, while others read and write.
#include <fmt/format.h>

#include "secrets/entities/references.h"
#include "secrets/managers/builtin.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

// Of one transaction: others wait no longer than that.
constexpr std::size_t most_rows = 256;
constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024;

struct Batch {
    std::optional<ScopeKeyRow> key;                      // As it is by now.
    std::vector<std::pair<ValueRow, EntityRow>> values;  // With its owner.
    std::vector<EntityRow> entities;
    [[nodiscard]] bool empty() const { return !key || (values.empty() && entities.empty()); }
};

Result<Batch> next_batch(storage::SecretsDatabase& database, const std::string& key) {
    Batch batch;
    MULLION_ASSIGN(const auto hold, database.read());
    MULLION_ASSIGN(batch.key, database.key(key));
    MULLION_ASSIGN(auto values, database.values_of_key(key, most_rows, most_bytes));
    for (auto& value : values) {
        MULLION_ASSIGN(auto owner, database.find(value.owner));
        if (owner) batch.values.emplace_back(std::move(value), std::move(*owner));
    }
    MULLION_ASSIGN(batch.entities, database.entities_of_key(key, most_rows));
    return batch;
}

// A manager that does not answer keeps nobody else's keys old: the others' are renewed, and then it is told.
class Failures {
public:
    // Errors: those after which nothing can go on: the store's own, and the log's
    [[nodiscard]] Result<void> keep(Error error) {
        const auto id = of_store(error).id;
        if (id == ErrorId::secrets_store || id == ErrorId::audit_failed || id == ErrorId::audit_broken)
            return error;
        ++count_;
        if (!first_) first_ = std::move(error);
        return {};
    }
    [[nodiscard]] Result<Renewed> result(const Renewed& renewed) && {
        if (!first_) return renewed;
        first_->detail += fmt::format(" ({} keys of scopes are as they were; {} others were renewed)", count_,
                                      renewed.keys);
        return *std::move(first_);
    }

private:
    std::optional<Error> first_;
    std::size_t count_ = 0;
};

bool same(const ValueRow& a, const ValueRow& b) {
    return a.key == b.key && a.wrapped == b.wrapped && a.sealed == b.sealed;
}

}  // namespace

// One batch of what `old` seals and vouches for. False: there is nothing left.
Result<bool> Store::State::renew_batch(const Caller& caller, const ScopeKeyRow& old, Renewed& renewed) {
    MULLION_ASSIGN(const auto batch, next_batch(*database, old.id));
    if (batch.empty()) return false;
    MULLION_ASSIGN(const auto with, active_key(caller, old.holder));
    std::vector<std::pair<ValueRow, ValueRow>> values;
    for (const auto& [value, owner] : batch.values) {
        MULLION_ASSIGN(auto again, reseal(caller, owner, value, *batch.key, identity_of(owner.place), with));
        values.emplace_back(value, std::move(again));
    }
    for (const auto& entity : batch.entities) MULLION_TRY(check_mark(caller, {entity, *batch.key}));

    MULLION_ASSIGN(auto hold, database->write());
    MULLION_ASSIGN(const bool active, is_still_active(with, old.holder));
    if (!active) return true;  // Rotated again meanwhile: by the newer key, then.
    for (const auto& [value, again] : values) {
        MULLION_ASSIGN(const auto now, database->value(value.owner, value.version, value.field));
        if (!now || !same(*now, value)) continue;
        MULLION_TRY(database->put(again));
        ++renewed.values;
    }
    for (const auto& entity : batch.entities) {
        MULLION_ASSIGN(auto now, database->find(entity.number));
        if (!now || now->mark != entity.mark) continue;
        mark(*now, with);
        MULLION_TRY(database->replace(*now));
        ++renewed.records;
    }
    MULLION_TRY(hold.commit());
    return true;
}

Result<bool> Store::State::replace_key(const Caller& caller, const ScopeKeyRow& old) {
    for (int tried = 0; tried < most_tries; ++tried) {
        MULLION_ASSIGN(auto fresh, new_key(caller, old.holder));
        MULLION_ASSIGN(auto hold, database->write());
        MULLION_ASSIGN(const auto active, database->active_key(old.holder));
        if (!active || active->id != old.id) return false;  // Somebody else has.
        MULLION_ASSIGN(const bool kept, can_be_kept(fresh));
        if (!kept) continue;
        MULLION_TRY(database->retire(old.id));
        MULLION_TRY(database->insert(fresh.row));
        MULLION_TRY(hold.commit());
        ring.add(fresh.row.id, std::move(fresh.key));
        return true;
    }
    return too_busy(path);
}

Result<Renewed> Store::State::rotate(const Caller& caller) {
    Renewed renewed;
    Failures failures;
    MULLION_ASSIGN(const auto before, database->keys());
    MULLION_TRY(
        say(caller, AuditEntry::Kind::changed, {}, 0, fmt::format("new keys for {} scopes", before.size())));
    for (const auto& key : before) {
        if (!key.active) continue;
        const auto replaced = read_anew([&] { return replace_key(caller, key); });
        if (!replaced.ok()) MULLION_TRY(failures.keep(replaced.error()));
        renewed.keys += replaced.ok() && *replaced ? 1 : 0;
    }
    // Also those that an earlier rotation was cut short at.
    MULLION_ASSIGN(const auto after, database->keys());
    for (const auto& key : after) {
        if (key.active) continue;
        for (bool more = true; more;) {
            const auto renewing = read_anew([&] { return renew_batch(caller, key, renewed); });
            if (!renewing.ok()) MULLION_TRY(failures.keep(renewing.error()));
            more = renewing.ok() && *renewing;
        }
        ring.forget(key.id);
    }
    MULLION_TRY(keep_end_now(caller, Keeps::also_what_is_the_same));  // By a new key as well.
    MULLION_TRY(database->drop_unused_keys());
    return std::move(failures).result(renewed);
}

Result<bool> Store::State::rewrap_key(const Caller& caller, const std::string& id) {
    MULLION_ASSIGN(const auto key, database->key(id));
    if (!key) return false;  // Another one has taken its place.
    MULLION_ASSIGN(const auto held_by, manager(caller, key->holder.manager));
    MULLION_ASSIGN(const auto wrapped,
                   held_by->rewrap({key->manager_key, key->blob}, wrap_context(database->account(), *key)));
    MULLION_ASSIGN(auto hold, database->write());
    MULLION_ASSIGN(const auto now, database->key(id));
    if (!now || now->blob != key->blob) return false;  // Somebody else has.
    MULLION_TRY(database->rewrap(id, wrapped.manager_key, wrapped.blob));
    MULLION_TRY(hold.commit());
    return true;
}

Result<Renewed> Store::State::rewrap(const Caller& caller) {
    Renewed renewed;
    Failures failures;
    MULLION_ASSIGN(const auto keys, database->keys());
    MULLION_TRY(
        say(caller, AuditEntry::Kind::changed, {}, 0, fmt::format("{} keys wrapped anew", keys.size())));
    for (const auto& key : keys) {
        const auto wrapped = read_anew([&] { return rewrap_key(caller, key.id); });
        if (!wrapped.ok()) MULLION_TRY(failures.keep(wrapped.error()));
        renewed.keys += wrapped.ok() && *wrapped ? 1 : 0;
    }
    MULLION_TRY(keep_end_now(caller, Keeps::what_is_newer));
    return std::move(failures).result(renewed);
}

// While nobody else writes: a key that is wrapped by an old one and not written down yet is made anew by who
// then finds it gone (can_be_kept()).
Result<void> Store::State::drop_old_keys(BuiltinManager& machine) {
    MULLION_ASSIGN(const auto hold, database->write());
    MULLION_ASSIGN(auto rows, database->keys());
    std::vector<WrappedKey> in_use;
    for (auto& row : rows) {
        if (is_builtin_place(row.holder.manager))
            in_use.push_back({std::move(row.manager_key), std::move(row.blob)});
    }
    return machine.drop_old_keys(in_use);
}

}  // namespace mullion::secrets
