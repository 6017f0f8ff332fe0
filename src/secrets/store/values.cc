// Values: opened for use, and sealed again.
#include <fmt/format.h>

#include <map>

#include "secrets/entities/document.h"
#include "secrets/entities/references.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

Result<Found> look_up(storage::SecretsDatabase& database, const Identity& what) {
    Found found;
    MULLION_ASSIGN(auto row, database.find(place_of(what)));
    if (!row) return found;
    MULLION_ASSIGN(auto vouching, database.key(row->key));
    MULLION_ASSIGN(found.value, database.value(row->number, row->current, value_field));
    if (found.value) {
        MULLION_ASSIGN(found.key, database.key(found.value->key));
    }
    found.record = Record{std::move(*row), vouching ? std::move(*vouching) : ScopeKeyRow()};
    return found;
}

Result<Looked> look_up(storage::SecretsDatabase& database, std::span<const Identity> what) {
    Looked looked;
    MULLION_ASSIGN(looked.seen, database.changes_of_others());  // Before: what comes meanwhile counts.
    MULLION_ASSIGN(const auto hold, database.read());
    for (const auto& one : what) {
        MULLION_ASSIGN(auto there, look_up(database, one));
        looked.found.push_back(std::move(there));
    }
    return looked;
}

AuditEntry entry_of(const Identity& what, const Found& found) {
    using Kind = AuditEntry::Kind;
    if (!found.record) return {Kind::refused, what, 0, std::string(row(ErrorId::secrets_missing).id)};
    const auto version = found.record->row.current;
    if (version == 0) return {Kind::refused, what, 0, std::string(row(ErrorId::secrets_kind).id)};
    return {Kind::used, what, version, {}};
}

// The key of its scope at the manager that its record names: who has another manager's key in hand could have
// sealed something else with it, and had the value's row name that one.
Result<bool> is_its_key(const EntityRow& owner, const ScopeKeyRow& key) {
    MULLION_ASSIGN(const Entity entity, read_document(owner.document));
    MULLION_ASSIGN(const auto manager, manager_of(entity));
    return manager && key.holder == holder_of(identity_of(owner.place).scope, *manager);
}

// Known, and said, when its entry was written, or where it was found out.
bool is_said_already(const Error& error) {
    return error.id == ErrorId::secrets_missing || error.id == ErrorId::secrets_kind ||
           error.id == ErrorId::secrets_tampered;
}

}  // namespace

ValueName Store::State::name_of(const Identity& what, std::uint32_t version, const std::string& field) const {
    return {database->account(), what.scope, what.id, version, field};
}

Result<Secret> Store::State::open(const Caller& caller, const EntityRow& owner, const ValueRow& value,
                                  const ScopeKeyRow& key) {
    const Identity what = identity_of(owner.place);
    const auto own = is_its_key(owner, key);
    if (!own.ok() && own.error().id != ErrorId::secrets_tampered) return own.error();
    if (!own.ok() || !*own) return tampered(caller, what, value.version, "no key of its manager seals it");
    MULLION_ASSIGN(const auto opened, open_key(caller, key));
    auto clear = open_value(*opened.key, key.id, name_of(what, value.version, value.field), value.wrapped,
                            value.sealed);
    if (!clear) return tampered(caller, what, value.version, "its value is not what was sealed");
    return std::move(*clear);
}

Result<ValueRow> Store::State::reseal(const Caller& caller, const EntityRow& was, const ValueRow& value,
                                      const ScopeKeyRow& key, const Identity& is, const OpenKey& with) {
    MULLION_ASSIGN(const Secret clear, open(caller, was, value, key));
    auto sealed = seal_value(*with.key, with.id, name_of(is, value.version, value.field), clear, random);
    ValueRow again = value;
    again.key = with.id;
    again.wrapped = std::move(sealed.wrapped);
    again.sealed = std::move(sealed.sealed);
    return again;
}

