// The accounts of the service as authentication wants them. Called on worker threads, several at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "rights/sid.h"
#include "storage/database.h"

namespace mullion::state {

// What an account is to whoever judges rights.
struct AccountSids {
    rights::Sid user;
    std::vector<rights::Sid> groups;
};

class AccountStore final : public auth::AccountLookup {
public:
    // Changes that `mullion user` makes while the service runs are seen.
    explicit AccountStore(std::unique_ptr<storage::AccountsDatabase> database)
        : database_(std::move(database)) {}

    // "HOST\name" is the account `name`: there are only local accounts.
    [[nodiscard]] Result<std::optional<auth::AccountRecord>> find(std::string_view user) override;
    // By the account's own name. Nothing when it is gone.
    [[nodiscard]] Result<std::optional<AccountSids>> sids(std::string_view account);

private:
    std::mutex mutex_;  // A look-up takes microseconds; one connection is enough.
    std::unique_ptr<storage::AccountsDatabase> database_;
};

}  // namespace mullion::state
