#include "storage/secrets_rows.h"

#include <fcntl.h>
#include <fmt/core.h>

#include <cerrno>
#include <map>

#include "os/file.h"
#include "storage/secrets_schema.h"
#include "storage/sqlite.h"

namespace mullion::storage {
namespace {

constexpr const char* entity_by_place =
    "SELECT * FROM entity WHERE space = ? AND org = ? AND project = ? AND id = ?";
constexpr const char* entity_by_number = "SELECT * FROM entity WHERE number = ?";
constexpr const char* all_entities = "SELECT * FROM entity ORDER BY space, org, project, id";
constexpr const char* some_of_key = "SELECT * FROM entity WHERE key = ? ORDER BY number LIMIT ?";

EntityRow entity_in(const Statement& row) {
    EntityRow entity;
    entity.number = row.column_integer(0);
    entity.place = {row.column_integer(1), row.column_text(2), row.column_text(3), row.column_text(4)};
    entity.name = row.column_text(5);
    entity.document = row.column_text(6);
    entity.current = static_cast<std::uint32_t>(row.column_integer(7));
    entity.latest = static_cast<std::uint32_t>(row.column_integer(8));
    entity.created = row.column_integer(9);
    entity.changed = row.column_integer(10);
    entity.test = row.column_text(11);
    entity.key = row.column_text(12);
    entity.mark = row.column_blob(13);
    return entity;
}

ValueRow value_in(const Statement& row) {
    ValueRow value;
    value.owner = row.column_integer(0);
    value.version = static_cast<std::uint32_t>(row.column_integer(1));
    value.field = row.column_text(2);
    value.key = row.column_text(3);
    value.created = row.column_integer(4);
    value.wrapped = row.column_blob(5);
    value.sealed = row.column_blob(6);
    return value;
}

ScopeKeyRow key_in(const Statement& row) {
    ScopeKeyRow key;
    key.id = row.column_text(0);
    key.holder = {row.column_text(1),
                  row.column_text(2),
                  {0, row.column_text(3), row.column_text(4), row.column_text(5)}};
    key.manager_key = row.column_text(6);
    key.blob = row.column_blob(7);
    key.created = row.column_integer(8);
    key.active = row.column_integer(9) != 0;
    return key;
}

Statement& bind(Statement& statement, int from, const EntityPlace& place) {
    return statement.integer(from, place.space)
        .text(from + 1, place.org)
        .text(from + 2, place.project)
        .text(from + 3, place.id);
}

Statement& bind(Statement& statement, int from, const EntityRow& entity) {
    bind(statement, from, entity.place);
    statement.text(from + 4, entity.name).text(from + 5, entity.document).integer(from + 6, entity.current);
    statement.integer(from + 7, entity.latest)
        .integer(from + 8, entity.created)
        .integer(from + 9, entity.changed);
    return statement.text(from + 10, entity.test).text(from + 11, entity.key).blob(from + 12, entity.mark);
}

Statement& bind(Statement& statement, int from, const KeyHolder& holder) {
    statement.text(from, holder.org).text(from + 1, holder.project);
    return statement.text(from + 2, holder.manager.org)
        .text(from + 3, holder.manager.project)
        .text(from + 4, holder.manager.id);
}

// SQLite would make it with the umask's mode.
Result<void> create_private(const std::string& path) {
    const os::UniqueFd file(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return os::system_error(ErrorId::state_database, "make " + path, errno);
    return {};
}

// One that is kept for the next time; it holds no lock when this is gone.
class Used {
public:
    explicit Used(Statement& statement) : statement_(&statement) {}
    Used(Used&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Used& operator=(Used&&) = delete;
    ~Used() {
        if (statement_ != nullptr) statement_->reset();
    }
    Statement* operator->() const { return statement_; }
    Statement& operator*() const { return *statement_; }

private:
    Statement* statement_;
};

template <class Row, class Read>
Result<std::vector<Row>> all_rows(Statement& statement, Read read) {
    std::vector<Row> rows;
    while (true) {
        MULLION_ASSIGN(const bool there, statement.step());
        if (!there) return rows;
        rows.push_back(read(statement));
    }
}

template <class Row, class Read>
Result<std::optional<Row>> one_row(Statement& statement, Read read) {
    MULLION_ASSIGN(const bool there, statement.step());
    if (!there) return std::optional<Row>();
    return std::optional<Row>(read(statement));
}

Result<void> done(Statement& statement) {
    MULLION_TRY(statement.step());
    return {};
}

}  // namespace

struct SecretsDatabase::State {
    Database database;
    std::string account;
    std::map<const char*, Statement> statements;  // By the text's address: each is a literal.
    bool writes = false;

    Result<Used> use(const char* sql) {
        if (const auto found = statements.find(sql); found != statements.end()) return Used(found->second);
        MULLION_ASSIGN(Statement statement, database.prepare(sql));
        return Used(statements.emplace(sql, std::move(statement)).first->second);
    }
};

SecretsDatabase::SecretsDatabase(std::unique_ptr<State> state) : state_(std::move(state)) {}
SecretsDatabase::~SecretsDatabase() = default;

Result<std::unique_ptr<SecretsDatabase>> SecretsDatabase::open(const std::string& path, Mode mode,
                                                               std::int64_t now, Random& random) {
    const bool create = mode == Mode::create;
    if (create) MULLION_TRY(create_private(path));
    MULLION_ASSIGN(Database database, Database::open(path, true));
    MULLION_TRY(prepare_secrets(database, path, create, now, random));
    auto state = std::unique_ptr<State>(new State{std::move(database), {}, {}, false});
    MULLION_ASSIGN(const auto account, state->use("SELECT account FROM store"));
    MULLION_ASSIGN(const bool there, account->step());
    if (there) state->account = account->column_text(0);
    if (!is_guid(state->account)) return Error(ErrorId::state_database, path + " has no account");
    return std::unique_ptr<SecretsDatabase>(new SecretsDatabase(std::move(state)));
}

const std::string& SecretsDatabase::account() const {
    return state_->account;
}

SecretsDatabase::Hold::~Hold() {
    if (database_ == nullptr) return;
    // A rollback that fails leaves nothing to do: closing the database rolls back as well.
    (void)database_->state_->database.execute("ROLLBACK").ok();
    database_->state_->writes = false;
}

Result<void> SecretsDatabase::Hold::commit() {
    MULLION_TRY(database_->state_->database.execute("COMMIT"));
    database_->state_->writes = false;
    database_ = nullptr;
    return {};
}

Result<SecretsDatabase::Hold> SecretsDatabase::read() {
    MULLION_TRY(state_->database.execute("BEGIN"));
    return Hold(this);
}

Result<SecretsDatabase::Hold> SecretsDatabase::write() {
    MULLION_TRY(state_->database.execute("BEGIN IMMEDIATE"));
    state_->writes = true;
    return Hold(this);
}

bool SecretsDatabase::writes() const {
    return state_->writes;
}

Result<std::int64_t> SecretsDatabase::changes_of_others() {
    MULLION_ASSIGN(const auto statement, state_->use("PRAGMA data_version"));
    MULLION_TRY(statement->step());
    return statement->column_integer(0);
}

Result<std::optional<EntityRow>> SecretsDatabase::find(const EntityPlace& place) {
    MULLION_ASSIGN(const auto statement, state_->use(entity_by_place));
    return one_row<EntityRow>(bind(*statement, 1, place), entity_in);
}

Result<std::optional<EntityRow>> SecretsDatabase::find(std::int64_t number) {
    MULLION_ASSIGN(const auto statement, state_->use(entity_by_number));
    return one_row<EntityRow>(statement->integer(1, number), entity_in);
}

Result<std::vector<EntityRow>> SecretsDatabase::list() {
    MULLION_ASSIGN(const auto statement, state_->use(all_entities));
    return all_rows<EntityRow>(*statement, entity_in);
}

Result<std::int64_t> SecretsDatabase::insert(const EntityRow& entity) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("INSERT INTO entity VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    MULLION_TRY(done(bind(*statement, 1, entity)));
    return state_->database.inserted();
}

Result<void> SecretsDatabase::replace(const EntityRow& entity) {
    MULLION_ASSIGN(
        const auto statement,
        state_->use("UPDATE entity SET space = ?, org = ?, project = ?, id = ?, name = ?, document = ?, "
                    "current = ?, latest = ?, created = ?, changed = ?, test = ?, key = ?, mark = ? "
                    "WHERE number = ?"));
    return done(bind(*statement, 1, entity).integer(14, entity.number));
}

Result<void> SecretsDatabase::remove(std::int64_t entity) {
    MULLION_ASSIGN(const auto statement, state_->use("DELETE FROM entity WHERE number = ?"));
    return done(statement->integer(1, entity));
}

Result<void> SecretsDatabase::set_references(std::int64_t entity,
                                             const std::vector<ReferenceRow>& references) {
    MULLION_ASSIGN(const auto old, state_->use("DELETE FROM reference WHERE owner = ?"));
    MULLION_TRY(done(old->integer(1, entity)));
    for (const auto& reference : references) {
        MULLION_ASSIGN(const auto statement, state_->use("INSERT INTO reference VALUES (?, ?, ?, ?, ?, ?)"));
        MULLION_TRY(done(bind(statement->integer(1, entity).text(2, reference.field), 3, reference.to)));
    }
    return {};
}

Result<std::vector<ReferenceRow>> SecretsDatabase::references(std::int64_t entity) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("SELECT field, space, org, project, id FROM reference WHERE owner = ?"));
    return all_rows<ReferenceRow>(statement->integer(1, entity), [](const Statement& row) {
        return ReferenceRow{
            row.column_text(0),
            {row.column_integer(1), row.column_text(2), row.column_text(3), row.column_text(4)}};
    });
}

Result<std::vector<std::pair<EntityPlace, std::string>>> SecretsDatabase::referrers(const EntityPlace& to) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("SELECT e.space, e.org, e.project, e.id, r.field FROM reference AS r "
                               "JOIN entity AS e ON e.number = r.owner "
                               "WHERE r.space = ? AND r.org = ? AND r.project = ? AND r.id = ? "
                               "ORDER BY e.space, e.org, e.project, e.id, r.field"));
    return all_rows<std::pair<EntityPlace, std::string>>(bind(*statement, 1, to), [](const Statement& row) {
        return std::pair(
            EntityPlace{row.column_integer(0), row.column_text(1), row.column_text(2), row.column_text(3)},
            row.column_text(4));
    });
}

