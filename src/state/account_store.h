// The accounts of the service as authentication wants them. Called on worker threads, several at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
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

// One account. A name may be used again, when its account is deleted; the number never is.
struct AccountKey {
    std::string name;  // As the account spells it.
    std::uint32_t number = 0;
};

// While it lives: the account that this thread's last look-up gave. Engines that log people on know names
// only; whoever runs a step of one learns by this whom it was about. One at a time in a thread.
class LookedUp {
public:
    LookedUp();
    ~LookedUp();
    LookedUp(const LookedUp&) = delete;
    LookedUp& operator=(const LookedUp&) = delete;
    [[nodiscard]] const std::optional<AccountKey>& account() const { return account_; }

private:
    friend class AccountStore;
    std::optional<AccountKey> account_;
};

// Which accounts there are.
class PresentAccounts {
public:
    using Numbers = std::map<std::string, std::uint32_t, std::less<>>;
    PresentAccounts(const rights::Sid& machine, Numbers numbers);

    [[nodiscard]] bool has(const AccountKey& account) const;
    // It was one of this machine's, and is no more.
    [[nodiscard]] bool deleted(const rights::Sid& account) const;

private:
    rights::Sid machine_;
    Numbers by_name_;
    std::vector<std::uint32_t> all_;  // In order.
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

    // Another one after every change of an account. Cheap; waits for nobody.
    [[nodiscard]] storage::FileMark mark() const { return database_->mark(); }
    using Present = std::shared_ptr<const PresentAccounts>;
    // What was read last, where nothing has changed since. Null: it must be read. Cheap; waits for no reader.
    [[nodiscard]] Present known_present() const;
    [[nodiscard]] Result<Present> present();

private:
    std::mutex mutex_;  // A look-up takes microseconds; one connection is enough.
    std::unique_ptr<storage::AccountsDatabase> database_;
    mutable std::mutex present_mutex_;
    Present present_;
    storage::FileMark present_mark_;  // Of the file just before that was read.
};

}  // namespace mullion::state
