// SQLite behind values: the only user of SQL. One connection, one thread at a time.
#pragma once

#include <cstdint>
#include <map>
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

// What a file looks like from outside; another one after every change that is committed to it.
struct FileMark {
    std::uint32_t counter = 0;  // SQLite's own: two changes may come within one tick of the file system.
    std::int64_t changed_s = 0, changed_ns = 0;
    std::int64_t size = 0;
    bool operator==(const FileMark&) const = default;
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
    // The number of each account, by its name.
    [[nodiscard]] Result<std::map<std::string, std::uint32_t, std::less<>>> numbers();
    // Two system calls. From any thread; waits for nobody.
    [[nodiscard]] FileMark mark() const;
    // "S-1-5-21-1-2-3"
    [[nodiscard]] Result<std::string> machine_sid();

private:
    struct State;
    explicit AccountsDatabase(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::storage
