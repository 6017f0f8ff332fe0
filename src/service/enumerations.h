// Enumerations that are open between Enumerate and the last Pull. Bound to the user who began them, and to
// the resource that he was let in to: rights are asked of the resource that a Pull names. DSP0226 8,
// [MS-WSMV] 3.1.4.8
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
    struct Owner {
        std::string user;
        std::string resource;  // As URIs are: in either case.
    };
    // The answer to Enumerate: with `optimize` the first batch, else only a context.
    [[nodiscard]] Outcome<wsman::Batch> open(Owner owner, std::deque<std::string> items, bool optimize,
                                             Batching most, Duration idle_limit);
    [[nodiscard]] Outcome<wsman::Batch> pull(const Owner& owner, const std::string& context, Batching most);
    [[nodiscard]] Done release(const Owner& owner, const std::string& context);

    [[nodiscard]] std::uint64_t count(std::string_view user) const;
    [[nodiscard]] std::size_t bytes(std::string_view user) const;  // Of items that wait to be pulled.
    void sweep();

private:
    struct Open {
        Owner owner;
        std::deque<std::string> items;
        std::size_t bytes = 0;  // Of the items.
        Duration idle_limit{};
        MonotonicTime last_used{};
    };
    [[nodiscard]] static bool belongs_to(const Open& one, const Owner& owner);

    Random& random_;
    const Clock& clock_;
    std::map<std::string, Open> open_;  // By context.
};

}  // namespace mullion::service
