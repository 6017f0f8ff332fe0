// Rows of entities: whether they are what was written, and what they refer to.
#include <fmt/format.h>

#include <set>

#include "secrets/entities/document.h"
#include "secrets/entities/references.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

constexpr std::size_t most_listed = 10;

// What it refers to, without the built-in manager.
Result<std::vector<Identity>> named_by(const Entity& entity) {
    std::vector<Identity> all;
    for (const auto& use : references_of(entity)) {
        if (use.wants == Use::Wants::manager && is_builtin(use.reference)) continue;
        MULLION_ASSIGN(auto to, resolve(use.reference, entity.identity.scope, space_of(use.wants)));
        all.push_back(std::move(to));
    }
    return all;
}

}  // namespace

EntityPlace place_of(const Identity& identity) {
    return {static_cast<std::int64_t>(identity.space), identity.scope.org, identity.scope.project,
            identity.id};
}
Identity identity_of(const EntityPlace& place) {
    return {place.space == static_cast<std::int64_t>(Space::secret) ? Space::secret : Space::connector,
            {place.org, place.project},
            place.id};
}
EntityPlace builtin_place() {
    return {static_cast<std::int64_t>(Space::connector), {}, {}, builtin_manager_id};
}
bool is_builtin_place(const EntityPlace& place) {
    return place.id == builtin_manager_id;
}
KeyHolder holder_of(const Scope& scope, const EntityPlace& manager) {
    return {scope.org, scope.project, manager};
}

Result<std::optional<EntityPlace>> manager_of(const Entity& entity) {
    const Reference* manager = nullptr;
    if (const auto* text = std::get_if<TextSecret>(&entity.spec)) manager = &text->manager;
    if (const auto* file = std::get_if<FileSecret>(&entity.spec)) manager = &file->manager;
    if (manager == nullptr) return std::optional<EntityPlace>();
    if (is_builtin(*manager)) return std::optional(builtin_place());
    MULLION_ASSIGN(const auto who, resolve(*manager, entity.identity.scope, Space::connector));
    return std::optional(place_of(who));
}

Result<std::optional<Record>> Store::State::find_record(const EntityPlace& place) {
    MULLION_ASSIGN(const auto hold, database->read());
    MULLION_ASSIGN(auto row, database->find(place));
    if (!row) return std::optional<Record>();
    MULLION_ASSIGN(auto key, database->key(row->key));
    return std::optional(Record{std::move(*row), key ? std::move(*key) : ScopeKeyRow()});
}

Result<Record> Store::State::record(const EntityPlace& place) {
    MULLION_ASSIGN(auto found, find_record(place));
    if (!found) return Error(ErrorId::secrets_missing, in_words(identity_of(place)) + " is not there");
    return std::move(*found);
}

Result<void> Store::State::check_mark(const Caller& caller, const Record& record) {
    const auto& row = record.row;
    const Identity what = identity_of(row.place);
    // A key of another scope would vouch for what was moved there by hand.
    if (record.key.id != row.key || !(record.key.holder == holder_of(what.scope, builtin_place())))
        return tampered(caller, what, 0, "no key of its scope vouches for it");
    MULLION_ASSIGN(const auto key, open_key(caller, record.key));
    if (!is_marked(*key.key, database->account(), row))
        return tampered(caller, what, 0, "its record is not what was written");
    return {};
}

Result<Entity> Store::State::verified(const Caller& caller, const Record& record) {
    MULLION_TRY(check_mark(caller, record));
    const Identity what = identity_of(record.row.place);
    auto entity = read_document(record.row.document);
    if (!entity.ok() && entity.error().id == ErrorId::secrets_tampered)
        return tampered(caller, what, 0, entity.error().detail);
    if (entity.ok() && entity->identity != what)
        return tampered(caller, what, 0, "its document is another's");
    return entity;
}

void Store::State::mark(EntityRow& row, const OpenKey& key) {
    row.key = key.id;
    row.mark = mark_of(*key.key, database->account(), row, random);
}

Error not_there(const Entity& entity, const Use& use, const Identity& to) {
    return {ErrorId::secrets_missing, fmt::format("{}: {} refers to {}, which is not there",
                                                  in_words(entity.identity), use.field, in_words(to))};
}

