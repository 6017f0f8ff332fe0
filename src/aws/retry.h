// What comes after an attempt that failed: the table of secrets.md 2.2, as values. Pure but for the tokens,
// which all calls of a client share.
#pragma once

#include <atomic>
#include <optional>
#include <variant>

#include "aws/service_error.h"
#include "core/clock.h"
#include "core/ids.h"

namespace mullion::aws {

// Repeating is paid for, and answers pay back: where a service fails for everybody, repeating ends soon.
// The figures are those of AWS's own clients (standard mode, 2.1).
class RetryTokens {
public:
    static constexpr int capacity = 500;
    static constexpr int throttle_cost = 5;
    static constexpr int transient_cost = 14;
    explicit RetryTokens(int tokens = capacity) : tokens_(tokens) {}

    [[nodiscard]] bool take(int cost);
    void give(int tokens);
    [[nodiscard]] int left() const { return tokens_; }

private:
    std::atomic<int> tokens_;
};

struct Again {
    Duration after;
};
struct RefreshAndAgain {};  // With other credentials, at once.
struct CorrectAndAgain {};  // With the service's clock, at once.
struct GiveUp {};
using Decision = std::variant<Again, RefreshAndAgain, CorrectAndAgain, GiveUp>;

// One call's. Of one thread.
class RetryPolicy {
public:
    static constexpr int most_transient = 3;  // Attempts, the first one counted.
    static constexpr int most_throttled = 5;
    static constexpr Duration longest{20'000};
    static constexpr Duration throttle_base{1'000};
    static constexpr Duration transient_base{50};

    RetryPolicy(RetryTokens& tokens, Random& random) : tokens_(tokens), random_(random) {}

    // `wanted`: x-amz-retry-after of the answer. `dated`: it had a Date to take the skew from.
    [[nodiscard]] Decision after(ErrorClass what, std::optional<Duration> wanted, bool dated);
    // An answer came: what the last repetition cost comes back, or one token where there was none.
    void succeeded();
    [[nodiscard]] int attempts() const { return attempts_; }

private:
    [[nodiscard]] Decision later(Duration base, int cost, std::optional<Duration> wanted);
    [[nodiscard]] Duration drawn(Duration most);

    RetryTokens& tokens_;
    Random& random_;
    int attempts_ = 0;  // That failed.
    int delayed_ = 0;   // Repetitions that had to wait.
    int paid_ = 0;      // For the last of them.
    bool refreshed_ = false, corrected_ = false;
};

// "x-amz-retry-after: 1500", in milliseconds. Nothing for what is no number.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text);

}  // namespace mullion::aws
