// Saving: one entity, or several of a file, all or none. What may ask a network is done first; the
// transaction then looks whether all that still holds, and begins again where it does not.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "secrets/entities/document.h"
#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

using Kind = AuditEntry::Kind;

Result<void> check_value(const Entity& entity, bool has_value, const std::optional<Secret>& value) {
    if (value && !has_value)
        return Error(ErrorId::secrets_invalid,
                     in_words(entity.identity) + " is no text or file secret, and has no value");
    if (value && value->expose().size() > largest_value)
        return Error(ErrorId::secrets_invalid, fmt::format("the value of {} is over {} bytes",
                                                           in_words(entity.identity), largest_value));
    if (value && value->empty())
        return Error(ErrorId::secrets_invalid, "the value of " + in_words(entity.identity) + " is empty");
    return {};
}

// One entity on its way into the store, as far as it is known before the transaction.
struct Draft {
    const Saving* saving;
    std::string document;
    std::optional<EntityPlace> manager;  // Nothing: it has no value of its own.
    std::optional<Record> before;        // Of one that is there.
    bool unchanged = false;
    std::vector<ValueRow> again;  // Its values as they must be under another manager.
    std::uint32_t version = 0;    // Once it is written.

    [[nodiscard]] const Entity& entity() const { return saving->entity; }
    [[nodiscard]] bool is_new() const { return saving->as == Saving::As::created; }
    [[nodiscard]] KeyHolder vouching() const { return holder_of(entity().identity.scope, builtin_place()); }
    [[nodiscard]] KeyHolder sealing() const {
        return holder_of(entity().identity.scope, manager.value_or(builtin_place()));
    }
    [[nodiscard]] AuditEntry said() const {
        if (is_new()) return {Kind::changed, entity().identity, version, "created"};
        if (saving->value) return {Kind::changed, entity().identity, version, "a new value"};
        return {Kind::changed, entity().identity, 0, "changed"};
    }
};

}  // namespace

// The whole of one call.
class Store::State::Save {
public:
    Save(State& state, const Caller& caller, std::span<const Saving> all)
        : state_(state), caller_(caller), all_(all) {}

    Result<std::vector<std::uint32_t>> run() {
        drafts_.clear();  // It may be run again (read_anew()).
        MULLION_TRY(look_at_words());
        for (int tried = 0; tried < most_tries; ++tried) {
            keys_.clear();
            MULLION_TRY(look_at_store());
            if (nothing_changes()) return versions();
            MULLION_TRY(take_keys());
            MULLION_ASSIGN(const bool done, write());
            if (done) return versions();
        }
        return too_busy(state_.path);
    }
    // Whose fault an error is.
    [[nodiscard]] const Identity& looked_at() const { return at_; }

private:
    // The key of a holder: one that is there, or a new one that has no row yet.
    struct Key {
        KeyHolder holder;
        OpenKey open;
        std::optional<FreshKey> fresh;
    };

    // --- nothing is asked for ---
    Result<void> look_at_words() {
        for (const auto& saving : all_) {
            at_ = saving.entity.identity;
            MULLION_TRY(validate(saving.entity));
            Draft draft{&saving, {}, {}, {}, false, {}, 0};
            MULLION_ASSIGN(draft.manager, manager_of(saving.entity));
            MULLION_TRY(check_value(saving.entity, draft.manager.has_value(), saving.value));
            if (draft.is_new() && draft.manager && !saving.value)
                return Error(ErrorId::secrets_invalid, in_words(at_) + " needs a value");
            MULLION_ASSIGN(draft.document, write_document(saving.entity));
            drafts_.push_back(std::move(draft));
        }
        return {};
    }

