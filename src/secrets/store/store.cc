#include "secrets/store/store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "secrets/entities/references.h"
#include "secrets/store/private_file.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

template <class T>
Result<T> told(Result<T> result) {
    if (!result.ok()) return of_store(std::move(result).error());
    return result;
}

std::optional<TestResult> test_in(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    // The row was vouched for: it is what test_text() wrote.
    TestResult test;
    test.when = wall_time(json.value("when", std::int64_t{0}));
    test.passed = json.value("passed", false);
    test.error = json.value("error", "");
    test.message = json.value("message", "");
    test.delegate = json.value("delegate", "");
    return test;
}

Stored stored_in(Entity entity, const EntityRow& row) {
    return {std::move(entity), row.current, wall_time(row.created), wall_time(row.changed),
            test_in(row.test)};
}

std::string own_account() {
    return fmt::format("uid:{}", ::geteuid());
}
const Purpose looking{"look", {}, {}};

}  // namespace

std::int64_t milliseconds(WallTime when) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}
WallTime wall_time(std::int64_t milliseconds) {
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::milliseconds(milliseconds)));
}

Error of_store(Error error) {
    if (error.id == ErrorId::state_database || error.id == ErrorId::state_version ||
        error.id == ErrorId::state_directory)
        error.id = ErrorId::secrets_store;
    return error;
}

Error too_busy(const std::string& path) {
    return {ErrorId::secrets_store, path + " is changed by others all the time"};
}

Result<void> Store::State::say(const Caller& caller, AuditEntry::Kind kind, const Identity& what,
                               std::uint32_t version, std::string detail) {
    const AuditEntry entry{kind, what, version, std::move(detail)};
    MULLION_TRY(audit.write(caller.who, caller.purpose, std::span(&entry, 1)));
    if (!database->writes() || kind == AuditEntry::Kind::tampered) return {};
    return keep_end(caller, Keeps::what_is_newer);
}

Result<void> Store::State::commit(const Caller& caller, storage::SecretsDatabase::Hold& hold,
                                  std::vector<AuditEntry> said) {
    auto committed = hold.commit();
    if (committed.ok()) return committed;
    const auto id = of_store(committed.error()).info().id;
    for (auto& entry : said) {
        entry.kind = AuditEntry::Kind::refused;
        entry.detail = fmt::format("{}: not done after all", id);
    }
    (void)audit.write(caller.who, caller.purpose, said);
    return committed;
}

Result<void> Store::State::say_and_commit(const Caller& caller, storage::SecretsDatabase::Hold& hold,
                                          AuditEntry entry) {
    MULLION_TRY(say(caller, entry.kind, entry.what, entry.version, entry.detail));
    return commit(caller, hold, {std::move(entry)});
}

Error Store::State::tampered(const Caller& caller, const Identity& what, std::uint32_t version,
                             const std::string& why) {
    // Nothing is handed out whether or not this can be said.
    const auto written = say(caller, AuditEntry::Kind::tampered, what, version, why);
    Error error(ErrorId::secrets_tampered, fmt::format("{}: {}", in_words(what), why));
    if (!written.ok()) error.advice.push_back("The audit log could not be told: " + written.error().detail);
    return error;
}

Error Store::State::refused(const Caller& caller, const Identity& what, Error error) {
    switch (error.id) {
        case ErrorId::secrets_invalid:
        case ErrorId::secrets_missing:
        case ErrorId::secrets_kind:
        case ErrorId::secrets_exists:
        case ErrorId::secrets_referenced:
        case ErrorId::secrets_cycle:
            if (auto said = say(caller, AuditEntry::Kind::refused, what, 0, std::string(error.info().id));
                !said.ok())
                return std::move(said).error();
            return error;
        default:
            return of_store(std::move(error));
    }
}

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::string& path, Mode mode, KeyManagers& managers,
                                           Audit& audit, const Clock& clock, Random& random) {
    using Rows = storage::SecretsDatabase;
    MULLION_TRY(check_private_file(path, mode == Mode::create ? Missing::may_be : Missing::is_wrong));
    // Without a key nothing is made: there is no weaker way to keep something.
    MULLION_TRY(managers.builtin());
    MULLION_ASSIGN(auto database,
                   told(Rows::open(path, mode == Mode::create ? Rows::Mode::create : Rows::Mode::existing,
                                   milliseconds(clock.wall()), random)));
    return std::unique_ptr<Store>(new Store(std::unique_ptr<State>(new State{
        path, managers, audit, clock, random, std::move(database), KeyRing(clock), {own_account()}})));
}

const std::string& Store::account() const {
    return state_->database->account();
}

Result<std::uint32_t> Store::create(const Principal& who, const Purpose& purpose, const Entity& entity,
                                    std::optional<Secret> value) {
    const Saving one{Saving::As::created, entity, std::move(value)};
    MULLION_ASSIGN(const auto versions, state_->save({who, purpose}, std::span(&one, 1)));
    return versions.front();
}

Result<std::uint32_t> Store::update(const Principal& who, const Purpose& purpose, const Entity& entity,
                                    std::optional<Secret> value) {
    const Saving one{Saving::As::updated, entity, std::move(value)};
    MULLION_ASSIGN(const auto versions, state_->save({who, purpose}, std::span(&one, 1)));
    return versions.front();
}

