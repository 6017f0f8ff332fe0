// What the accounts of this machine's own service are called, and its Linux users and groups: for who changes
// the service's rights at the machine itself. A host elsewhere does not tell the names of its accounts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rights/names.h"

namespace mullion::cli {

// `Unix User\NAME` and `Unix Group\NAME` are S-1-22-1-UID and S-1-22-2-GID, as Samba names and numbers them.
class AccountNames final : public rights::Names {
public:
    struct Account {
        std::string name;
        rights::Sid sid;
    };
    // Of the system by preset; in either direction, empty and nothing for what there is not.
    struct Users {
        std::optional<std::uint32_t> (*user_id)(const std::string& name);
        std::optional<std::uint32_t> (*group_id)(const std::string& name);
        std::string (*user_name)(std::uint32_t id);
        std::string (*group_name)(std::uint32_t id);
    };
    [[nodiscard]] static const Users& of_this_machine();

    explicit AccountNames(std::vector<Account> accounts, const Users& users = of_this_machine())
        : accounts_(std::move(accounts)), users_(users) {}

    // Names of accounts are found in either case, as at a log-on.
    [[nodiscard]] std::optional<rights::Sid> account(std::string_view name) const override;
    [[nodiscard]] std::string account_name(const rights::Sid& sid) const override;
    [[nodiscard]] std::string known() const override;

private:
    std::vector<Account> accounts_;
    const Users& users_;
};

// Of what `mullion user list --output json` says. Errors: usage.unsupported (it is no such list)
[[nodiscard]] Result<std::vector<AccountNames::Account>> read_accounts(const std::string& listed);

// Of the service at that state directory, which only its owner and root can read. Errors: usage.unsupported,
// with what `mullion user list` said
[[nodiscard]] Result<std::vector<AccountNames::Account>> accounts_of(const std::string& state);

}  // namespace mullion::cli
