// SQLite behind values: the only user of SQL. One connection, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::storage {

// An account of the service. The password is never here: only what it is checked against.
struct AccountRow {
    std::string name;
    Secret nt_hash;  // 16 bytes
    std::string argon2;
    bool administrator = false;
    std::vector<std::string> groups;
    std::string unix_user;
};

// DIR/accounts.db. Names are unique without regard to (ASCII) case. Writers from other processes are seen.
class AccountsDatabase {
public:
    enum class Mode { read_only, read_write };  // read_write creates the file, mode 0600, and migrates.
    // Errors: state.database, state.version (made by a newer version)
    [[nodiscard]] static Result<std::unique_ptr<AccountsDatabase>> open(const std::string& path, Mode mode);
    ~AccountsDatabase();

    [[nodiscard]] Result<std::optional<AccountRow>> find(std::string_view name);
    [[nodiscard]] Result<std::vector<AccountRow>> list();
    [[nodiscard]] Result<void> add(const AccountRow& account);  // Errors: account.exists
    [[nodiscard]] Result<void> remove(std::string_view name);   // Errors: account.missing

private:
    struct State;
    explicit AccountsDatabase(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::storage
