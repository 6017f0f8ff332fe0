// Who may log on to the hosts of one kind: the accounts of FLEET.yml, in memory.
#pragma once

#include <memory>
#include <vector>

#include "auth/mechanism.h"
#include "channel/server_connection.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

class FleetAccounts final : public auth::AccountLookup, public channel::BasicVerifier {
public:
    explicit FleetAccounts(std::shared_ptr<const std::vector<Account>> accounts);

    // From any thread.
    [[nodiscard]] Result<std::optional<auth::AccountRecord>> find(std::string_view user) override;
    [[nodiscard]] bool may_block() const override { return false; }
    // Compared as they are: these passwords are for tests, and ten thousand hosts cannot pay for Argon2.
    [[nodiscard]] net::Task<Result<auth::Identity>> verify(std::string token,
                                                           channel::LogonAttempt& /*attempt*/) override;
    [[nodiscard]] std::string fingerprint(std::string_view token) const override;

private:
    [[nodiscard]] const Account* of(std::string_view user) const;
    std::shared_ptr<const std::vector<Account>> accounts_;
    Secret key_;
};

}  // namespace mullion::simulate