    // --- before a manager is asked for anything: all else is in order ---
    Result<void> look_at_store() {
        for (auto& draft : drafts_) {
            at_ = draft.entity().identity;
            draft.again.clear();
            if (!draft.is_new()) MULLION_TRY(look_at_old(draft));
        }
        MULLION_ASSIGN(const auto hold, state_.database->read());
        for (const auto& draft : drafts_) {
            at_ = draft.entity().identity;
            if (draft.is_new()) {
                MULLION_ASSIGN(const auto taken, state_.database->find(place_of(at_)));
                if (taken) return Error(ErrorId::secrets_exists, in_words(at_));
            }
            if (!draft.unchanged) MULLION_TRY(check_relations(draft.entity()));
        }
        return {};
    }
    Result<void> look_at_old(Draft& draft) {
        const auto& entity = draft.entity();
        MULLION_ASSIGN(draft.before, state_.record(place_of(entity.identity)));
        MULLION_ASSIGN(const Entity old, state_.verified(caller_, *draft.before));
        if (old.spec.index() != entity.spec.index())
            return Error(ErrorId::secrets_kind,
                         fmt::format("{} is {}, and cannot become {}", in_words(entity.identity),
                                     kind_of(old.spec), kind_of(entity.spec)));
        draft.unchanged = !draft.saving->value && draft.document == draft.before->row.document;
        return {};
    }
    [[nodiscard]] bool nothing_changes() const {
        return std::all_of(drafts_.begin(), drafts_.end(),
                           [](const Draft& draft) { return draft.unchanged; });
    }
    Result<void> check_relations(const Entity& entity) {
        MULLION_TRY(state_.check_references(entity));
        MULLION_TRY(state_.check_free_of_cycles(entity));
        return state_.check_only_default(entity);
    }

    // --- keys, and what has to be sealed anew: this may ask a network ---
    Result<void> take_keys() {
        for (auto& draft : drafts_) {
            at_ = draft.entity().identity;
            if (draft.unchanged) continue;
            MULLION_TRY(take_key(draft.vouching()));
            if (!draft.manager) continue;
            MULLION_TRY(take_key(draft.sealing()));
            if (!draft.is_new()) MULLION_TRY(seal_again(draft));
        }
        return {};
    }
    Result<void> take_key(const KeyHolder& holder) {
        if (find(holder) != nullptr) return {};
        MULLION_ASSIGN(const auto there, state_.database->active_key(holder));
        if (there) {
            MULLION_ASSIGN(auto open, state_.open_key(caller_, *there));
            keys_.push_back({holder, std::move(open), {}});
            return {};
        }
        MULLION_ASSIGN(auto fresh, state_.new_key(caller_, holder));
        auto shared = std::make_shared<const Secret>(fresh.key.clone());
        const auto id = fresh.row.id;
        keys_.push_back({holder, {id, std::move(shared)}, std::move(fresh)});
        return {};
    }
    Result<void> seal_again(Draft& draft) {
        MULLION_ASSIGN(const Entity old, read_document(draft.before->row.document));
        MULLION_ASSIGN(const auto before, manager_of(old));
        if (holder_of(old.identity.scope, *before) == draft.sealing()) return {};
        MULLION_ASSIGN(draft.again, state_.resealed(caller_, *draft.before, draft.entity().identity,
                                                    find(draft.sealing())->open));
        return {};
    }
    const Key* find(const KeyHolder& holder) const {
        for (const auto& key : keys_)
            if (key.holder == holder) return &key;
        return nullptr;
    }

