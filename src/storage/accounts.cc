#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "storage/database.h"
#include "storage/sqlite.h"

namespace mullion::storage {
namespace {

constexpr int schema_version = 1;

// NOCASE compares ASCII letters only, which is what account names are matched by (NTLM does the same here).
constexpr const char* schema = R"sql(
    PRAGMA secure_delete = ON;
    CREATE TABLE account (
        name          TEXT PRIMARY KEY COLLATE NOCASE,
        nt_hash       BLOB NOT NULL CHECK (length(nt_hash) = 16),
        argon2        TEXT NOT NULL,
        administrator INTEGER NOT NULL CHECK (administrator IN (0, 1)),
        unix_user     TEXT NOT NULL
    ) STRICT;
    CREATE TABLE membership (
        account    TEXT NOT NULL COLLATE NOCASE REFERENCES account (name) ON DELETE CASCADE,
        group_name TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY (account, group_name)
    ) STRICT;
    PRAGMA user_version = 1;
)sql";

constexpr const char* columns = "SELECT name, nt_hash, argon2, administrator, unix_user FROM account";

Result<void> create_private(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return Error(ErrorId::state_database, fmt::format("{}: {}", path, std::strerror(errno)));
    ::close(descriptor);
    return {};
}

Result<std::int64_t> version_of(Database& database) {
    MULLION_ASSIGN(Statement statement, database.prepare("PRAGMA user_version"));
    MULLION_TRY(statement.step());
    return statement.column_integer(0);
}

Result<void> migrate(Database& database, const std::string& path, bool writable) {
    MULLION_ASSIGN(std::int64_t version, version_of(database));
    if (version == 0 && writable) {
        MULLION_ASSIGN(Transaction transaction, Transaction::begin(database));
        MULLION_ASSIGN(version, version_of(database));  // Another process may have been faster.
        if (version == 0) MULLION_TRY(database.execute(schema));
        MULLION_TRY(transaction.commit());
        version = schema_version;
    }
    if (version != schema_version) {
        return Error(ErrorId::state_version,
                     fmt::format("{} has version {}, this program knows {}", path, version, schema_version));
    }
    return {};
}

}  // namespace

struct AccountsDatabase::State {
    Database database;

    Result<std::vector<std::string>> groups_of(const std::string& name) {
        MULLION_ASSIGN(
            Statement statement,
            database.prepare("SELECT group_name FROM membership WHERE account = ? ORDER BY group_name"));
        statement.text(1, name);
        std::vector<std::string> groups;
        while (true) {
            MULLION_ASSIGN(const bool there, statement.step());
            if (!there) return groups;
            groups.push_back(statement.column_text(0));
        }
    }

    Result<AccountRow> read(const Statement& statement) {
        AccountRow row;
        row.name = statement.column_text(0);
        row.nt_hash = Secret(statement.column_blob(1));
        row.argon2 = statement.column_text(2);
        row.administrator = statement.column_integer(3) != 0;
        row.unix_user = statement.column_text(4);
        MULLION_ASSIGN(row.groups, groups_of(row.name));
        return row;
    }
};

AccountsDatabase::AccountsDatabase(std::unique_ptr<State> state) : state_(std::move(state)) {}
AccountsDatabase::~AccountsDatabase() = default;

Result<std::unique_ptr<AccountsDatabase>> AccountsDatabase::open(const std::string& path, Mode mode) {
    const bool writable = mode == Mode::read_write;
    if (writable) MULLION_TRY(create_private(path));  // SQLite would create it with the umask's mode.
    MULLION_ASSIGN(Database database, Database::open(path, writable));
    MULLION_TRY(database.execute("PRAGMA foreign_keys = ON"));
    MULLION_TRY(migrate(database, path, writable));
    if (writable) MULLION_TRY(database.execute("PRAGMA secure_delete = ON"));
    return std::unique_ptr<AccountsDatabase>(
        new AccountsDatabase(std::make_unique<State>(State{std::move(database)})));
}

Result<std::optional<AccountRow>> AccountsDatabase::find(std::string_view name) {
    MULLION_ASSIGN(Statement statement,
                   state_->database.prepare(fmt::format("{} WHERE name = ?", columns).c_str()));
    statement.text(1, name);
    MULLION_ASSIGN(const bool there, statement.step());
    if (!there) return std::optional<AccountRow>();
    MULLION_ASSIGN(AccountRow row, state_->read(statement));
    return std::optional<AccountRow>(std::move(row));
}

Result<std::vector<AccountRow>> AccountsDatabase::list() {
    MULLION_ASSIGN(Statement statement,
                   state_->database.prepare(fmt::format("{} ORDER BY name", columns).c_str()));
    std::vector<AccountRow> rows;
    while (true) {
        MULLION_ASSIGN(const bool there, statement.step());
        if (!there) return rows;
        MULLION_ASSIGN(AccountRow row, state_->read(statement));
        rows.push_back(std::move(row));
    }
}

Result<void> AccountsDatabase::add(const AccountRow& account) {
    Database& database = state_->database;
    MULLION_ASSIGN(Transaction transaction, Transaction::begin(database));
    MULLION_ASSIGN(Statement insert, database.prepare("INSERT INTO account VALUES (?, ?, ?, ?, ?)"));
    insert.text(1, account.name).blob(2, account.nt_hash.expose()).text(3, account.argon2);
    insert.integer(4, account.administrator ? 1 : 0).text(5, account.unix_user);
    if (auto done = insert.step(); !done.ok()) {
        const bool taken =
            insert.failure() == SQLITE_CONSTRAINT_PRIMARYKEY || insert.failure() == SQLITE_CONSTRAINT_UNIQUE;
        if (taken) return Error(ErrorId::account_exists, account.name);
        return std::move(done).error();
    }
    for (const auto& group : account.groups) {
        MULLION_ASSIGN(Statement member, database.prepare("INSERT OR IGNORE INTO membership VALUES (?, ?)"));
        MULLION_TRY(member.text(1, account.name).text(2, group).step());
    }
    return transaction.commit();
}

Result<void> AccountsDatabase::remove(std::string_view name) {
    MULLION_ASSIGN(Statement statement, state_->database.prepare("DELETE FROM account WHERE name = ?"));
    MULLION_TRY(statement.text(1, name).step());
    if (state_->database.changes() == 0) return Error(ErrorId::account_missing, std::string(name));
    return {};
}

}  // namespace mullion::storage
