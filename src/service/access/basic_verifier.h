// Checks Basic tokens. Argon2id takes 64 MiB and a tenth of a second on purpose, so at most two run at a
// time; a few more wait, and the rest is turned away. A connection then recognises its token by a keyed hash.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "auth/mechanism.h"
#include "channel/server_connection.h"
#include "core/ids.h"
#include "core/secret.h"
#include "net/worker_pool.h"
#include "state/account_store.h"

namespace mullion::service {

// Names are given again, numbers never: who asks by a name wants to know whom it was.
class AccountVerifier : public channel::BasicVerifier {
public:
    // As verify(); `found` is the account of the store that was looked up. Nothing: there is none of that
    // name.
    [[nodiscard]] virtual net::Task<Result<auth::Identity>> verify_account(
        std::string token, channel::LogonAttempt& attempt, std::optional<state::AccountKey>& found) = 0;
    [[nodiscard]] net::Task<Result<auth::Identity>> verify(std::string token,
                                                           channel::LogonAttempt& attempt) final;
};

class ArgonVerifier final : public AccountVerifier {
public:
    static constexpr unsigned at_a_time = 2;
    static constexpr unsigned most_waiting = 64;

    // `accounts` must outlive the verifier.
    ArgonVerifier(auth::AccountLookup& accounts, Random& random);

    // Who is in the file of accounts, and what it says.
    struct Checked {
        bool known = false;
        Result<auth::Identity> word;           // For one that PAM is to be asked about: rejected.
        std::optional<auth::Identity> by_pam;  // Who it is if PAM says so. Not set: it is not PAM's to say.
        std::optional<state::AccountKey> account{};  // Of the store, whose password was looked at.
    };
    // Takes as long for a name that is not there, and for one that PAM is to be asked about. Errors:
    // http.busy
    [[nodiscard]] net::Task<Result<Checked>> check(std::string token);

    [[nodiscard]] net::Task<Result<auth::Identity>> verify_account(
        std::string token, channel::LogonAttempt& attempt, std::optional<state::AccountKey>& found) override;
    [[nodiscard]] std::string fingerprint(std::string_view token) const override;

private:
    auth::AccountLookup& accounts_;
    Secret key_;  // Made anew for each process: the hashes are worth nothing elsewhere.
    std::atomic<unsigned> inside_{0};
    net::WorkerPool workers_{at_a_time};
};

}  // namespace mullion::service
