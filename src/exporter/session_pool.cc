#include "exporter/session_pool.h"

#include <fmt/core.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <deque>

#include "crypto/hash.h"
#include "encoding/hex.h"
#include "os/terminal.h"

namespace mullion::exporter {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t key_bytes = 32;

Secret drawn_key(Random& random) {
    std::array<std::uint8_t, key_bytes> key = {};
    random.fill(key);
    Secret drawn({reinterpret_cast<const char*>(key.data()), key.size()});
    wipe_memory(key.data(), key.size());
    return drawn;
}

std::uint16_t port_of(const Auth& auth) {
    return auth.stored ? auth.stored->port() : auth.options.port;
}

}  // namespace

struct SessionPool::Place {
    std::string key;
    std::unique_ptr<client::Session> session = nullptr;
    std::string account = {};              // Of the session,
    LogonGuard::Target logon_target = {};  // and where it logs on.
    std::uint64_t generation = 0;
    bool busy = false;
    bool drop = false;
    MonotonicTime since{};                             // Not in use.
    std::deque<boost::asio::steady_timer*> waiting{};  // Scrapes, in the order in which they came.
};

SessionPool::SessionPool(net::WorkerPool& workers, std::shared_ptr<LogonGuard> guard, Make make,
                         Random& random)
    : workers_(workers), guard_(std::move(guard)), make_(std::move(make)), edition_key_(drawn_key(random)) {}

SessionPool::Lease::~Lease() {
    if (place_) pool_->give_back(place_);
}

client::Session& SessionPool::Lease::session() const {
    return *place_->session;
}

const std::string& SessionPool::Lease::account() const {
    return place_->account;
}

const LogonGuard::Target& SessionPool::Lease::logon_target() const {
    return place_->logon_target;
}

void SessionPool::Lease::drop() {
    place_->drop = true;
}

void SessionPool::give_back(const std::shared_ptr<Place>& place) {
    --in_use_;
    place->busy = false;
    place->since = steady_clock::now();
    if (place->drop || place->generation != generation_ || closed_) place->session = nullptr;
    place->drop = false;
    if (!place->waiting.empty())
        place->waiting.front()->cancel();
    else if (!place->session)
        forget(place);
    else if (places_.size() > most_)
        forget(place);
}

void SessionPool::forget(const std::shared_ptr<Place>& place) {
    const auto found = places_.find(place->key);
    if (found != places_.end() && found->second == place) places_.erase(found);
}

// One scrape after the other, in the order in which they came.
net::Task<Result<void>> SessionPool::wait_for_turn(std::shared_ptr<Place> place,
                                                   std::shared_ptr<Departure> asker, MonotonicTime deadline) {
    const net::Executor here = co_await boost::asio::this_coro::executor;
    while (place->busy && !closed_ && !asker->gone()) {
        boost::asio::steady_timer turn(here, deadline);
        place->waiting.push_back(&turn);
        asker->then([&turn] { turn.cancel(); });
        boost::system::error_code rung;
        co_await turn.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
        asker->then(nullptr);
        std::erase(place->waiting, &turn);
        if (rung) continue;
        // Woken and over time at once: the turn is the next one's.
        if (!place->busy && !place->waiting.empty()) place->waiting.front()->cancel();
        co_return Error(ErrorId::run_timeout, "another scrape of this host took all of the time");
    }
    if (closed_) co_return Error(ErrorId::run_interrupted, "the exporter ends");
    if (!asker->gone()) co_return Result<void>{};
    if (!place->busy && !place->waiting.empty()) place->waiting.front()->cancel();
    co_return Error(ErrorId::run_interrupted, "nobody waits for the answer any more");
}

client::LogonGate SessionPool::gate_of(const Place& place) {
    return [guard = guard_, account = place.account, target = place.logon_target](LogonGuard::Answer answer) {
        guard->ask(account, target, std::move(answer));
    };
}

