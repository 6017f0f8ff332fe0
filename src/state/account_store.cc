#include "state/account_store.h"

#include <algorithm>
#include <cassert>

#include "state/account_rules.h"
#include "state/groups.h"

namespace mullion::state {
namespace {

thread_local LookedUp* listener = nullptr;

}  // namespace

LookedUp::LookedUp() {
    assert(listener == nullptr);
    listener = this;
}

LookedUp::~LookedUp() {
    listener = nullptr;
}

PresentAccounts::PresentAccounts(const rights::Sid& machine, Numbers numbers)
    : machine_(machine), by_name_(std::move(numbers)) {
    for (const auto& [name, number] : by_name_) all_.push_back(number);
    std::sort(all_.begin(), all_.end());
}

bool PresentAccounts::has(const AccountKey& account) const {
    const auto found = by_name_.find(account.name);
    return found != by_name_.end() && found->second == account.number;
}

bool PresentAccounts::deleted(const rights::Sid& account) const {
    const auto number = account.sub_authorities().back();
    return machine_.with_rid(number) == account && !std::binary_search(all_.begin(), all_.end(), number);
}

Result<std::optional<auth::AccountRecord>> AccountStore::find(std::string_view user) {
    const auto backslash = user.rfind('\\');
    if (backslash != std::string_view::npos) user.remove_prefix(backslash + 1);
    const std::lock_guard lock(mutex_);
    MULLION_ASSIGN(auto row, database_->find(user));
    if (!row) return std::optional<auth::AccountRecord>();
    if (listener != nullptr) listener->account_ = {row->name, row->rid};
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

AccountStore::Present AccountStore::known_present() const {
    const auto now = mark();
    const std::lock_guard lock(present_mutex_);
    return present_mark_ == now ? present_ : nullptr;
}

Result<AccountStore::Present> AccountStore::present() {
    const auto before = mark();  // What is changed from now on makes it another one.
    Present read;
    {
        const std::lock_guard lock(mutex_);
        MULLION_ASSIGN(const auto machine, machine_sid(*database_));
        MULLION_ASSIGN(auto numbers, database_->numbers());
        read = std::make_shared<const PresentAccounts>(machine, std::move(numbers));
    }
    const std::lock_guard lock(present_mutex_);
    present_ = read;
    present_mark_ = before;
    return read;
}

}  // namespace mullion::state
