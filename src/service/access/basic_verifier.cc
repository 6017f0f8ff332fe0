#include "service/access/basic_verifier.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "auth/account_name.h"
#include "auth/basic.h"
#include "crypto/hash.h"

namespace mullion::service {
namespace {

Secret random_key(Random& random) {
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    Secret key(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    wipe_memory(bytes.data(), bytes.size());
    return key;
}

// Counts who is in the queue, also when a coroutine is destroyed in it.
class Place {
public:
    explicit Place(std::atomic<unsigned>& inside) : inside_(inside), number_(inside_.fetch_add(1)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { inside_.fetch_sub(1); }
    [[nodiscard]] unsigned before() const { return number_; }

private:
    std::atomic<unsigned>& inside_;
    unsigned number_;
};

Result<ArgonVerifier::Checked> check_now(std::string_view token, auth::AccountLookup& accounts) {
    ArgonVerifier::Checked checked{false, Error{ErrorId::auth_rejected, {}}, std::nullopt};
    {
        const state::LookedUp looked_up;
        checked.word = auth::verify_basic(token, accounts);
        checked.account = looked_up.account();
    }
    const auto claimed = auth::parse_basic_token(token);
    if (!claimed) return checked;
    MULLION_ASSIGN(const auto account, auth::find_account(claimed->user, accounts));
    checked.known = account.has_value();
    if (account && account->argon2.empty())
        checked.by_pam.emplace(account->user, auth::Transport::basic, account->administrator,
                               account->unix_user);
    return checked;
}

}  // namespace

ArgonVerifier::ArgonVerifier(auth::AccountLookup& accounts, Random& random)
    : accounts_(accounts), key_(random_key(random)) {}

net::Task<Result<auth::Identity>> AccountVerifier::verify(std::string token, channel::LogonAttempt& attempt) {
    std::optional<state::AccountKey> found;
    auto verifying = verify_account(std::move(token), attempt, found);
    wipe(token);
    co_return co_await std::move(verifying);
}

net::Task<Result<ArgonVerifier::Checked>> ArgonVerifier::check(std::string token) {
    const Place place(inside_);
    if (place.before() >= at_a_time + most_waiting)
        co_return Error{ErrorId::http_busy, "too many passwords are being checked"};
    const Secret held(token);
    wipe(token);
    auto job = [this, &held] { return check_now(held.expose(), accounts_); };
    auto task = workers_.run(job);
    co_return co_await std::move(task);
}

net::Task<Result<auth::Identity>> ArgonVerifier::verify_account(std::string token,
                                                                channel::LogonAttempt& /*attempt*/,
                                                                std::optional<state::AccountKey>& found) {
    auto checking = check(std::move(token));
    wipe(token);
    auto checked = co_await std::move(checking);
    if (!checked.ok()) co_return std::move(checked).error();
    found = checked->account;
    if (checked->by_pam)
        co_return Error{ErrorId::auth_rejected,
                        fmt::format("basic: PAM has the password of {}, and is not asked: the "
                                    "service was started without --pam",
                                    checked->by_pam->user())};
    co_return std::move(checked->word);
}

std::string ArgonVerifier::fingerprint(std::string_view token) const {
    return crypto::hmac_sha256(key_.expose(), token);
}

}  // namespace mullion::service
