#include "tickets/realms.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace mullion::tickets {
namespace {

constexpr auto left_alone = std::chrono::seconds(30);
constexpr auto asked_last = std::chrono::seconds(60);
constexpr auto known_for = std::chrono::seconds(60);
// Who was given less did not find out that nobody answers.
constexpr auto least = std::chrono::milliseconds(500);

}  // namespace

std::string Realms::key_of(const kerberos::Configuration& configuration, const std::string& realm) {
    std::string key = realm;
    if (configuration.realm != realm) return key;
    for (const auto& kdc : configuration.kdcs) key += ' ' + kdc;
    return key;
}

Result<void> Realms::check(const std::string& key, const std::string& realm) {
    const std::lock_guard lock(mutex_);
    const auto& known = realms_[key];
    const auto now = clock_.now();
    if (known.silent_until <= now) return {};
    const auto left = std::chrono::ceil<std::chrono::seconds>(known.silent_until - now);
    return Error(ErrorId::kerberos_silent, fmt::format("the realm {}, which is left alone for {} s more: {}",
                                                       realm, left.count(), known.tried));
}

std::vector<std::string> Realms::in_order(std::vector<std::string> kdcs) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    std::stable_partition(kdcs.begin(), kdcs.end(), [&](const std::string& kdc) {
        const auto found = silent_.find(kdc);
        return found == silent_.end() || found->second <= now;
    });
    return kdcs;
}

Error Realms::failed(const std::string& key, const std::string& realm, const KdcReply& reply, bool had_time) {
    const std::lock_guard lock(mutex_);
    auto& known = realms_[key];
    known.kdcs_until = {};  // They may be others by now.
    Error error(ErrorId::kerberos_silent, fmt::format("the realm {}: {}", realm, reply.tried));
    // Who refuses costs no time, and may be starting.
    if (reply.silent.empty() || !had_time) return error;
    known.silent_until = clock_.now() + left_alone;
    known.tried = reply.tried;
    error.detail += fmt::format("; it is left alone for {} s now", left_alone.count());
    return error;
}

net::Task<Result<std::vector<std::string>>> Realms::kdcs(net::Executor executor,
                                                         kerberos::Configuration configuration,
                                                         std::string realm, MonotonicTime deadline) {
    const auto key = key_of(configuration, realm);
    {
        const std::lock_guard lock(mutex_);
        const auto& known = realms_[key];
        if (clock_.now() < known.kdcs_until) co_return known.kdcs;
    }
    auto found = co_await lookup_.find(executor, configuration, realm, deadline);
    if (!found) co_return found;
    const std::lock_guard lock(mutex_);
    auto& known = realms_[key];
    known.kdcs = *found;
    known.kdcs_until = clock_.now() + known_for;
    co_return found;
}

std::shared_ptr<Places> Realms::places_of(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return realms_[key].places;
}

net::Task<Result<std::string>> Realms::ask(net::Executor executor, kerberos::Configuration configuration,
                                           kerberos::KdcRequest request, MonotonicTime deadline) {
    Places::Place place(places_of(key_of(configuration, request.realm)));
    const bool in_time = co_await place.wait(executor, deadline);
    if (!in_time)
        co_return Error(
            ErrorId::kerberos_silent,
            fmt::format("the realm {}: too many other questions wait for its KDCs", request.realm));
    co_return co_await ask_in_turn(executor, std::move(configuration), std::move(request), deadline);
}

net::Task<Result<std::string>> Realms::ask_in_turn(net::Executor executor,
                                                   kerberos::Configuration configuration,
                                                   kerberos::KdcRequest request, MonotonicTime deadline) {
    const auto key = key_of(configuration, request.realm);
    auto allowed = check(key, request.realm);
    if (!allowed) co_return std::move(allowed).error();
    auto found = co_await kdcs(executor, configuration, request.realm, deadline);
    if (!found) co_return std::move(found).error();
    auto ordered = in_order(std::move(*found));
    const bool had_time = std::chrono::steady_clock::now() + least <= deadline;
    auto reply =
        co_await ask_kdcs(executor, workers_, std::move(ordered), std::move(request.message), deadline);
    {
        const std::lock_guard lock(mutex_);
        for (const auto& kdc : reply.silent) silent_[kdc] = clock_.now() + asked_last;
    }
    if (reply.answer.empty()) co_return failed(key, request.realm, reply, had_time);
    co_return std::move(reply.answer);
}

}  // namespace mullion::tickets
