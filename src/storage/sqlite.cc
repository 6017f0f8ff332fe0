#include "storage/sqlite.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "os/file.h"
#include "storage/wiped_memory.h"

namespace mullion::storage {
namespace {

constexpr int lock_patience_ms = 5000;

// SQLITE_OPEN_NOFOLLOW refuses a link in any part of a path (sqlite3_open_v2: "not allowed to contain a
// symbolic link"), and homes are often reached by one. Folders are looked at by who asks; it is the file that
// must be none. What has no such folder is told by the opening.
std::string in_its_real_folder(const std::string& path) {
    const auto slash = path.rfind('/');
    const auto folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(folder.c_str(), nullptr), std::free);
    if (!real) return path;
    return std::string(real.get()) + "/" + path.substr(slash == std::string::npos ? 0 : slash + 1);
}

// Out of descriptors is no fault of the file's, and SQLite's text says nothing of it.
Error failure_of(sqlite3* handle, std::string what) {
    const int primary = sqlite3_errcode(handle) & 0xFF;
    const bool of_system = primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR;
    const int number = of_system ? sqlite3_system_errno(handle) : 0;
    if (number == EMFILE || number == ENFILE) return os::system_error(ErrorId::state_database, what, number);
    Error error(ErrorId::state_database, std::move(what));
    // Where it is none of the file's faults, which the id's own advice is about.
    if (primary == SQLITE_BUSY)
        error.advice.emplace_back(
            "Another process has had it locked for five seconds: try again, and look for one that hangs.");
    if (primary == SQLITE_FULL)
        error.advice.emplace_back(
            "Make room on its file system (df -h, df -i, quota); what was there before is unchanged.");
    return error;
}

}  // namespace

Statement& Statement::text(int position, std::string_view value) {
    sqlite3_bind_text64(statement_.get(), position, value.data(), value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
}

Statement& Statement::blob(int position, std::string_view value) {
    sqlite3_bind_blob64(statement_.get(), position, value.data(), value.size(), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::integer(int position, std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), position, value);
    return *this;
}

void Statement::reset() {
    sqlite3_reset(statement_.get());  // Its code is that of the last step, which was told.
    sqlite3_clear_bindings(statement_.get());
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3* handle = sqlite3_db_handle(statement_.get());
    failure_ = sqlite3_extended_errcode(handle);
    return failure_of(handle, sqlite3_errmsg(handle));
}

std::string Statement::column_text(int index) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), index));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), index));
    return text == nullptr ? std::string() : std::string(text, size);
}

std::string_view Statement::column_blob(int index) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), index));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), index));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

std::int64_t Statement::column_integer(int index) const {
    return sqlite3_column_int64(statement_.get(), index);
}

Result<Database> Database::open(const std::string& path, bool writable) {
    wipe_what_sqlite_frees();
    sqlite3* handle = nullptr;
    const int flags = (writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOFOLLOW |
                      SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(in_its_real_folder(path).c_str(), &handle, flags, nullptr);
    Database database(handle, path);
    if (code != SQLITE_OK) return failure_of(handle, fmt::format("{}: {}", path, sqlite3_errstr(code)));
    sqlite3_busy_timeout(handle, lock_patience_ms);
    // A database is data, not code: what its schema may do is kept small.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return database;
}

Error Database::failed() const {
    return failure_of(handle_.get(), fmt::format("{}: {}", path_, sqlite3_errmsg(handle_.get())));
}

Result<Statement> Database::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), sql, -1, &statement, nullptr) != SQLITE_OK) return failed();
    return Statement(statement);
}

Result<void> Database::execute(const char* sql) {
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failed();
    return {};
}

Result<void> Database::become_copy_of(Database& other) {
    sqlite3_backup* const copying = sqlite3_backup_init(handle_.get(), "main", other.handle_.get(), "main");
    if (copying == nullptr) return failed();
    const int code = sqlite3_backup_step(copying, -1);
    const int finished = sqlite3_backup_finish(copying);
    if (code == SQLITE_DONE && finished == SQLITE_OK) return {};
    // Of which of the two files it is, the code does not tell.
    return Error(ErrorId::state_database, fmt::format("copy {} to {}: {}", other.path_, path_,
                                                      sqlite3_errstr(code == SQLITE_DONE ? finished : code)));
}

Result<Transaction> Transaction::begin(Database& database) {
    MULLION_TRY(database.execute("BEGIN IMMEDIATE"));
    return Transaction(&database);
}

Transaction::~Transaction() {
    // A rollback that fails leaves nothing to do: closing the database rolls back as well.
    if (database_ != nullptr) (void)database_->execute("ROLLBACK").ok();
}

Result<void> Transaction::commit() {
    MULLION_TRY(database_->execute("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace mullion::storage
