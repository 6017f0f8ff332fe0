#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "os/file.h"
#include "storage/database.h"
#include "storage/sqlite.h"

namespace mullion::storage {
namespace {

// NOCASE compares ASCII letters only, which is what account names are matched by (NTLM does the same here).
constexpr const char* first_schema = R"sql(
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

// Accounts get numbers in the order in which they were made. Groups were words that meant nothing until now:
// none of them may make somebody an administrator, whom a column of its own tells.
constexpr const char* numbers = R"sql(
    CREATE TABLE machine (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        sid      TEXT NOT NULL,
        next_rid INTEGER NOT NULL
    ) STRICT;
    ALTER TABLE account ADD COLUMN rid INTEGER NOT NULL DEFAULT 0;
    UPDATE account SET rid = 999 + (SELECT count(*) FROM account AS other WHERE other.rowid <= account.rowid);
    CREATE UNIQUE INDEX account_rid ON account (rid);
    INSERT INTO machine SELECT 1, '', 1000 + count(*) FROM account;
    DELETE FROM membership
        WHERE group_name IN ('Administrators', 'BUILTIN\Administrators', 'BA', 'S-1-5-32-544');
    PRAGMA user_version = 2;
)sql";

constexpr std::array steps{first_schema, numbers};
constexpr std::int64_t schema_version = steps.size();

// https://sqlite.org/fileformat2.html 1.3.6: the file change counter, which each transaction counts up; there
// is no write-ahead log here.
constexpr off_t place_of_counter = 24;

constexpr const char* columns = "SELECT name, nt_hash, argon2, administrator, unix_user, rid FROM account";

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

// Of the file, to look at its mark. Closing one of several descriptors of a file ends the locks that the
// process has on it by the others: this one goes after SQLite's.
class MarkedFile {
public:
    static Result<MarkedFile> open(const std::string& path) {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0) return os::system_error(ErrorId::state_database, "open " + path, errno);
        return MarkedFile(descriptor);
    }
    MarkedFile(MarkedFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    MarkedFile& operator=(MarkedFile&&) = delete;
    ~MarkedFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    [[nodiscard]] FileMark mark() const {
        FileMark mark;
        std::array<std::uint8_t, 4> counter{};
        const auto read = ::pread(descriptor_, counter.data(), counter.size(), place_of_counter);
        if (read == static_cast<ssize_t>(counter.size()))
            for (const auto byte : counter) mark.counter = mark.counter << 8 | byte;
        struct stat facts {};
        if (::fstat(descriptor_, &facts) != 0) return mark;
        mark.changed_s = facts.st_mtim.tv_sec;
        mark.changed_ns = facts.st_mtim.tv_nsec;
        mark.size = facts.st_size;
        return mark;
    }

private:
    explicit MarkedFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

// A machine's SID, as Windows draws it when it is installed. [MS-DTYP] 2.4.2.4: S-1-5-21-…
std::string draw_sid(Random& random) {
    std::array<std::uint8_t, 12> bytes{};
    random.fill(bytes);
    std::string sid = "S-1-5-21";
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        std::uint32_t number = 0;
        std::memcpy(&number, &bytes[i], sizeof number);
        sid += fmt::format("-{}", number);
    }
    return sid;
}

Result<void> bring_up_to_date(Database& database, Random& random) {
    MULLION_TRY(database.execute("PRAGMA secure_delete = ON"));
    MULLION_ASSIGN(Transaction transaction, Transaction::begin(database));
    MULLION_ASSIGN(const std::int64_t version,
                   version_of(database));  // Another process may have been faster.
    for (auto step = version; step >= 0 && step < schema_version; ++step)
        MULLION_TRY(database.execute(steps[static_cast<std::size_t>(step)]));
    MULLION_ASSIGN(Statement name, database.prepare("UPDATE machine SET sid = ? WHERE sid = ''"));
    if (version < schema_version) MULLION_TRY(name.text(1, draw_sid(random)).step());
    return transaction.commit();
}

Result<void> migrate(Database& database, const std::string& path, bool writable, Random& random) {
    MULLION_ASSIGN(std::int64_t version, version_of(database));
    if (version >= 0 && version < schema_version && writable) {
        MULLION_TRY(bring_up_to_date(database, random));
        MULLION_ASSIGN(version, version_of(database));
    }
    if (version != schema_version) {
        return Error(ErrorId::state_version,
                     fmt::format("{} has version {}, this program knows {}", path, version, schema_version));
    }
    return {};
}

}  // namespace

