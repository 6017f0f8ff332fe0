// What `mullion user` does to a state directory.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "state/account_rules.h"
#include "state/groups.h"
#include "storage/database.h"

namespace mullion::state {

// The Unix user whom an account's shells run as. Root may name anybody, and by default the user of the
// account's own name; uid 0 only with `allow_root`. Everybody else may only let shells run as themselves.
// Errors: account.invalid
[[nodiscard]] Result<std::string> choose_unix_user(const std::string& account, const std::string& wanted,
                                                   bool allow_root);

// Makes the directory when it is missing. Errors: account.exists, account.invalid, state.…
[[nodiscard]] Result<void> add_account(const std::string& state, const NewAccount& account);
struct AccountList {
    rights::Sid machine;
    std::vector<storage::AccountRow> rows;
};
[[nodiscard]] Result<AccountList> list_accounts(const std::string& state);
// What it is in now. Errors: account.missing, account.invalid
[[nodiscard]] Result<storage::Membership> change_groups(const std::string& state, const std::string& name,
                                                        const std::vector<std::string>& add,
                                                        const std::vector<std::string>& remove);
// A Unix user whom no account is left for may run no more shells. Errors: account.missing
[[nodiscard]] Result<void> delete_account(const std::string& state, const std::string& name);

}  // namespace mullion::state
