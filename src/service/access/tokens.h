// What an identity is to descriptors: its SIDs. They are looked up again when an account has changed, and
// every two seconds for the groups of Linux: who was taken out of a group has lost its rights also on
// connections that are open.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "core/clock.h"
#include "net/task.h"
#include "net/worker_pool.h"
#include "rights/access.h"
#include "state/account_store.h"
#include "state/security.h"

namespace mullion::service {

using SharedToken = std::shared_ptr<const rights::Token>;
// Of the account that somebody was proven to be, where that is known: a name alone may be another's by now.
using AccountNumber = std::optional<std::uint32_t>;

// From any thread.
class TokenSource {
public:
    virtual ~TokenSource() = default;
    // What is known without waiting. Null: it must be found.
    [[nodiscard]] virtual SharedToken known(const auth::Identity& identity, AccountNumber proven) = 0;
    // Errors: auth.rejected (the account is gone, or another has its name), state.…, serve.rights (its Linux
    // user cannot be looked up)
    [[nodiscard]] virtual net::Task<Result<SharedToken>> find(const auth::Identity& identity,
                                                              AccountNumber proven) = 0;
};

// Of hosts whose accounts have no SIDs, as scripted ones: administrators or users, and no more.
[[nodiscard]] TokenSource& plain_tokens();

// Of who sits at this machine and may everything with it: root, and whom the state directory belongs to.
[[nodiscard]] rights::Token operator_token();

// "S-1-22-1-UID" and "S-1-22-2-GID", as Samba numbers users and groups of Unix.
[[nodiscard]] rights::Sid unix_user_sid(uid_t uid);
[[nodiscard]] rights::Sid unix_group_sid(gid_t gid);

// The account's SID and groups, those of the Linux user that its shells run as, and what the rules make of
// them. Of a Linux user without an account: those of Linux, Users, and what the rules make of them.
class AccountTokens final : public TokenSource {
public:
    static constexpr Duration fresh{2'000};
    static constexpr Duration longest_kept{30'000};  // While another looks it up.

    // All must outlive it.
    AccountTokens(state::AccountStore& accounts, net::WorkerPool& workers, const Clock& clock)
        : accounts_(accounts), workers_(workers), clock_(clock) {}

    void set_rules(std::vector<state::GroupRule> rules);
    [[nodiscard]] SharedToken known(const auth::Identity& identity, AccountNumber proven) override;
    [[nodiscard]] net::Task<Result<SharedToken>> find(const auth::Identity& identity,
                                                      AccountNumber proven) override;

private:
    struct Kept {
        SharedToken token;
        std::string unix_user;
        storage::FileMark accounts;  // As they were then.
        MonotonicTime since{};
        bool asked = false;  // Somebody looks it up again.
    };
    using Rules = std::shared_ptr<const std::vector<state::GroupRule>>;

    [[nodiscard]] net::Task<Result<SharedToken>> look_up(std::string user, std::string unix_user,
                                                         AccountNumber proven);
    [[nodiscard]] Result<SharedToken> make(const std::string& user, const std::string& unix_user,
                                           const Rules& rules);
    [[nodiscard]] static Result<SharedToken> make_linux(const std::string& unix_user,
                                                        const std::vector<state::GroupRule>& rules);
    [[nodiscard]] Rules rules() const;

    state::AccountStore& accounts_;
    net::WorkerPool& workers_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, Kept, std::less<>> kept_;  // By account; as many as there are accounts.
    Rules rules_ = std::make_shared<const std::vector<state::GroupRule>>();
};

}  // namespace mullion::service
