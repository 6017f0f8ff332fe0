// Owners of SQLite's objects, for this room only. Every failure carries SQLite's own words.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace mullion::storage {

class Statement {
public:
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    // Positions count from 1. The bytes are copied.
    Statement& text(int position, std::string_view value);
    Statement& blob(int position, std::string_view value);
    Statement& integer(int position, std::int64_t value);
    // True: a row is there. False: done.
    [[nodiscard]] Result<bool> step();
    void reset();  // For another run; what was bound is forgotten.
    // The code of the last step() that failed: SQLITE_CONSTRAINT_UNIQUE and the like.
    [[nodiscard]] int failure() const { return failure_; }

    [[nodiscard]] std::string column_text(int index) const;       // Columns count from 0.
    [[nodiscard]] std::string_view column_blob(int index) const;  // Valid until the next step.
    [[nodiscard]] std::int64_t column_integer(int index) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    int failure_ = SQLITE_OK;
};

class Database {
public:
    // Waits up to 5 s for another process's lock. Errors: state.database
    [[nodiscard]] static Result<Database> open(const std::string& path, bool writable);
    [[nodiscard]] Result<Statement> prepare(const char* sql);
    [[nodiscard]] Result<void> execute(const char* sql);  // One or more statements without rows.
    // All of the other database, in one transaction of this one. Errors: state.database
    [[nodiscard]] Result<void> become_copy_of(Database& other);
    [[nodiscard]] std::int64_t inserted() const { return sqlite3_last_insert_rowid(handle_.get()); }
    [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(handle_.get()); }

private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
    [[nodiscard]] Error failed() const;
    std::unique_ptr<sqlite3, Close> handle_;
    std::string path_;
};

// Rolls back unless committed.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Database* database) : database_(database) {}
    Database* database_;
};

}  // namespace mullion::storage
