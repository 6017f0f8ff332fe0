#include "kerberos/replay_cache.h"

#include <utility>

namespace mullion::kerberos {

ReplayCache::Seen ReplayCache::remember(std::string_view tag) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    if (now - turned_ >= window_) {
        // After two windows without a log-on both are old.
        before_ = now - turned_ >= 2 * window_ ? std::unordered_set<std::string>() : std::move(now_);
        now_.clear();
        turned_ = now;
    }
    std::string key(tag);
    if (before_.contains(key)) return Seen::before;
    if (now_.size() >= most_) return now_.contains(key) ? Seen::before : Seen::full;
    return now_.insert(std::move(key)).second ? Seen::never : Seen::before;
}

}  // namespace mullion::kerberos
