#include "aws/refreshing.h"

#include <algorithm>
#include <chrono>

namespace mullion::aws {
namespace {

constexpr auto advisory = std::chrono::minutes(15);
constexpr auto mandatory = std::chrono::minutes(10);
constexpr auto pause_after_failure = std::chrono::minutes(1);

}  // namespace

RefreshingCredentials::Age RefreshingCredentials::age() const {
    if (!current_) return Age::mandatory;
    if (!current_->expires) return Age::good;
    const WallTime::duration session = *current_->expires - *fetched_;
    const auto left = *current_->expires - clock_.wall();
    if (left <= std::min<WallTime::duration>(mandatory, session / 6)) return Age::mandatory;
    return left <= std::min<WallTime::duration>(advisory, session / 3) ? Age::advisory : Age::good;
}

// With fetching_ held.
Outcome<CredentialProvider::Shared> RefreshingCredentials::fetch() {
    auto fetched = source_->fetch();
    if (!fetched.ok()) return std::move(fetched.failure());
    const auto now = clock_.wall();
    if (fetched.value().expires && *fetched.value().expires <= now) {
        return failure(Cause::credential_expired,
                       Error(ErrorId::aws_credentials,
                             source_->description() + " gives credentials that have expired already"));
    }
    const std::lock_guard lock(kept_);
    current_ = std::make_shared<const Credentials>(std::move(fetched.value()));
    fetched_ = now;
    not_before_.reset();
    notes_ = source_->notes();
    return Shared(current_);
}

// `present` is still good. Where another thread has forgotten it meanwhile, whoever uses it hears of that
// from the service, as that one did.
Outcome<CredentialProvider::Shared> RefreshingCredentials::get_advised(const Shared& present) {
    {
        const std::lock_guard lock(kept_);
        if (not_before_ && clock_.wall() < *not_before_) return present;
    }
    const std::unique_lock fetching(fetching_, std::try_to_lock);
    if (!fetching.owns_lock()) return present;
    {
        const std::lock_guard lock(kept_);
        if (current_ != present && current_) return Shared(current_);  // Somebody was quicker.
    }
    if (auto fetched = fetch(); fetched.ok()) return fetched;
    const std::lock_guard lock(kept_);
    not_before_ = clock_.wall() + pause_after_failure;
    return present;
}

Outcome<CredentialProvider::Shared> RefreshingCredentials::get() {
    const auto look = [this]() -> std::pair<Age, Shared> {
        const std::lock_guard lock(kept_);
        return {age(), current_};
    };
    auto [found, present] = look();
    if (found == Age::good) return present;
    if (found == Age::advisory) return get_advised(present);
    const std::lock_guard fetching(fetching_);
    auto [now, newer] = look();
    if (now != Age::mandatory) return newer;
    return fetch();
}

void RefreshingCredentials::forget(const Shared& refused) {
    const std::lock_guard lock(kept_);
    if (current_ == refused) current_.reset();
}

std::vector<std::string> RefreshingCredentials::notes() const {
    const std::lock_guard lock(kept_);
    return notes_;
}

}  // namespace mullion::aws
