#include "service/access/mapping_passwords.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/message.h"

namespace mullion::service {
namespace {

net::Task<void> pause(Duration how_long) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, how_long);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

// One who waits, also when the connection's coroutine is destroyed meanwhile.
class Waiting {
public:
    Waiting(channel::Doorkeeper& doorkeeper, const std::string& address)
        : doorkeeper_(doorkeeper), address_(address) {}
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { doorkeeper_.waited(address_); }

private:
    channel::Doorkeeper& doorkeeper_;
    const std::string& address_;
};

Error rejected(std::string why) {
    return {ErrorId::auth_rejected, std::move(why)};
}

}  // namespace

net::Task<Result<state::AccountKey>> MappingPasswords::verify(channel::LogonAttempt attempt,
                                                              const Secret& password) {
    const std::string user = attempt.who;
    std::string token;
    token.reserve(user.size() + 1 + password.expose().size());  // Once, so that no half copy stays behind.
    token.append(user).append(1, ':').append(password.expose());
    std::optional<state::AccountKey> found;
    auto verifying = verify_(std::move(token), attempt, found);
    wipe(token);
    const auto identity = co_await std::move(verifying);
    if (!identity.ok()) co_return identity.error();
    // A mapping is for an account of ours, and by its own name: "ann@REALM" is ann's at a log-on, until there
    // is an account that is called so.
    const bool by_realm = user.find('@') != std::string::npos;
    if (!found || found->name != identity->user() ||
        (by_realm && !http::same_without_case(found->name, user)))
        co_return rejected("there is no account " + user);
    co_return std::move(*found);
}

net::Task<Result<state::AccountKey>> MappingPasswords::check(Asked asked, const Secret& password) {
    if (asked.user.empty() || asked.user.find(':') != std::string::npos)
        co_return rejected("no account has such a name");
    const auto wait = doorkeeper_.arrives(asked.address);
    if (!wait)
        co_return Error{ErrorId::http_busy, "too many log-ons of " + asked.address + " wait after failures"};
    if (*wait > Duration(0)) {
        const Waiting waiting(doorkeeper_, asked.address);
        co_await pause(*wait);
    }
    const channel::LogonAttempt attempt{asked.user, asked.address, "CertMapping", "asked by " + asked.asker};
    auto verifying = verify(attempt, password);
    auto account = co_await std::move(verifying);
    const auto held = doorkeeper_.ended(attempt, account.ok() ? nullptr : &account.error(), *wait);
    if (held > Duration(0)) co_await pause(held);
    co_return account;
}

Result<void> MappingPasswords::still(const state::AccountKey& account) const {
    MULLION_ASSIGN(const bool there, present_(account));
    if (there) return {};
    return rejected("the account " + account.name + " was deleted meanwhile");
}

}  // namespace mullion::service
