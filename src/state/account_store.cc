#include "state/account_store.h"

#include "state/account_rules.h"
#include "state/groups.h"

namespace mullion::state {

Result<std::optional<auth::AccountRecord>> AccountStore::find(std::string_view user) {
    const auto backslash = user.rfind('\\');
    if (backslash != std::string_view::npos) user.remove_prefix(backslash + 1);
    const std::lock_guard lock(mutex_);
    MULLION_ASSIGN(auto row, database_->find(user));
    if (!row) return std::optional<auth::AccountRecord>();
    auth::AccountRecord record;
    record.user = std::move(row->name);
    // Neither hash: PAM is asked.
    if (row->argon2 != password_by_pam) {
        record.nt_hash = std::move(row->nt_hash);
        record.argon2 = std::move(row->argon2);
    }
    record.administrator = row->administrator;
    record.unix_user = std::move(row->unix_user);
    return std::optional<auth::AccountRecord>(std::move(record));
}

Result<std::optional<AccountSids>> AccountStore::sids(std::string_view account) {
    const std::lock_guard lock(mutex_);
    MULLION_ASSIGN(const auto row, database_->find(account));
    if (!row) return std::optional<AccountSids>();
    MULLION_ASSIGN(const auto sid, account_sid(*database_, *row));
    return std::optional<AccountSids>({sid, group_sids({row->administrator, row->groups})});
}

}  // namespace mullion::state
