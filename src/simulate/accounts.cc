#include "simulate/accounts.h"

#include <array>

#include "auth/account_name.h"
#include "auth/basic.h"
#include "core/ids.h"
#include "crypto/hash.h"
#include "http/message.h"

namespace mullion::simulate {

FleetAccounts::FleetAccounts(std::shared_ptr<const std::vector<Account>> accounts)
    : accounts_(std::move(accounts)) {
    std::array<std::uint8_t, 32> bytes{};
    system_random().fill(bytes);
    key_ = Secret(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

const Account* FleetAccounts::of(std::string_view user) const {
    for (const auto& account : *accounts_)
        if (http::same_without_case(account.user, user)) return &account;
    return nullptr;
}

Result<std::optional<auth::AccountRecord>> FleetAccounts::find(std::string_view user) {
    const Account* account = of(user);
    if (account == nullptr) return std::optional<auth::AccountRecord>();
    auth::AccountRecord record;
    record.user = account->user;
    record.nt_hash = account->nt_hash.clone();
    record.administrator = account->administrator;
    return std::optional<auth::AccountRecord>(std::move(record));
}

net::Task<Result<auth::Identity>> FleetAccounts::verify(std::string token,
                                                        channel::LogonAttempt& /*attempt*/) {
    const auto credential = auth::parse_basic_token(token);
    wipe(token);
    if (!credential) co_return Error{ErrorId::auth_protocol, "basic: not a user and a password"};
    for (const auto& name : auth::account_names(credential->user)) {
        const Account* account = of(name);
        if (account == nullptr || !account->password.same_as(credential->password)) continue;
        co_return auth::Identity(account->user, auth::Transport::basic, account->administrator, {});
    }
    co_return Error{ErrorId::auth_rejected, "basic: unknown user or wrong password"};
}

std::string FleetAccounts::fingerprint(std::string_view token) const {
    return crypto::hmac_sha256(key_.expose(), token);
}

}  // namespace mullion::simulate
