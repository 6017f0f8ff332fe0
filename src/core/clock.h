// Time is injected, so that tests need no sleeps.
#pragma once

#include <chrono>

namespace mullion {

using Duration = std::chrono::milliseconds;
using MonotonicTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual MonotonicTime now() const = 0;
    [[nodiscard]] virtual WallTime wall() const = 0;
};

// The machine's clocks.
[[nodiscard]] const Clock& system_clock();

// Stands still until told otherwise.
class ManualClock final : public Clock {
public:
    [[nodiscard]] MonotonicTime now() const override { return now_; }
    [[nodiscard]] WallTime wall() const override { return wall_; }
    void advance(Duration by) {
        now_ += by;
        wall_ += by;
    }

private:
    MonotonicTime now_{};
    WallTime wall_{std::chrono::hours(24 * 365 * 56)};
};

}  // namespace mullion
