#include "storage/secrets_schema.h"

#include <fmt/core.h>

namespace mullion::storage {
namespace {

// Places are compared as bytes: identifiers are case-sensitive. A manager is a connector, so that it needs no
// space.
constexpr const char* schema = R"sql(
    CREATE TABLE store (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        account  TEXT NOT NULL,
        created  INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE scope_key (
        id              TEXT PRIMARY KEY,
        org             TEXT NOT NULL,
        project         TEXT NOT NULL,
        manager_org     TEXT NOT NULL,
        manager_project TEXT NOT NULL,
        manager_id      TEXT NOT NULL,
        manager_key     TEXT NOT NULL,
        blob            BLOB NOT NULL,
        created         INTEGER NOT NULL,
        active          INTEGER NOT NULL CHECK (active IN (0, 1))
    ) STRICT;
    CREATE UNIQUE INDEX one_active_key ON scope_key (org, project, manager_org, manager_project, manager_id)
        WHERE active = 1;
    CREATE TABLE entity (
        number   INTEGER PRIMARY KEY AUTOINCREMENT,
        space    INTEGER NOT NULL,
        org      TEXT NOT NULL,
        project  TEXT NOT NULL,
        id       TEXT NOT NULL,
        name     TEXT NOT NULL,
        document TEXT NOT NULL,
        current  INTEGER NOT NULL,
        latest   INTEGER NOT NULL,
        created  INTEGER NOT NULL,
        changed  INTEGER NOT NULL,
        test     TEXT NOT NULL,
        key      TEXT NOT NULL REFERENCES scope_key (id),
        mark     BLOB NOT NULL,
        UNIQUE (space, org, project, id)
    ) STRICT;
    CREATE INDEX entity_key ON entity (key);
    CREATE TABLE reference (
        owner   INTEGER NOT NULL REFERENCES entity (number) ON DELETE CASCADE,
        field   TEXT NOT NULL,
        space   INTEGER NOT NULL,
        org     TEXT NOT NULL,
        project TEXT NOT NULL,
        id      TEXT NOT NULL,
        PRIMARY KEY (owner, field)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reference_to ON reference (space, org, project, id);
    CREATE TABLE value (
        owner   INTEGER NOT NULL REFERENCES entity (number) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        field   TEXT NOT NULL,
        key     TEXT NOT NULL REFERENCES scope_key (id),
        created INTEGER NOT NULL,
        wrapped BLOB NOT NULL,
        sealed  BLOB NOT NULL,
        PRIMARY KEY (owner, version, field)
    ) STRICT;
    CREATE INDEX value_key ON value (key);
    PRAGMA application_id = 1299541075;
    PRAGMA user_version = 1;
)sql";

// Version 2: how far the audit log went, vouched for as entities are.
constexpr const char* with_audit_end = R"sql(
    CREATE TABLE audit_end (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        number   INTEGER NOT NULL,
        bytes    INTEGER NOT NULL,
        hash     TEXT NOT NULL,
        key      TEXT NOT NULL REFERENCES scope_key (id),
        mark     BLOB NOT NULL
    ) STRICT;
    PRAGMA user_version = 2;
)sql";

// A rollback journal, not a write-ahead log: that one needs two more files for as long as anybody has the
// store open, and every reader must be able to write them. EXTRA syncs the folder after the journal is gone,
// so that what was told to be kept is not taken back by a power cut. What is removed is overwritten.
constexpr const char* manner = R"sql(
    PRAGMA journal_mode = DELETE;
    PRAGMA synchronous = EXTRA;
    PRAGMA secure_delete = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;
)sql";

Result<void> make_tables(Database& database, std::int64_t now, Random& random) {
    MULLION_ASSIGN(Transaction transaction, Transaction::begin(database));
    MULLION_ASSIGN(const auto objects, number_of(database, "SELECT count(*) FROM sqlite_schema"));
    if (objects != 0) return {};  // Another process was faster; or it is something else, which is told below.
    MULLION_TRY(database.execute(schema));
    MULLION_ASSIGN(Statement store, database.prepare("INSERT INTO store VALUES (1, ?, ?)"));
    MULLION_TRY(store.text(1, new_guid(random)).integer(2, now).step());
    MULLION_TRY(database.execute(with_audit_end));
    return transaction.commit();
}

Result<void> bring_up_to_date(Database& database) {
    MULLION_ASSIGN(Transaction transaction, Transaction::begin(database));
    MULLION_ASSIGN(const auto version, number_of(database, "PRAGMA user_version"));
    if (version != 1) return {};  // Another process was faster.
    MULLION_TRY(database.execute(with_audit_end));
    return transaction.commit();
}

Result<void> check_version(Database& database, const std::string& path) {
    MULLION_ASSIGN(const auto application, number_of(database, "PRAGMA application_id"));
    if (application != secrets_application)
        return Error(ErrorId::state_database, path + " is no secret store, or an empty one");
    MULLION_ASSIGN(const auto version, number_of(database, "PRAGMA user_version"));
    if (version >= 1 && version <= secrets_version) return {};
    return Error(ErrorId::state_version,
                 fmt::format("{} has version {}, this program knows {}", path, version, secrets_version));
}

}  // namespace

Result<std::int64_t> number_of(Database& database, const char* sql) {
    MULLION_ASSIGN(Statement statement, database.prepare(sql));
    MULLION_TRY(statement.step());
    return statement.column_integer(0);
}

Result<void> prepare_secrets(Database& database, const std::string& path, bool create, std::int64_t now,
                             Random& random) {
    MULLION_TRY(database.execute(manner));
    MULLION_ASSIGN(const auto application, number_of(database, "PRAGMA application_id"));
    if (create && application == 0) MULLION_TRY(make_tables(database, now, random));
    MULLION_TRY(check_version(database, path));
    MULLION_ASSIGN(const auto version, number_of(database, "PRAGMA user_version"));
    if (version < secrets_version) return bring_up_to_date(database);
    return {};
}

Result<void> check_secrets(Database& database, const std::string& path) {
    MULLION_TRY(check_version(database, path));
    MULLION_ASSIGN(Statement check, database.prepare("PRAGMA quick_check(1)"));
    MULLION_TRY(check.step());
    if (check.column_text(0) != "ok")
        return Error(ErrorId::state_database, fmt::format("{} is damaged: {}", path, check.column_text(0)));
    return {};
}

}  // namespace mullion::storage
