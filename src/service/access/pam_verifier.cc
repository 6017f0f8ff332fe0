#include "service/access/pam_verifier.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "auth/basic.h"
#include "service/access/linux_users.h"
#include "service/requests/visit.h"

namespace mullion::service {
namespace {

net::Task<void> pause(Duration how_long) {
    const net::Executor here = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(here, how_long);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

// On the link's executor, where tokens are counted.
net::Task<os::LogonEnded> log_on_there(MonitorLink& link, os::LogonRequest request,
                                       std::optional<Duration>& taken) {
    request.token = link.next_token();
    auto asking = link.log_on(std::move(request), &taken);
    co_return co_await std::move(asking);
}

// What is not let_in, for the log: the client hears 401, or 503.
Error refusal(const os::LogonEnded& ended) {
    using What = os::LogonEnded::What;
    switch (ended.what) {
        case What::busy:
            return {ErrorId::http_busy, ended.detail};
        case What::expired:
            return {ErrorId::auth_rejected,
                    "the password is right, and the account or it has expired: " + ended.detail};
        case What::broken:
            return {ErrorId::auth_rejected, "PAM could not say: " + ended.detail};
        default:
            return {ErrorId::auth_rejected, ended.detail};
    }
}

}  // namespace

void RefusalTimes::add(Duration taken) {
    const std::lock_guard lock(mutex_);
    times_[count_++ % most] = taken;
}

Duration RefusalTimes::like_one(Random& random) const {
    std::array<std::uint8_t, 2> drawn{};
    random.fill(drawn);
    const unsigned number = drawn[0] * 256U + drawn[1];
    const std::lock_guard lock(mutex_);
    if (count_ != 0) return times_[number % std::min(count_, most)];
    return usual / 2 + Duration(number % static_cast<unsigned>(usual.count()));
}

net::Task<Result<auth::Identity>> PamVerifier::verify_account(std::string token,
                                                              channel::LogonAttempt& attempt,
                                                              std::optional<state::AccountKey>& found) {
    auto claimed = auth::parse_basic_token(token);
    auto checking = own_.check(std::move(token));
    wipe(token);
    auto checked = co_await std::move(checking);
    if (!checked.ok()) co_return std::move(checked).error();
    found = checked->account;
    if (!claimed) co_return std::move(checked->word);
    if (checked->known && !checked->by_pam) {
        if (checked->word.ok()) co_return std::move(checked->word);
        auto task =
            link_.wait_as_asked(std::move(claimed->user), attempt.address, refusals_.like_one(random_));
        auto waiting = visit(link_.executor(), std::move(task));
        const bool waited = co_await std::move(waiting);
        if (waited) co_return std::move(checked->word);
        co_return Error{ErrorId::http_busy, "too many wait for PAM"};
    }
    attempt.inside = "PAM";
    const std::string only = checked->by_pam ? checked->by_pam->unix_user() : std::string();
    std::string user = checked->by_pam ? only : std::move(claimed->user);
    auto password = std::make_shared<const Secret>(std::move(claimed->password));
    auto asking = ask(std::move(user), std::move(password), attempt.address, only);
    auto unix_user = co_await std::move(asking);
    if (!unix_user.ok()) co_return std::move(unix_user).error();
    if (checked->by_pam) co_return std::move(*checked->by_pam);
    co_return auth::Identity(linux_account(*unix_user), auth::Transport::basic, false, *unix_user);
}

net::Task<Result<std::string>> PamVerifier::ask(std::string user, std::shared_ptr<const Secret> password,
                                                std::string address, std::string only) {
    using What = os::LogonEnded::What;
    os::LogonRequest request;
    request.user = std::move(user);
    request.address = std::move(address);
    request.password = std::move(password);
    std::optional<Duration> taken;
    auto task = log_on_there(link_, std::move(request), taken);
    auto there = visit(link_.executor(), std::move(task));
    os::LogonEnded ended = co_await std::move(there);
    const bool let_in = ended.what == What::let_in;
    if (let_in && (only.empty() || ended.unix_user == only)) co_return std::move(ended.unix_user);
    if (let_in)
        ended = {
            0, What::denied, {}, "PAM let in " + ended.unix_user + ", who is not the account's Linux user"};
    // Only a wrong password is held up by PAM itself. Who may not come in although his is right must not
    // learn by the clock that it is.
    if (ended.what == What::refused && taken) {
        refusals_.add(*taken);
    } else if (ended.what != What::busy) {
        const Duration like = refusals_.like_one(random_), so_far = taken.value_or(Duration(0));
        if (like > so_far) co_await pause(like - so_far);
    }
    co_return refusal(ended);
}

}  // namespace mullion::service
