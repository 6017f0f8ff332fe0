// What `mullion user` does to a state directory.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "service/account_rules.h"
#include "storage/database.h"

namespace mullion::service {

// The Unix user whom an account's shells run as. Root may name anybody, and by default the user of the
// account's own name; uid 0 only with `allow_root`. Everybody else may only let shells run as themselves.
// Errors: account.invalid
[[nodiscard]] Result<std::string> choose_unix_user(const std::string& account, const std::string& wanted,
                                                   bool allow_root);

// Makes the directory when it is missing. Errors: account.exists, account.invalid, state.…
[[nodiscard]] Result<void> add_account(const std::string& state, const NewAccount& account);
[[nodiscard]] Result<std::vector<storage::AccountRow>> list_accounts(const std::string& state);
// A Unix user whom no account is left for may run no more shells. Errors: account.missing
[[nodiscard]] Result<void> delete_account(const std::string& state, const std::string& name);

}  // namespace mullion::service
