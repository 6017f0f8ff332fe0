// The attacks, by name. Each has a monitor of its own, and says what its exit status must be.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "link.h"

namespace mullion::attacks {

constexpr int in_order = 0;      // The monitor's exit status when the socket is closed.
constexpr int broken_rules = 4;  // When it was told what is no message.

struct Attack {
    std::string name;
    int status = in_order;
    std::function<void(Link&)> run;
};

[[nodiscard]] std::vector<Attack> named_attacks(const Scene& scene);
// `messages` at random, and at the end what is none.
[[nodiscard]] Attack random_attack(std::uint64_t seed, unsigned messages, const Scene& scene);

}  // namespace mullion::attacks
