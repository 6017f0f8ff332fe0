// Whether who maps certificates to an account knows its password. That is a way to guess it, so it passes the
// doorkeeper as a log-on does: held up after failures, and a line in the log of each.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "auth/mechanism.h"
#include "channel/doorkeeper.h"
#include "core/secret.h"
#include "net/task.h"
#include "state/account_store.h"

namespace mullion::service {

class MappingPasswords {
public:
    // AccountVerifier's.
    using Verify = std::function<net::Task<Result<auth::Identity>>(
        std::string token, channel::LogonAttempt& attempt, std::optional<state::AccountKey>& found)>;
    // Whether it is there now. On a worker. Errors: state.database
    using Present = std::function<Result<bool>(const state::AccountKey&)>;

    // The doorkeeper must outlive it.
    MappingPasswords(Verify verify, Present present, channel::Doorkeeper& doorkeeper)
        : verify_(std::move(verify)), present_(std::move(present)), doorkeeper_(doorkeeper) {}

    struct Asked {
        std::string user;     // Whose password it is said to be.
        std::string asker;    // Who says so,
        std::string address;  // and from where.
    };
    // On the connection's thread, which it holds up as long as a log-on would be. The account that it is of.
    // Errors: auth.rejected, http.busy, state.…
    [[nodiscard]] net::Task<Result<state::AccountKey>> check(Asked asked, const Secret& password);
    // Whether what was checked is still so, where nobody can change accounts meanwhile: as the change is
    // made. On a worker. Errors: auth.rejected, state.…
    [[nodiscard]] Result<void> still(const state::AccountKey& account) const;

private:
    [[nodiscard]] net::Task<Result<state::AccountKey>> verify(channel::LogonAttempt attempt,
                                                              const Secret& password);

    Verify verify_;
    Present present_;
    channel::Doorkeeper& doorkeeper_;
};

}  // namespace mullion::service
