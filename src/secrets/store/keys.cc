// The keys of scopes: who holds them, and which one new things are sealed with.
#include <fmt/format.h>

#include "crypto/aead.h"
#include "secrets/entities/document.h"
#include "secrets/entities/references.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

// A manager's credentials are kept by another manager, that one's by a third: nobody does more.
constexpr int deepest = 4;
constexpr auto longest_connection = std::chrono::minutes(5);

class Deeper {
public:
    explicit Deeper(int& depth) : depth_(++depth) {}
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    ~Deeper() { --depth_; }

private:
    int& depth_;
};

}  // namespace

Result<std::shared_ptr<KeyManager>> Store::State::manager(const Caller& caller, const EntityPlace& place) {
    if (is_builtin_place(place)) return managers.builtin();
    const Identity who =
        identity_of({static_cast<std::int64_t>(Space::connector), place.org, place.project, place.id});
    MULLION_ASSIGN(const Entity connector, connector_of(caller, who));
    MULLION_ASSIGN(const auto document, write_document(connector));
    if (const auto held = connectors.find(who); held != connectors.end()) {
        if (held->second.document == document && clock.now() - held->second.since < longest_connection)
            return held->second.manager;
        connectors.erase(held);
    }
    if (!may_be(Use::Wants::manager, connector.spec))
        return Error(ErrorId::secrets_kind, in_words(who) + " is no secret manager");
    if (depth >= deepest)
        return Error(ErrorId::secrets_cycle, in_words(who) + " is behind too many other secret managers");
    const Deeper deeper(depth);
    const auto read = [&](const Reference& reference) -> Result<Secret> {
        MULLION_ASSIGN(const auto what, resolve(reference, who.scope, Space::secret));
        if (const auto* const now = saved_now(what); now != nullptr && now->value) {
            MULLION_TRY(say(caller, AuditEntry::Kind::used, what, 0, "as it is saved with its manager"));
            return now->value->clone();
        }
        MULLION_ASSIGN(auto values, open_for_use(caller, std::span(&what, 1)));
        return std::move(values.front());
    };
    MULLION_ASSIGN(auto made, managers.of(connector, read));
    connectors.insert_or_assign(who, Held{document, clock.now(), made});
    return made;
}

// As it will be, where it is being saved.
Result<Entity> Store::State::connector_of(const Caller& caller, const Identity& who) {
    if (const auto* const now = saved_now(who)) return now->entity;
    MULLION_ASSIGN(const auto record, this->record(place_of(who)));
    return verified(caller, record);
}

Result<OpenKey> Store::State::open_key(const Caller& caller, const ScopeKeyRow& row) {
    if (auto key = ring.find(row.id)) return OpenKey{row.id, std::move(key)};
    MULLION_ASSIGN(const auto held_by, manager(caller, row.holder.manager));
    auto key = held_by->unwrap({row.manager_key, row.blob}, wrap_context(database->account(), row));
    // Who may use the manager's key can have wrapped anything in the place of ours.
    if (key.ok() && key->expose().size() != crypto::aead_key_size)
        key = Error(ErrorId::secrets_tampered, "what its manager opened is no key");
    if (!key.ok()) {
        if (key.error().id != ErrorId::secrets_tampered) return std::move(key).error();
        auto place = row.holder.manager;
        place.space = static_cast<std::int64_t>(Space::connector);
        return tampered(caller, identity_of(place), 0,
                        fmt::format("the key of {}: {}", scope_text({row.holder.org, row.holder.project}),
                                    key.error().detail));
    }
    return OpenKey{row.id, ring.add(row.id, std::move(key).value())};
}

Result<FreshKey> Store::State::new_key(const Caller& caller, const KeyHolder& holder) {
    MULLION_ASSIGN(const auto held_by, manager(caller, holder.manager));
    FreshKey fresh;
    fresh.row.id = new_guid(random);
    fresh.row.holder = holder;
    fresh.row.created = milliseconds(clock.wall());
    MULLION_ASSIGN(auto made, held_by->generate(wrap_context(database->account(), fresh.row)));
    fresh.row.manager_key = std::move(made.wrapped.manager_key);
    fresh.row.blob = std::move(made.wrapped.blob);
    fresh.key = std::move(made.key);
    fresh.manager = held_by;
    return fresh;
}

Result<OpenKey> Store::State::active_key(const Caller& caller, const KeyHolder& holder) {
    for (int tried = 0; tried < most_tries; ++tried) {
        MULLION_ASSIGN(const auto there, database->active_key(holder));
        if (there) return open_key(caller, *there);
        MULLION_ASSIGN(auto fresh, new_key(caller, holder));
        MULLION_ASSIGN(auto hold, database->write());
        MULLION_ASSIGN(const auto faster, database->active_key(holder));
        MULLION_ASSIGN(const bool kept, can_be_kept(fresh));
        if (faster || !kept) continue;
        MULLION_TRY(database->insert(fresh.row));
        MULLION_TRY(hold.commit());
        return OpenKey{fresh.row.id, ring.add(fresh.row.id, std::move(fresh.key))};
    }
    return too_busy(path);
}

Result<bool> Store::State::can_be_kept(const FreshKey& fresh) {
    return fresh.manager->still_has_key_of({fresh.row.manager_key, fresh.row.blob});
}

Result<bool> Store::State::is_still_active(const OpenKey& key, const KeyHolder& holder) {
    MULLION_ASSIGN(const auto there, database->active_key(holder));
    return there && there->id == key.id;
}

}  // namespace mullion::secrets
