// Which account a connection was proven to be. Its identity has the account's name, and a name may be given
// to another account later; the number says which of them it was.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "auth/mechanism.h"
#include "channel/server_connection.h"
#include "net/worker_pool.h"
#include "service/access/basic_verifier.h"
#include "state/account_store.h"

namespace mullion::service {

// Nothing before somebody was proven, and where it was nobody of the account store.
using ProvenAccount = std::optional<state::AccountKey>;

// The engine of a handshake; `out`, which must outlive it, has who was proven by it. Null for null.
[[nodiscard]] std::unique_ptr<auth::Acceptor> noting(std::unique_ptr<auth::Acceptor> engine,
                                                     ProvenAccount& out);

// The same of Basic, for one connection. Both must outlive it.
class NotingVerifier final : public channel::BasicVerifier {
public:
    NotingVerifier(AccountVerifier& verifier, ProvenAccount& out) : verifier_(verifier), out_(out) {}
    [[nodiscard]] net::Task<Result<auth::Identity>> verify(std::string token,
                                                           channel::LogonAttempt& attempt) override;
    [[nodiscard]] std::string fingerprint(std::string_view token) const override {
        return verifier_.fingerprint(token);
    }

private:
    AccountVerifier& verifier_;
    ProvenAccount& out_;
};

// Whether it is still there, as the accounts are now. Waits only where they have changed. Errors:
// state.database
[[nodiscard]] net::Task<Result<bool>> still_there(state::AccountStore& accounts, net::WorkerPool& workers,
                                                  state::AccountKey account);

}  // namespace mullion::service