Result<std::vector<ValueRow>> Store::State::resealed(const Caller& caller, const Record& record,
                                                     const Identity& is, const OpenKey& with) {
    std::vector<std::pair<ValueRow, ScopeKeyRow>> rows;
    const Identity was = identity_of(record.row.place);
    // As it is when its values are read: another process may have given it another manager since, and who
    // asks begins again with that.
    EntityRow owner = record.row;
    {
        MULLION_ASSIGN(const auto hold, database->read());
        MULLION_ASSIGN(auto now, database->find(record.row.number));
        if (now && now->mark != owner.mark) owner = std::move(*now);
        MULLION_ASSIGN(auto values, database->values(record.row.number));
        for (auto& value : values) {
            MULLION_ASSIGN(const auto key, database->key(value.key));
            if (!key) return tampered(caller, was, value.version, "the key of its value is gone");
            rows.emplace_back(std::move(value), *key);
        }
    }
    std::vector<ValueRow> again;
    for (const auto& [value, key] : rows) {
        MULLION_ASSIGN(auto one, reseal(caller, owner, value, key, is, with));
        again.push_back(std::move(one));
    }
    return again;
}

Result<Secret> Store::State::open_found(const Caller& caller, const Identity& what, const Found& found,
                                        ClosedKeys& closed) {
    if (!found.record) return Error(ErrorId::secrets_missing, in_words(what) + " is not there");
    const auto& row = found.record->row;
    if (row.current == 0) return Error(ErrorId::secrets_kind, in_words(what) + " has no value of its own");
    for (const auto& id : {row.key, found.key ? found.key->id : std::string()}) {
        if (const auto known = closed.find(id); known != closed.end()) return known->second;
    }
    if (auto vouched = check_mark(caller, *found.record); !vouched.ok()) {
        if (vouched.error().id != ErrorId::secrets_tampered) closed.emplace(row.key, vouched.error());
        return std::move(vouched).error();
    }
    if (!found.value || !found.key)
        return tampered(caller, what, row.current, "its value, or the key of it, is gone");
    auto value = open(caller, row, *found.value, *found.key);
    if (!value.ok() && value.error().id != ErrorId::secrets_tampered &&
        value.error().id != ErrorId::secrets_store)
        closed.emplace(found.key->id, value.error());
    return value;
}

Result<bool> Store::State::look_again(const Caller& caller, std::span<const Identity> what, std::size_t from,
                                      Looked& looked) {
    MULLION_ASSIGN(const auto now, database->changes_of_others());
    if (now == looked.seen) return false;
    const auto left = what.subspan(from);
    MULLION_ASSIGN(auto again, look_up(*database, left));
    std::vector<AuditEntry> entries;
    for (std::size_t i = 0; i < left.size(); ++i) {
        auto entry = entry_of(left[i], again.found[i]);
        const auto said = entry_of(left[i], looked.found[from + i]);
        const bool same = entry.version == said.version && entry.detail == said.detail;
        if (!same) entries.push_back(std::move(entry));  // Also another version is said before it is opened.
    }
    MULLION_TRY(audit.write(caller.who, caller.purpose, entries));
    std::move(again.found.begin(), again.found.end(),
              looked.found.begin() + static_cast<std::ptrdiff_t>(from));
    looked.seen = again.seen;
    return true;
}

Result<std::vector<Result<Secret>>> Store::State::open_for_use(const Caller& caller,
                                                               std::span<const Identity> what) {
    MULLION_ASSIGN(auto looked, look_up(*database, what));
    std::vector<AuditEntry> entries;
    for (std::size_t i = 0; i < what.size(); ++i) entries.push_back(entry_of(what[i], looked.found[i]));
    MULLION_TRY(audit.write(caller.who, caller.purpose, entries));
    keep_end_of_uses(caller);

    ClosedKeys closed;
    std::vector<Result<Secret>> values;
    values.reserve(what.size());
    for (int tried = 1; values.size() < what.size();) {
        const auto at = values.size();
        auto value = open_found(caller, what[at], looked.found[at], closed);
        // As read_anew() does it, but that what was opened by then stays.
        if (!value.ok() && value.error().id == ErrorId::secrets_key && tried < most_tries) {
            MULLION_ASSIGN(const bool changed, look_again(caller, what, at, looked));
            if (changed) {
                closed.clear();
                ++tried;
                continue;
            }
        }
        values.push_back(std::move(value));
        looked.found[at] = {};
    }
    // "used" was said of them ahead, and they were not: their manager, or its key, refused.
    std::vector<AuditEntry> refused;
    for (std::size_t i = 0; i < what.size(); ++i) {
        if (values[i].ok() || is_said_already(values[i].error())) continue;
        refused.push_back(
            {AuditEntry::Kind::refused, what[i], 0, std::string(of_store(values[i].error()).info().id)});
    }
    MULLION_TRY(audit.write(caller.who, caller.purpose, refused));
    return values;
}

}  // namespace mullion::secrets
