// What changes entities that are there; what saves them is in save.cc. All that may ask a network is done
// before the transaction, which then looks whether that still holds, and begins again where it does not.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "secrets/entities/document.h"
#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

using Kind = AuditEntry::Kind;

std::string test_text(const TestResult& test) {
    const nlohmann::json json{{"when", milliseconds(test.when)},
                              {"passed", test.passed},
                              {"error", test.error},
                              {"message", test.message},
                              {"delegate", test.delegate}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Result<void> Store::State::move(const Caller& caller, const Identity& what, const Scope& to) {
    if (what.scope == to) return {};
    const auto vouching = holder_of(to, builtin_place());
    for (int tried = 0; tried < most_tries; ++tried) {
        MULLION_ASSIGN(const auto record, this->record(place_of(what)));
        MULLION_ASSIGN(Entity entity, verified(caller, record));
        entity.identity.scope = to;
        MULLION_TRY(validate(entity));
        MULLION_ASSIGN(const auto document, write_document(entity));
        MULLION_ASSIGN(const auto manager, manager_of(entity));
        {
            MULLION_ASSIGN(const auto hold, database->read());
            MULLION_ASSIGN(const auto taken, database->find(place_of(entity.identity)));
            if (taken) return Error(ErrorId::secrets_exists, in_words(entity.identity));
            MULLION_TRY(check_unreferenced(what));
            MULLION_TRY(check_references(entity));
            MULLION_TRY(check_only_default(entity));
        }
        MULLION_ASSIGN(const auto record_key, active_key(caller, vouching));
        auto value_key = record_key;
        const auto sealing = holder_of(to, manager.value_or(builtin_place()));
        std::vector<ValueRow> again;
        if (manager) {
            MULLION_ASSIGN(value_key, active_key(caller, sealing));
            MULLION_ASSIGN(again, resealed(caller, record, entity.identity, value_key));
        }
        MULLION_ASSIGN(auto hold, database->write());
        MULLION_ASSIGN(const bool vouched, is_still_active(record_key, vouching));
        MULLION_ASSIGN(const bool sealed_with, is_still_active(value_key, sealing));
        MULLION_ASSIGN(auto row, database->find(record.row.place));
        MULLION_ASSIGN(const auto taken, database->find(place_of(entity.identity)));
        if (!vouched || !sealed_with || taken || !row || row->mark != record.row.mark) continue;
        MULLION_TRY(check_unreferenced(what));
        MULLION_TRY(check_references(entity));
        MULLION_TRY(check_only_default(entity));
        MULLION_TRY(retire_keys_of(what));
        for (const auto& one : again) MULLION_TRY(database->put(one));
        row->place = place_of(entity.identity);
        row->document = document;
        row->test.clear();
        row->changed = milliseconds(clock.wall());
        mark(*row, record_key);
        MULLION_TRY(database->replace(*row));
        MULLION_TRY(write_references(row->number, entity));
        return say_and_commit(caller, hold,
                              {Kind::changed, what, row->current, "moved to " + scope_text(to)});
    }
    return too_busy(path);
}

// Of a manager that goes, or goes elsewhere: nothing refers to it any more, so that they seal nothing.
Result<void> Store::State::retire_keys_of(const Identity& manager) {
    if (manager.space != Space::connector) return {};
    const auto place = place_of(manager);
    const auto mine = [&](const ScopeKeyRow& key) {
        return key.holder == KeyHolder{key.holder.org, key.holder.project, place};
    };
    MULLION_ASSIGN(const auto keys, database->keys());
    for (const auto& key : keys) {
        if (mine(key)) MULLION_TRY(database->retire(key.id));
    }
    MULLION_TRY(database->drop_unused_keys());
    MULLION_ASSIGN(const auto left, database->keys());
    for (const auto& key : left) {
        if (mine(key))
            return Error(ErrorId::secrets_referenced,
                         fmt::format("{} holds the key of values in {}", in_words(manager),
                                     scope_text({key.holder.org, key.holder.project})));
    }
    return {};
}

Result<void> Store::State::remove(const Caller& caller, const Identity& what) {
    MULLION_ASSIGN(auto hold, database->write());
    MULLION_ASSIGN(const auto row, database->find(place_of(what)));
    if (!row) return Error(ErrorId::secrets_missing, in_words(what) + " is not there");
    MULLION_TRY(check_unreferenced(what));
    MULLION_TRY(retire_keys_of(what));
    MULLION_TRY(database->remove(row->number));
    MULLION_TRY(database->drop_unused_keys());
    return say_and_commit(caller, hold, {Kind::changed, what, 0, "deleted"});
}

Result<void> Store::State::make_current(const Caller& caller, const Identity& what, std::uint32_t version) {
    const auto change = [&](EntityRow& row) -> Result<void> {
        MULLION_ASSIGN(const auto there, database->value(row.number, version, value_field));
        if (!there)
            return Error(ErrorId::secrets_missing,
                         fmt::format("{} has no version {}", in_words(what), version));
        row.current = version;
        row.changed = milliseconds(clock.wall());
        return {};
    };
    return change_row(caller, what, change, AuditEntry{Kind::changed, what, version, "made current"});
}

Result<void> Store::State::set_test(const Caller& caller, const Identity& what, const TestResult& result) {
    const auto change = [&](EntityRow& row) -> Result<void> {
        row.test = test_text(result);
        return {};
    };
    return change_row(caller, what, change, {});
}

Result<void> Store::State::change_row(const Caller& caller, const Identity& what,
                                      const std::function<Result<void>(EntityRow&)>& change,
                                      const std::optional<AuditEntry>& said) {
    const auto vouching = holder_of(what.scope, builtin_place());
    for (int tried = 0; tried < most_tries; ++tried) {
        MULLION_ASSIGN(const auto record, this->record(place_of(what)));
        MULLION_TRY(check_mark(caller, record));
        MULLION_ASSIGN(const auto key, active_key(caller, vouching));
        MULLION_ASSIGN(auto hold, database->write());
        MULLION_ASSIGN(const bool vouched, is_still_active(key, vouching));
        MULLION_ASSIGN(auto row, database->find(record.row.place));
        if (!vouched || !row || row->mark != record.row.mark) continue;
        MULLION_TRY(change(*row));
        mark(*row, key);
        MULLION_TRY(database->replace(*row));
        if (said) return say_and_commit(caller, hold, *said);
        return hold.commit();
    }
    return too_busy(path);
}

}  // namespace mullion::secrets
