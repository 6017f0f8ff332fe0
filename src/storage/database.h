// SQLite behind values: the only user of SQL. One connection, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/secret.h"

namespace mullion::storage {

// An account of the service. The password is never here: only what it is checked against.
struct AccountRow {
    std::string name;
    std::uint32_t rid = 0;  // Its number in the machine's SID; set by whoever keeps it, never used again.
    Secret nt_hash;         // 16 bytes
    std::string argon2;
    bool administrator = false;
    std::vector<std::string> groups;
    std::string unix_user;
};

struct Membership {
    bool administrator = false;
    std::vector<std::string> groups;
};

// DIR/accounts.db, with the SID of the machine: three numbers drawn when the file is made. Names are unique
// without regard to (ASCII) case. Writers from other processes are seen.
class AccountsDatabase {
public:
    enum class Mode { read_only, read_write };  // read_write creates the file, mode 0600, and migrates.
    // Errors: state.database, state.version (made by a newer version)
    [[nodiscard]] static Result<std::unique_ptr<AccountsDatabase>> open(const std::string& path, Mode mode,
                                                                        Random& random = system_random());
    ~AccountsDatabase();

    [[nodiscard]] Result<std::optional<AccountRow>> find(std::string_view name);
    [[nodiscard]] Result<std::vector<AccountRow>> list();
    // Its `rid` is not looked at: the next free one is taken. Errors: account.exists
    [[nodiscard]] Result<void> add(const AccountRow& account);
    [[nodiscard]] Result<void> remove(std::string_view name);  // Errors: account.missing
    // In the place of what was. Errors: account.missing
    [[nodiscard]] Result<void> set_membership(std::string_view name, const Membership& membership);
    // "S-1-5-21-1-2-3"
    [[nodiscard]] Result<std::string> machine_sid();

private:
    struct State;
    explicit AccountsDatabase(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::storage
