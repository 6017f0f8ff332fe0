// Tokens that were accepted, for as long as they could be accepted again (RFC 4120 3.2.3). Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/clock.h"

namespace mullion::kerberos {

class ReplayCache {
public:
    // `window` is for how long a token may be accepted after it was first.
    ReplayCache(const Clock& clock, Duration window, std::size_t most = 4'000'000)
        : clock_(clock), window_(window), most_(most), turned_(clock.now()) {}

    enum class Seen { never, before, full };
    // Remembers `tag` when it is new.
    [[nodiscard]] Seen remember(std::string_view tag);

private:
    const Clock& clock_;
    const Duration window_;
    const std::size_t most_;  // Of one generation.
    std::mutex mutex_;
    MonotonicTime turned_;
    // Of this window and of the last one: each tag stays for one window at least and two at most.
    std::unordered_set<std::string> now_, before_;
};

}  // namespace mullion::kerberos
