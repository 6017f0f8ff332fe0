#include "core/clock.h"

namespace mullion {
namespace {

class SystemClock final : public Clock {
public:
    [[nodiscard]] MonotonicTime now() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wall() const override { return std::chrono::system_clock::now(); }
};

}  // namespace

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

}  // namespace mullion