Result<std::vector<std::uint32_t>> Store::save(const Principal& who, const Purpose& purpose,
                                               std::span<const Saving> all) {
    return state_->save({who, purpose}, all);
}

Result<void> Store::move(const Principal& who, const Purpose& purpose, const Identity& what,
                         const Scope& to) {
    auto done = state_->changing({who, purpose}, [&] { return state_->move({who, purpose}, what, to); });
    if (!done.ok()) return state_->refused({who, purpose}, what, std::move(done).error());
    return done;
}

Result<void> Store::remove(const Principal& who, const Purpose& purpose, const Identity& what) {
    auto done = state_->changing({who, purpose}, [&] { return state_->remove({who, purpose}, what); });
    if (!done.ok()) return state_->refused({who, purpose}, what, std::move(done).error());
    return done;
}

Result<Stored> Store::State::get(const Identity& what) {
    MULLION_ASSIGN(const auto record, this->record(place_of(what)));
    MULLION_ASSIGN(auto entity, verified({looker, looking}, record));
    return stored_in(std::move(entity), record.row);
}

Result<std::vector<Stored>> Store::State::list(const Filter& filter) {
    std::vector<Record> records;
    {
        MULLION_ASSIGN(const auto hold, database->read());
        MULLION_ASSIGN(auto rows, database->list());
        std::map<std::string, ScopeKeyRow> by_id;
        MULLION_ASSIGN(auto keys, database->keys());
        for (auto& key : keys) by_id.emplace(key.id, std::move(key));
        for (auto& row : rows) {
            const Identity what = identity_of(row.place);
            if ((filter.space && *filter.space != what.space) ||
                (filter.scope && *filter.scope != what.scope))
                continue;
            const auto key = by_id.find(row.key);
            records.push_back({std::move(row), key == by_id.end() ? ScopeKeyRow() : key->second});
        }
    }
    std::vector<Stored> all;
    for (const auto& record : records) {
        MULLION_ASSIGN(auto entity, verified({looker, looking}, record));
        all.push_back(stored_in(std::move(entity), record.row));
    }
    return all;
}

Result<std::vector<Version>> Store::State::versions(const Identity& what) {
    MULLION_ASSIGN(const auto record, this->record(place_of(what)));
    MULLION_TRY(check_mark({looker, looking}, record));
    MULLION_ASSIGN(const auto rows, database->versions(record.row.number));
    std::vector<Version> all;
    for (const auto& [number, created] : rows)
        all.push_back({number, wall_time(created), number == record.row.current});
    return all;
}

void Store::looks_for(Principal who) {
    state_->looker = std::move(who);
}

Result<Stored> Store::get(const Identity& what) {
    return told(state_->read_anew([&] { return state_->get(what); }));
}

Result<std::vector<Stored>> Store::list(const Filter& filter) {
    return told(state_->read_anew([&] { return state_->list(filter); }));
}

Result<std::vector<Referrer>> Store::referrers(const Identity& what) {
    MULLION_ASSIGN(const auto rows, told(state_->database->referrers(place_of(what))));
    std::vector<Referrer> all;
    for (const auto& [place, field] : rows) all.push_back({identity_of(place), field});
    return all;
}

Result<std::optional<Identity>> Store::default_manager(const Scope& scope) {
    MULLION_ASSIGN(const auto all, list({Space::connector, scope}));
    for (const auto& one : all)
        if (is_default_manager(one.entity)) return std::optional(one.entity.identity);
    return std::optional<Identity>();
}

Result<std::vector<Version>> Store::versions(const Identity& what) {
    return told(state_->read_anew([&] { return state_->versions(what); }));
}

Result<void> Store::make_current(const Principal& who, const Purpose& purpose, const Identity& what,
                                 std::uint32_t version) {
    auto done = state_->changing({who, purpose}, [&] {
        return state_->make_current({who, purpose}, what, version);
    });
    if (!done.ok()) return state_->refused({who, purpose}, what, std::move(done).error());
    return done;
}

Result<void> Store::set_test(const Principal& who, const Purpose& purpose, const Identity& what,
                             const TestResult& result) {
    return told(state_->read_anew([&] { return state_->set_test({who, purpose}, what, result); }));
}

Result<std::vector<Result<Secret>>> Store::open_for_use(const Principal& who, const Purpose& purpose,
                                                        std::span<const Identity> what) {
    return told(state_->with_log({who, purpose}, [&] { return state_->open_for_use({who, purpose}, what); }));
}

Result<Renewed> Store::rotate(const Principal& who, const Purpose& purpose) {
    return told(state_->with_log({who, purpose}, [&] { return state_->rotate({who, purpose}); }));
}

Result<Renewed> Store::rewrap(const Principal& who, const Purpose& purpose) {
    return told(state_->with_log({who, purpose}, [&] { return state_->rewrap({who, purpose}); }));
}

Result<bool> Store::accept_log(const Principal& who, const Purpose& purpose) {
    return told(state_->read_anew([&] { return state_->accept_log({who, purpose}); }));
}

Result<void> Store::drop_old_keys(BuiltinManager& machine) {
    return told(state_->drop_old_keys(machine));
}

}  // namespace mullion::secrets
