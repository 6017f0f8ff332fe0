#include "service/access/tokens.h"

#include <algorithm>

#include <fmt/core.h>

#include "os/user.h"
#include "rights/well_known.h"
#include "service/access/linux_users.h"
#include "state/groups.h"

namespace mullion::service {
namespace {

namespace sids = rights::sids;

constexpr std::uint64_t unix_authority = 22;

class PlainTokens final : public TokenSource {
public:
    SharedToken known(const auth::Identity& identity, AccountNumber /*proven*/) override {
        return identity.administrator() ? administrator_ : user_;
    }
    net::Task<Result<SharedToken>> find(const auth::Identity& identity, AccountNumber proven) override {
        co_return known(identity, proven);
    }

private:
    const SharedToken user_ = std::make_shared<const rights::Token>(rights::network_token(sids::users, {}));
    const SharedToken administrator_ =
        std::make_shared<const rights::Token>(rights::network_token(sids::users, {sids::administrators}));
};

// What Linux knows of who the shells run as. An account may have none, or one that is gone.
Result<void> add_unix(const std::string& name, const std::vector<state::GroupRule>& rules,
                      std::vector<rights::Sid>& out) {
    if (name.empty()) return {};
    MULLION_ASSIGN(const auto user, os::find_user(name));
    if (!user) return {};
    const auto groups = os::groups_of(*user);
    out.push_back(unix_user_sid(user->uid));
    for (const gid_t group : groups) out.push_back(unix_group_sid(group));
    for (const auto& rule : rules) {
        MULLION_ASSIGN(const auto group, os::find_group(rule.unix_group));
        if (!group || std::find(groups.begin(), groups.end(), *group) == groups.end()) continue;
        MULLION_ASSIGN(const auto sid, state::group_sid(rule.group));
        out.push_back(sid);
    }
    return {};
}

// An account's SID ends with its number.
bool is_proven(const rights::Token& token, AccountNumber proven) {
    return !proven || token.user.sub_authorities().back() == *proven;
}

}  // namespace

TokenSource& plain_tokens() {
    static PlainTokens tokens;
    return tokens;
}

rights::Token operator_token() {
    return {
        sids::local_system,
        {sids::administrators, sids::users, sids::everyone, sids::authenticated_users, sids::interactive}};
}

rights::Sid unix_user_sid(uid_t uid) {
    return {unix_authority, {1, uid}};
}

rights::Sid unix_group_sid(gid_t gid) {
    return {unix_authority, {2, gid}};
}

void AccountTokens::set_rules(std::vector<state::GroupRule> rules) {
    auto next = std::make_shared<const std::vector<state::GroupRule>>(std::move(rules));
    const std::lock_guard lock(mutex_);
    rules_ = std::move(next);
    kept_.clear();
}

AccountTokens::Rules AccountTokens::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}

// They are what Linux says of them, and what the rules make of their groups.
Result<SharedToken> AccountTokens::make_linux(const std::string& unix_user,
                                              const std::vector<state::GroupRule>& rules) {
    MULLION_ASSIGN(const auto user, os::find_user(unix_user));
    if (!user)
        return Error{ErrorId::auth_rejected, fmt::format("there is no Linux user {} any more", unix_user)};
    std::vector<rights::Sid> groups{sids::users};
    MULLION_TRY(add_unix(unix_user, rules, groups));
    return SharedToken(std::make_shared<const rights::Token>(
        rights::network_token(unix_user_sid(user->uid), std::move(groups))));
}

SharedToken AccountTokens::known(const auth::Identity& identity, AccountNumber proven) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(identity.user());
    if (found == kept_.end()) return nullptr;
    Kept& kept = found->second;
    // An account that was deleted and made again while a connection of the old one is open.
    if (kept.unix_user != identity.unix_user() || !(kept.accounts == accounts_.mark()) ||
        !is_proven(*kept.token, proven))
        return nullptr;
    const auto age = clock_.now() - kept.since;
    if (age < fresh || (kept.asked && age < longest_kept)) return kept.token;
    kept.asked = true;  // By whoever gets this answer.
    return nullptr;
}

net::Task<Result<SharedToken>> AccountTokens::find(const auth::Identity& identity, AccountNumber proven) {
    return look_up(identity.user(), identity.unix_user(), proven);
}

// The account may be deleted, and another of its name made, while this waits: what is found must be whom the
// connection was proven to be.
net::Task<Result<SharedToken>> AccountTokens::look_up(std::string user, std::string unix_user,
                                                      AccountNumber proven) {
    const auto rules = this->rules();
    const auto mark = accounts_.mark();  // Before they are read.
    auto job = [this, &user, &unix_user, &rules] { return make(user, unix_user, rules); };
    auto asking = workers_.run(job);
    auto made = co_await std::move(asking);
    if (made.ok() && !is_proven(**made, proven))
        co_return Error{ErrorId::auth_rejected,
                        fmt::format("the account {} that logged on was deleted: another has its name", user)};
    const std::lock_guard lock(mutex_);
    if (!made.ok())
        kept_.erase(user);
    else if (rules == rules_)  // What was made under other rules counts for this request alone.
        kept_[user] = {*made, unix_user, mark, clock_.now(), false};
    co_return made;
}

// On a worker thread.
Result<SharedToken> AccountTokens::make(const std::string& user, const std::string& unix_user,
                                        const Rules& rules) {
    if (is_linux_account(user)) return make_linux(unix_user, *rules);
    MULLION_ASSIGN(auto account, accounts_.sids(user));
    if (!account) return Error{ErrorId::auth_rejected, fmt::format("there is no account {} any more", user)};
    MULLION_TRY(add_unix(unix_user, *rules, account->groups));
    return SharedToken(std::make_shared<const rights::Token>(
        rights::network_token(account->user, std::move(account->groups))));
}

}  // namespace mullion::service
