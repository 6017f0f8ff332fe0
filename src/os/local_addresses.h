// The addresses of this machine's network cards.
#pragma once

#include <string>
#include <vector>

namespace mullion::os {

struct LocalAddress {
    std::string text;  // "10.0.2.15", "fe80::1%eth0"
    std::string card;  // "00-11-22-AA-BB-CC"; empty where it has none of its own.
    bool version_6 = false;
    bool operator==(const LocalAddress&) const = default;
};

// Of those that are up: version 4 before version 6, each sorted. Nothing when they cannot be asked for.
[[nodiscard]] std::vector<LocalAddress> local_addresses();

}  // namespace mullion::os
