#include "state/account_admin.h"

#include <algorithm>

#include <fmt/core.h>

#include "os/user.h"
#include "state/shell_users.h"
#include "state/state_directory.h"

namespace mullion::state {
namespace {

using storage::AccountsDatabase;

Error invalid(std::string what) {
    return {ErrorId::account_invalid, std::move(what)};
}

// An existing directory: looking at or deleting accounts makes none.
Result<StateDirectory> open_existing(const std::string& state) {
    if (!os::file_exists(state))
        return Error{ErrorId::state_directory, fmt::format("{}: there is no such directory", state)};
    return StateDirectory::open(state);
}

// Only root's list counts, so only root keeps one.
Result<void> allow_shells(const StateDirectory& directory, const std::string& unix_user) {
    if (!os::is_root()) return {};
    MULLION_ASSIGN(auto users, read_shell_users(directory.shell_users()));
    users.push_back(unix_user);
    return write_shell_users(directory.shell_users(), std::move(users));
}

Result<void> forbid_shells(const StateDirectory& directory, const std::string& unix_user) {
    if (!os::is_root()) return {};
    MULLION_ASSIGN(auto users, read_shell_users(directory.shell_users()));
    std::erase(users, unix_user);
    return write_shell_users(directory.shell_users(), std::move(users));
}

Result<std::unique_ptr<AccountsDatabase>> open_database(const StateDirectory& directory) {
    return AccountsDatabase::open(directory.accounts(), AccountsDatabase::Mode::read_write);
}

Result<bool> exists(const StateDirectory& directory, const std::string& name) {
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto database, open_database(directory));
    MULLION_ASSIGN(const auto row, database->find(name));
    return row.has_value();
}

}  // namespace

Result<std::string> choose_unix_user(const std::string& account, const std::string& wanted, bool allow_root) {
    if (!os::is_root()) {
        MULLION_ASSIGN(const os::User self, os::current_user());
        if (wanted.empty() || wanted == self.name) return self.name;
        return invalid(
            fmt::format("--as {}: only root can let shells run as somebody else than {}", wanted, self.name));
    }
    const std::string& name = wanted.empty() ? account : wanted;
    MULLION_ASSIGN(const auto user, os::find_user(name));
    if (!user && wanted.empty())
        return invalid(
            fmt::format("this machine has no user {}; say with --as UNIXUSER whom its shells run as", name));
    if (!user) return invalid(fmt::format("--as {}: this machine has no such user", name));
    if (user->uid == 0 && !allow_root)
        return invalid(fmt::format("shells as {} (uid 0) need --allow-root", name));
    return user->name;
}

Result<void> add_account(const std::string& state, const NewAccount& account) {
    MULLION_ASSIGN(const auto row, make_account(account));
    MULLION_ASSIGN(StateDirectory directory, StateDirectory::open(state));
    MULLION_ASSIGN(const auto change, directory.change());
    MULLION_ASSIGN(const bool there, exists(directory, row.name));
    // The list first: whoever is killed between the two can say the same again. An account that was there
    // already must change nothing.
    if (!there) MULLION_TRY(allow_shells(directory, row.unix_user));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto database, open_database(directory));
    return database->add(row);
}

Result<AccountList> list_accounts(const std::string& state) {
    MULLION_ASSIGN(const StateDirectory directory, open_existing(state));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto database, open_database(directory));
    AccountList out;
    MULLION_ASSIGN(out.machine, machine_sid(*database));
    MULLION_ASSIGN(out.rows, database->list());
    return out;
}

Result<storage::Membership> change_groups(const std::string& state, const std::string& name,
                                          const std::vector<std::string>& add,
                                          const std::vector<std::string>& remove) {
    MULLION_ASSIGN(StateDirectory directory, open_existing(state));
    MULLION_ASSIGN(const auto change, directory.change());
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto database, open_database(directory));
    MULLION_ASSIGN(auto row, database->find(name));
    if (!row) return Error{ErrorId::account_missing, name};
    MULLION_ASSIGN(auto membership, changed({row->administrator, std::move(row->groups)}, add, remove));
    MULLION_TRY(database->set_membership(name, membership));
    return membership;
}

Result<void> delete_account(const std::string& state, const std::string& name) {
    MULLION_ASSIGN(StateDirectory directory, open_existing(state));
    MULLION_ASSIGN(const auto change, directory.change());
    std::string unix_user;
    bool needed = false;
    {
        MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
        MULLION_ASSIGN(const auto database, open_database(directory));
        MULLION_ASSIGN(const auto row, database->find(name));
        if (!row) return Error{ErrorId::account_missing, name};
        unix_user = row->unix_user;
        MULLION_ASSIGN(const auto all, database->list());
        needed = std::count_if(all.begin(), all.end(),
                               [&](const auto& one) { return one.unix_user == unix_user; }) > 1;
    }
    // The list first: whoever is killed between the two has withdrawn the right, and can say the same again.
    if (!needed) MULLION_TRY(forbid_shells(directory, unix_user));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto database, open_database(directory));
    return database->remove(name);
}

}  // namespace mullion::state