    // --- the transaction. False: something is not as it was. ---
    Result<bool> write() {
        MULLION_ASSIGN(auto hold, state_.database->write());
        MULLION_ASSIGN(const bool holds, still_holds());
        if (!holds) return false;
        for (const auto& key : keys_)
            if (key.fresh) MULLION_TRY(state_.database->insert(key.fresh->row));
        std::vector<AuditEntry> entries;
        for (auto& draft : drafts_) {
            at_ = draft.entity().identity;
            if (draft.unchanged) continue;
            MULLION_TRY(write_one(draft));
            entries.push_back(draft.said());
        }
        for (const auto& draft : drafts_) {
            at_ = draft.entity().identity;
            if (!draft.unchanged) MULLION_TRY(check_relations(draft.entity()));
        }
        MULLION_TRY(state_.audit.write(caller_.who, caller_.purpose, entries));
        MULLION_TRY(state_.keep_end(caller_, Keeps::what_is_newer));
        MULLION_TRY(state_.commit(caller_, hold, std::move(entries)));
        for (auto& key : keys_)
            if (key.fresh) state_.ring.add(key.fresh->row.id, std::move(key.fresh->key));
        return true;
    }
    Result<bool> still_holds() {
        for (const auto& key : keys_) {
            MULLION_ASSIGN(const auto there, state_.database->active_key(key.holder));
            // Nobody has made one meanwhile, or put another one in its place.
            if (key.fresh ? there.has_value() : !there || there->id != key.open.id) return false;
            if (!key.fresh) continue;
            MULLION_ASSIGN(const bool kept, can_be_kept(*key.fresh));
            if (!kept) return false;
        }
        for (const auto& draft : drafts_) {
            MULLION_ASSIGN(const auto row, state_.database->find(place_of(draft.entity().identity)));
            if (draft.is_new() ? row.has_value() : !row || row->mark != draft.before->row.mark) return false;
        }
        return true;
    }
    Result<void> write_one(Draft& draft) {
        const auto& entity = draft.entity();
        const auto now = milliseconds(state_.clock.wall());
        EntityRow row;
        if (draft.is_new()) {
            row.place = place_of(entity.identity);
            row.created = now;
        } else {
            row = draft.before->row;
        }
        row.name = entity.name;
        row.document = draft.document;
        row.changed = now;
        row.test.clear();
        if (draft.saving->value) row.current = ++row.latest;
        state_.mark(row, find(draft.vouching())->open);
        if (draft.is_new()) {
            MULLION_ASSIGN(row.number, state_.database->insert(row));
        } else {
            MULLION_TRY(state_.database->replace(row));
        }
        MULLION_TRY(state_.write_references(row.number, entity));
        for (const auto& one : draft.again) MULLION_TRY(state_.database->put(one));
        draft.version = row.current;
        if (!draft.saving->value) return {};
        const auto& with = find(draft.sealing())->open;
        auto sealed =
            seal_value(*with.key, with.id, state_.name_of(entity.identity, row.current, value_field),
                       *draft.saving->value, state_.random);
        return state_.database->put({row.number, row.current, value_field, with.id, std::move(sealed.wrapped),
                                     std::move(sealed.sealed), now});
    }
    [[nodiscard]] std::vector<std::uint32_t> versions() const {
        std::vector<std::uint32_t> all;
        for (const auto& draft : drafts_)
            all.push_back(draft.unchanged ? draft.before->row.current : draft.version);
        return all;
    }

    State& state_;
    const Caller& caller_;
    std::span<const Saving> all_;
    std::vector<Draft> drafts_;
    std::vector<Key> keys_;  // Of a handful of holders.
    Identity at_;
};

const Saving* Store::State::saved_now(const Identity& what) const {
    if (together == nullptr) return nullptr;
    const auto found = together->find(what);
    return found == together->end() ? nullptr : found->second;
}

Result<void> Store::can_be_first(const Entity& entity) {
    MULLION_TRY(validate(entity));
    if (auto document = write_document(entity); !document.ok()) return std::move(document).error();
    for (const auto& use : references_of(entity)) {
        if (use.wants == Use::Wants::manager && is_builtin(use.reference)) continue;
        MULLION_ASSIGN(const auto to, resolve(use.reference, entity.identity.scope, space_of(use.wants)));
        return not_there(entity, use, to);
    }
    return {};
}

Result<std::vector<std::uint32_t>> Store::State::save(const Caller& caller, std::span<const Saving> all) {
    std::map<Identity, const Saving*> by_name;
    for (const auto& one : all)
        if (!by_name.emplace(one.entity.identity, &one).second)
            return refused(caller, one.entity.identity,
                           {ErrorId::secrets_invalid, in_words(one.entity.identity) + " is given twice"});
    together = &by_name;
    Save save(*this, caller, all);
    auto done = changing(caller, [&] { return save.run(); });
    together = nullptr;
    if (!done.ok()) return refused(caller, save.looked_at(), std::move(done).error());
    return done;
}

}  // namespace mullion::secrets