Result<void> SecretsDatabase::put(const ValueRow& value) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("INSERT OR REPLACE INTO value VALUES (?, ?, ?, ?, ?, ?, ?)"));
    statement->integer(1, value.owner).integer(2, value.version).text(3, value.field).text(4, value.key);
    return done(statement->integer(5, value.created).blob(6, value.wrapped).blob(7, value.sealed));
}

Result<std::optional<ValueRow>> SecretsDatabase::value(std::int64_t owner, std::uint32_t version,
                                                       const std::string& field) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("SELECT * FROM value WHERE owner = ? AND version = ? AND field = ?"));
    return one_row<ValueRow>(statement->integer(1, owner).integer(2, version).text(3, field), value_in);
}

Result<std::vector<ValueRow>> SecretsDatabase::values(std::int64_t owner) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("SELECT * FROM value WHERE owner = ? ORDER BY version, field"));
    return all_rows<ValueRow>(statement->integer(1, owner), value_in);
}

Result<std::vector<std::pair<std::uint32_t, std::int64_t>>> SecretsDatabase::versions(std::int64_t owner) {
    MULLION_ASSIGN(const auto statement, state_->use("SELECT version, min(created) FROM value WHERE owner = "
                                                     "? GROUP BY version ORDER BY version DESC"));
    return all_rows<std::pair<std::uint32_t, std::int64_t>>(
        statement->integer(1, owner), [](const Statement& row) {
            return std::pair(static_cast<std::uint32_t>(row.column_integer(0)), row.column_integer(1));
        });
}

