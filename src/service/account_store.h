// The accounts of the service as authentication wants them. Called on worker threads, several at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "auth/mechanism.h"
#include "storage/database.h"

namespace mullion::service {

class AccountStore final : public auth::AccountLookup {
public:
    // Changes that `mullion user` makes while the service runs are seen.
    explicit AccountStore(std::unique_ptr<storage::AccountsDatabase> database)
        : database_(std::move(database)) {}

    // "HOST\name" is the account `name`: there are only local accounts.
    [[nodiscard]] Result<std::optional<auth::AccountRecord>> find(std::string_view user) override;

private:
    std::mutex mutex_;  // A look-up takes microseconds; one connection is enough.
    std::unique_ptr<storage::AccountsDatabase> database_;
};

}  // namespace mullion::service
