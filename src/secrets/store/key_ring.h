// Keys of scopes that were unwrapped lately: so that 10,000 values of a scope cost its manager one question.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/secret.h"

namespace mullion::secrets {

// A manager that withdraws a key is obeyed after `age` at the latest.
struct RingLimits {
    Duration age = std::chrono::minutes(5);
    std::uint64_t uses = std::uint64_t{1} << 20;
    std::size_t keys = 256;
};

class KeyRing {
public:
    explicit KeyRing(const Clock& clock, RingLimits limits = {}) : clock_(clock), limits_(limits) {}

    // Counts a use. Null: it has to be unwrapped (again).
    [[nodiscard]] std::shared_ptr<const Secret> find(const std::string& id);
    // Its first use is counted.
    std::shared_ptr<const Secret> add(const std::string& id, Secret key);
    void forget(const std::string& id) { keys_.erase(id); }

private:
    struct Held {
        std::shared_ptr<const Secret> key;
        MonotonicTime since;
        std::uint64_t uses = 0;
    };
    const Clock& clock_;
    RingLimits limits_;
    std::map<std::string, Held> keys_;
};

}  // namespace mullion::secrets