net::Task<Result<SessionPool::Lease>> SessionPool::take(TargetName target, std::string auth_name, Auth auth,
                                                        std::shared_ptr<Departure> asker,
                                                        MonotonicTime deadline) {
    // Who waits here over a reload has the auth of before it: what that one logs on with is for this scrape
    // alone.
    const auto generation = generation_;
    auto& known = places_[auth_name + '\n' + target.text()];
    if (!known) known = std::make_shared<Place>(Place{auth_name + '\n' + target.text()});
    const auto place = known;
    auto waiting = wait_for_turn(place, std::move(asker), deadline);
    MULLION_CO_TRY(co_await std::move(waiting));
    // Forgotten while this one waited: it is there again.
    places_[place->key] = place;
    place->busy = true;
    ++in_use_;
    Lease lease(*this, place);
    if (place->session && place->generation == generation_) co_return std::move(lease);
    place->session = nullptr;
    place->generation = generation;
    const auto look = [this, &auth, &auth_name, &target] {
        auto account = LogonGuard::account(auth_name, password_edition(auth, edition_key_));
        return std::pair(std::move(account), LogonGuard::target(target, port_of(auth)));
    };
    auto looked = co_await workers_.run(look);
    place->account = std::move(looked.first);
    place->logon_target = std::move(looked.second);
    if (auto why = guard_->held(place->account, place->logon_target)) co_return std::move(*why);
    auto gate = gate_of(*place);
    const auto make = [this, &target, &auth, &gate] { return make_(target, auth, std::move(gate)); };
    auto made = co_await workers_.run(make);
    if (!made.ok()) co_return std::move(made).error();
    place->session = std::move(*made);
    co_return std::move(lease);
}

void SessionPool::renew() {
    ++generation_;
    std::erase_if(places_,
                  [](const auto& entry) { return !entry.second->busy && entry.second->waiting.empty(); });
}

void SessionPool::close() {
    closed_ = true;
    for (const auto& [key, place] : places_) {
        if (place->busy && place->session) place->session->interrupt();
        for (auto* turn : place->waiting) turn->cancel();
    }
    std::erase_if(places_, [](const auto& entry) { return !entry.second->busy; });
}

void SessionPool::sweep(MonotonicTime now) {
    std::erase_if(places_, [&](const auto& entry) {
        const auto& place = *entry.second;
        return !place.busy && place.waiting.empty() && now - place.since > idle_;
    });
}

std::string password_edition(const Auth& auth, const Secret& key) {
    if (auth.stored) return auth.stored->edition();
    if (auth.password_file.empty()) return {};
    const auto password = os::read_secret_file(auth.password_file);
    if (!password.ok() || password->empty()) return {};
    return encoding::to_hex(crypto::hmac_sha256(key.expose(), password->expose()));
}

Result<std::unique_ptr<client::Session>> make_session(client::Runtime& runtime, const TargetName& name,
                                                      const Auth& auth, client::LogonGate gate) {
    LogOn log_on{auth.options, {}};
    if (auth.is_stored()) {
        if (!auth.stored) return Error(ErrorId::secrets_store, "no secret store was opened for this auth");
        MULLION_ASSIGN(log_on, auth.stored->log_on());
    }
    auto target = std::move(log_on.options);
    target.host = name.host;
    target.name = name.text();
    if (name.port) target.port = *name.port;
    MULLION_ASSIGN(target, target::settle(std::move(target)));
    auth::Credential credential;
    credential.user = target.user;
    credential.password = std::move(log_on.password);
    if (!auth.password_file.empty()) {
        MULLION_ASSIGN(credential.password, os::read_secret_file(auth.password_file));
        if (credential.password.empty())
            return Error(ErrorId::usage_file,
                         fmt::format("{}: there is no password in it", auth.password_file));
    }
    return client::make_gated_session(runtime, std::move(target), std::move(credential), std::move(gate));
}

}  // namespace mullion::exporter