Result<void> Store::State::check_references(const Entity& entity) {
    for (const auto& use : references_of(entity)) {
        if (use.wants == Use::Wants::manager && is_builtin(use.reference)) continue;
        MULLION_ASSIGN(const auto to, resolve(use.reference, entity.identity.scope, space_of(use.wants)));
        if (const auto* const now = saved_now(to)) {
            MULLION_TRY(check_kind(entity.identity, use, now->entity.spec));
            continue;
        }
        MULLION_ASSIGN(const auto found, database->find(place_of(to)));
        if (!found) return not_there(entity, use, to);
        MULLION_ASSIGN(const auto other, read_document(found->document));
        MULLION_TRY(check_kind(entity.identity, use, other.spec));
    }
    return {};
}

Result<void> Store::State::write_references(std::int64_t number, const Entity& entity) {
    std::vector<storage::ReferenceRow> rows;
    for (const auto& use : references_of(entity)) {
        if (use.wants == Use::Wants::manager && is_builtin(use.reference)) continue;
        MULLION_ASSIGN(const auto to, resolve(use.reference, entity.identity.scope, space_of(use.wants)));
        rows.push_back({use.field, place_of(to)});
    }
    return database->set_references(number, rows);
}

Result<std::vector<Identity>> Store::State::referred_to(const Identity& what) {
    std::vector<Identity> all;
    if (const auto* const now = saved_now(what)) return named_by(now->entity);
    MULLION_ASSIGN(const auto row, database->find(place_of(what)));
    if (!row) return all;
    MULLION_ASSIGN(const auto references, database->references(row->number));
    for (const auto& reference : references) all.push_back(identity_of(reference.to));
    return all;
}

Result<void> Store::State::check_free_of_cycles(const Entity& entity) {
    std::set<Identity> seen;
    MULLION_ASSIGN(auto left, named_by(entity));
    while (!left.empty()) {
        const Identity next = std::move(left.back());
        left.pop_back();
        if (next == entity.identity)
            return Error(ErrorId::secrets_cycle, in_words(entity.identity) + " would depend on itself");
        if (!seen.insert(next).second) continue;
        MULLION_ASSIGN(auto more, referred_to(next));
        for (auto& one : more) left.push_back(std::move(one));
    }
    return {};
}

Result<void> Store::State::check_only_default(const Entity& entity) {
    if (!is_default_manager(entity)) return {};
    const auto refuse = [&](const Identity& other) {
        Error error(ErrorId::secrets_invalid,
                    fmt::format("{} is the default secret manager there already, and {} would be one, too",
                                in_words(other), in_words(entity.identity)));
        error.advice.push_back(
            fmt::format("Take it from the other first: mullion connector update {} --scope {} --default no.",
                        other.id, scope_text(other.scope)));
        return error;
    };
    const auto is_rival = [&](const Entity& other) {
        return other.identity != entity.identity && other.identity.scope == entity.identity.scope &&
               is_default_manager(other);
    };
    if (together != nullptr)
        for (const auto& [name, saving] : *together)
            if (is_rival(saving->entity)) return refuse(name);
    MULLION_ASSIGN(const auto rows, database->list());
    for (const auto& row : rows) {
        const Identity other = identity_of(row.place);
        if (other.space != Space::connector || other.scope != entity.identity.scope || saved_now(other))
            continue;
        MULLION_ASSIGN(const auto there, read_document(row.document));
        if (is_rival(there)) return refuse(other);
    }
    return {};
}

Result<void> Store::State::check_unreferenced(const Identity& what) {
    MULLION_ASSIGN(const auto who, database->referrers(place_of(what)));
    if (who.empty()) return {};
    std::string names;
    for (std::size_t i = 0; i < std::min(who.size(), most_listed); ++i)
        names +=
            fmt::format("{}{} ({})", i == 0 ? "" : ", ", in_words(identity_of(who[i].first)), who[i].second);
    if (who.size() > most_listed) names += fmt::format(" and {} more", who.size() - most_listed);
    return Error(ErrorId::secrets_referenced, fmt::format("{} is referred to by {}", in_words(what), names));
}

}  // namespace mullion::secrets
