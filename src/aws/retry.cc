#include "aws/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace mullion::aws {

bool RetryTokens::take(int cost) {
    int had = tokens_.load();
    do {
        if (had < cost) return false;
    } while (!tokens_.compare_exchange_weak(had, had - cost));
    return true;
}

void RetryTokens::give(int tokens) {
    int had = tokens_.load();
    while (!tokens_.compare_exchange_weak(had, std::min(had + tokens, capacity))) {
    }
}

Decision RetryPolicy::after(ErrorClass what, std::optional<Duration> wanted, bool dated) {
    ++attempts_;
    switch (what) {
        case ErrorClass::throttle:
            if (attempts_ >= most_throttled) return GiveUp{};
            return later(throttle_base, RetryTokens::throttle_cost, wanted);
        case ErrorClass::transient:
            if (attempts_ >= most_transient) return GiveUp{};
            return later(transient_base, RetryTokens::transient_cost, wanted);
        case ErrorClass::refresh:
            if (std::exchange(refreshed_, true)) return GiveUp{};
            return RefreshAndAgain{};
        case ErrorClass::clock:
            if (!dated || std::exchange(corrected_, true)) return GiveUp{};
            return CorrectAndAgain{};
        case ErrorClass::final:
            break;
    }
    return GiveUp{};
}

// Full jitter: rand x min(base x 2^i, 20 s). What the service asks for counts, up to five seconds more than
// that.
Decision RetryPolicy::later(Duration base, int cost, std::optional<Duration> wanted) {
    if (!tokens_.take(cost)) return GiveUp{};
    paid_ = cost;
    const auto doubled = base * (std::int64_t{1} << std::min(delayed_++, 16));
    const auto pause = drawn(std::min<Duration>(doubled, longest));
    if (!wanted) return Again{pause};
    return Again{std::clamp<Duration>(*wanted, pause, pause + std::chrono::seconds(5))};
}

Duration RetryPolicy::drawn(Duration most) {
    std::array<std::uint8_t, 4> bytes{};
    random_.fill(bytes);
    std::uint64_t value = 0;
    for (const auto byte : bytes) value = (value << 8) | byte;
    return Duration(static_cast<Duration::rep>((value * static_cast<std::uint64_t>(most.count())) >> 32));
}

void RetryPolicy::succeeded() {
    tokens_.give(paid_ != 0 ? paid_ : 1);
}

std::optional<Duration> parse_retry_after(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return Duration(value);
}

}  // namespace mullion::aws
