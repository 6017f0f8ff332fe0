// Enumerations that are open between Enumerate and the last Pull. Bound to the user who began them.
// DSP0226 8, [MS-WSMV] 3.1.4.8
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/ids.h"
#include "service/outcome.h"
#include "wsman/enumeration.h"

namespace mullion::service {

class Enumerations {
public:
    Enumerations(Random& random, const Clock& clock) : random_(random), clock_(clock) {}

    // How much one batch may hold: items, and bytes of their XML.
    struct Batching {
        std::uint32_t items = 1;
        std::size_t bytes = 0;
    };
    // The answer to Enumerate: with `optimize` the first batch, else only a context.
    [[nodiscard]] Outcome<wsman::Batch> open(std::string_view user, std::deque<std::string> items,
                                             bool optimize, Batching most, Duration idle_limit);
    [[nodiscard]] Outcome<wsman::Batch> pull(std::string_view user, const std::string& context,
                                             Batching most);
    [[nodiscard]] Done release(std::string_view user, const std::string& context);

    [[nodiscard]] std::uint64_t count(std::string_view user) const;
    [[nodiscard]] std::size_t bytes(std::string_view user) const;  // Of items that wait to be pulled.
    void sweep();

private:
    struct Open {
        std::string user;
        std::deque<std::string> items;
        std::size_t bytes = 0;  // Of the items.
        Duration idle_limit{};
        MonotonicTime last_used{};
    };
    Random& random_;
    const Clock& clock_;
    std::map<std::string, Open> open_;  // By context.
};

}  // namespace mullion::service