Result<void> SecretsDatabase::insert(const ScopeKeyRow& key) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("INSERT INTO scope_key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    bind(statement->text(1, key.id), 2, key.holder).text(7, key.manager_key).blob(8, key.blob);
    return done(statement->integer(9, key.created).integer(10, key.active ? 1 : 0));
}

Result<std::optional<ScopeKeyRow>> SecretsDatabase::key(const std::string& id) {
    MULLION_ASSIGN(const auto statement, state_->use("SELECT * FROM scope_key WHERE id = ?"));
    return one_row<ScopeKeyRow>(statement->text(1, id), key_in);
}

Result<std::optional<ScopeKeyRow>> SecretsDatabase::active_key(const KeyHolder& holder) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("SELECT * FROM scope_key WHERE org = ? AND project = ? AND manager_org = ? "
                               "AND manager_project = ? AND manager_id = ? AND active = 1"));
    return one_row<ScopeKeyRow>(bind(*statement, 1, holder), key_in);
}

Result<std::optional<ScopeKeyRow>> SecretsDatabase::first_active_key(const std::string& manager_id) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("SELECT * FROM scope_key WHERE manager_id = ? AND active = 1 "
                               "ORDER BY created, id LIMIT 1"));
    return one_row<ScopeKeyRow>(statement->text(1, manager_id), key_in);
}