struct AccountsDatabase::State {
    MarkedFile file;
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
        row.rid = static_cast<std::uint32_t>(statement.column_integer(5));
        MULLION_ASSIGN(row.groups, groups_of(row.name));
        return row;
    }

    Result<void> join(const std::string& name, const std::vector<std::string>& groups) {
        for (const auto& group : groups) {
            MULLION_ASSIGN(Statement member,
                           database.prepare("INSERT OR IGNORE INTO membership VALUES (?, ?)"));
            MULLION_TRY(member.text(1, name).text(2, group).step());
        }
        return {};
    }

    // Within a transaction. Counts on also when the account with the number is deleted.
    Result<std::int64_t> take_rid() {
        MULLION_ASSIGN(Statement next, database.prepare("UPDATE machine SET next_rid = next_rid + 1"));
        MULLION_TRY(next.step());
        MULLION_ASSIGN(Statement taken, database.prepare("SELECT next_rid - 1 FROM machine"));
        MULLION_TRY(taken.step());
        return taken.column_integer(0);
    }
};

AccountsDatabase::AccountsDatabase(std::unique_ptr<State> state) : state_(std::move(state)) {}
AccountsDatabase::~AccountsDatabase() = default;

Result<std::unique_ptr<AccountsDatabase>> AccountsDatabase::open(const std::string& path, Mode mode,
                                                                 Random& random) {
    const bool writable = mode == Mode::read_write;
    if (writable) MULLION_TRY(create_private(path));  // SQLite would create it with the umask's mode.
    MULLION_ASSIGN(MarkedFile file, MarkedFile::open(path));
    MULLION_ASSIGN(Database database, Database::open(path, writable));
    MULLION_TRY(database.execute("PRAGMA foreign_keys = ON"));
    MULLION_TRY(migrate(database, path, writable, random));
    if (writable) MULLION_TRY(database.execute("PRAGMA secure_delete = ON"));
    return std::unique_ptr<AccountsDatabase>(
        new AccountsDatabase(std::make_unique<State>(State{std::move(file), std::move(database)})));
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

Result<std::map<std::string, std::uint32_t, std::less<>>> AccountsDatabase::numbers() {
    MULLION_ASSIGN(Statement statement, state_->database.prepare("SELECT name, rid FROM account"));
    std::map<std::string, std::uint32_t, std::less<>> out;
    while (true) {
        MULLION_ASSIGN(const bool there, statement.step());
        if (!there) return out;
        out.emplace(statement.column_text(0), static_cast<std::uint32_t>(statement.column_integer(1)));
    }
}

FileMark AccountsDatabase::mark() const {
    return state_->file.mark();
}

Result<void> AccountsDatabase::add(const AccountRow& account) {
    Database& database = state_->database;
    MULLION_ASSIGN(Transaction transaction, Transaction::begin(database));
    MULLION_ASSIGN(const auto rid, state_->take_rid());
    MULLION_ASSIGN(
        Statement insert,
        database.prepare("INSERT INTO account (name, nt_hash, argon2, administrator, unix_user, rid) "
                         "VALUES (?, ?, ?, ?, ?, ?)"));
    insert.text(1, account.name).blob(2, account.nt_hash.expose()).text(3, account.argon2);
    insert.integer(4, account.administrator ? 1 : 0).text(5, account.unix_user).integer(6, rid);
    if (auto done = insert.step(); !done.ok()) {
        const bool taken =
            insert.failure() == SQLITE_CONSTRAINT_PRIMARYKEY || insert.failure() == SQLITE_CONSTRAINT_UNIQUE;
        if (taken) return Error(ErrorId::account_exists, account.name);
        return std::move(done).error();
    }
    MULLION_TRY(state_->join(account.name, account.groups));
    return transaction.commit();
}

Result<void> AccountsDatabase::remove(std::string_view name) {
    MULLION_ASSIGN(Statement statement, state_->database.prepare("DELETE FROM account WHERE name = ?"));
    MULLION_TRY(statement.text(1, name).step());
    if (state_->database.changes() == 0) return Error(ErrorId::account_missing, std::string(name));
    return {};
}

Result<void> AccountsDatabase::set_membership(std::string_view name, const Membership& membership) {
    Database& database = state_->database;
    MULLION_ASSIGN(Transaction transaction, Transaction::begin(database));
    MULLION_ASSIGN(Statement change, database.prepare("UPDATE account SET administrator = ? WHERE name = ?"));
    MULLION_TRY(change.integer(1, membership.administrator ? 1 : 0).text(2, name).step());
    if (database.changes() == 0) return Error(ErrorId::account_missing, std::string(name));
    MULLION_ASSIGN(Statement leave, database.prepare("DELETE FROM membership WHERE account = ?"));
    MULLION_TRY(leave.text(1, name).step());
    MULLION_TRY(state_->join(std::string(name), membership.groups));
    return transaction.commit();
}

Result<std::string> AccountsDatabase::machine_sid() {
    MULLION_ASSIGN(Statement statement, state_->database.prepare("SELECT sid FROM machine"));
    MULLION_TRY(statement.step());
    return statement.column_text(0);
}

}  // namespace mullion::storage