Result<std::vector<ScopeKeyRow>> SecretsDatabase::keys() {
    MULLION_ASSIGN(const auto statement, state_->use("SELECT * FROM scope_key ORDER BY created, id"));
    return all_rows<ScopeKeyRow>(*statement, key_in);
}

Result<void> SecretsDatabase::retire(const std::string& key) {
    MULLION_ASSIGN(const auto statement, state_->use("UPDATE scope_key SET active = 0 WHERE id = ?"));
    return done(statement->text(1, key));
}

Result<void> SecretsDatabase::rewrap(const std::string& key, const std::string& manager_key,
                                     const std::string& blob) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("UPDATE scope_key SET manager_key = ?, blob = ? WHERE id = ?"));
    return done(statement->text(1, manager_key).blob(2, blob).text(3, key));
}

Result<void> SecretsDatabase::drop_unused_keys() {
    MULLION_ASSIGN(const auto statement,
                   state_->use("DELETE FROM scope_key WHERE active = 0 AND id NOT IN (SELECT key FROM value) "
                               "AND id NOT IN (SELECT key FROM entity) "
                               "AND id NOT IN (SELECT key FROM audit_end)"));
    return done(*statement);
}

Result<std::vector<ValueRow>> SecretsDatabase::values_of_key(const std::string& key, std::size_t rows,
                                                             std::size_t bytes) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("SELECT * FROM value WHERE key = ? ORDER BY owner, version, field LIMIT ?"));
    statement->text(1, key).integer(2, static_cast<std::int64_t>(rows));
    std::vector<ValueRow> values;
    for (std::size_t used = 0; used < bytes;) {
        MULLION_ASSIGN(const bool there, statement->step());
        if (!there) break;
        values.push_back(value_in(*statement));
        used += values.back().sealed.size();
    }
    return values;
}

Result<std::vector<EntityRow>> SecretsDatabase::entities_of_key(const std::string& key, std::size_t rows) {
    MULLION_ASSIGN(const auto statement, state_->use(some_of_key));
    return all_rows<EntityRow>(statement->text(1, key).integer(2, static_cast<std::int64_t>(rows)),
                               entity_in);
}

Result<std::optional<AuditEndRow>> SecretsDatabase::audit_end() {
    MULLION_ASSIGN(const auto statement, state_->use("SELECT number, bytes, hash, key, mark FROM audit_end"));
    return one_row<AuditEndRow>(*statement, [](const Statement& row) {
        return AuditEndRow{row.column_integer(0), row.column_integer(1), row.column_text(2),
                           row.column_text(3), std::string(row.column_blob(4))};
    });
}

Result<void> SecretsDatabase::put(const AuditEndRow& end) {
    MULLION_ASSIGN(const auto statement,
                   state_->use("INSERT OR REPLACE INTO audit_end VALUES (1, ?, ?, ?, ?, ?)"));
    statement->integer(1, end.number).integer(2, end.bytes).text(3, end.hash);
    return done(statement->text(4, end.key).blob(5, end.mark));
}

Result<bool> SecretsDatabase::has_entities() {
    MULLION_ASSIGN(const auto statement, state_->use("SELECT 1 FROM entity LIMIT 1"));
    return statement->step();
}

Result<void> SecretsDatabase::copy_to(const std::string& path) {
    MULLION_ASSIGN(Database copy, Database::open(path, true));
    MULLION_TRY(copy.execute("PRAGMA synchronous = EXTRA"));
    return copy.become_copy_of(state_->database);
}

Result<bool> SecretsDatabase::is_blank(const std::string& path) {
    MULLION_ASSIGN(Database database, Database::open(path, true));
    MULLION_ASSIGN(const auto objects, number_of(database, "SELECT count(*) FROM sqlite_schema"));
    return objects == 0;
}

Result<void> SecretsDatabase::restore(const std::string& from, const std::string& to) {
    MULLION_ASSIGN(Database backup, Database::open(from, false));
    MULLION_TRY(check_secrets(backup, from));
    MULLION_TRY(create_private(to));
    MULLION_ASSIGN(Database store, Database::open(to, true));
    MULLION_TRY(store.execute("PRAGMA synchronous = EXTRA"));
    return store.become_copy_of(backup);
}

}  // namespace mullion::storage
