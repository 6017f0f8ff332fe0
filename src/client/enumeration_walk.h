// One enumeration, as values: what an answer gave, and whether more is to be asked for. Who walks sends the
// messages: Enumerate first, then Pull with context() until it has ended, Release where it is left earlier.
// DSP0226 8
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::client {

// A hostile host has no end.
struct EnumerationLimits {
    std::size_t items = std::numeric_limits<std::size_t>::max();
    std::size_t empty_batches = 10;  // One after the other.
};

// What is told then. A host that is only slow says so by a fault: w:TimedOut. DSP0226 8.4
[[nodiscard]] Error without_progress(std::size_t answers);

class EnumerationWalk {
public:
    explicit EnumerationWalk(const EnumerationLimits& limits) : limits_(limits) {}

    [[nodiscard]] bool begun() const { return begun_; }
    [[nodiscard]] bool ended() const { return ended_; }
    // What the next Pull, or the Release, names. Empty before it has begun.
    [[nodiscard]] const std::string& context() const { return context_; }

    // The items in the answer to the Enumerate, or to the last Pull. Errors: those of wsman's readers;
    // wsman.malformed for an enumeration that goes on beyond its limits
    [[nodiscard]] Result<std::vector<std::string>> take(const wsman::Message& answer);

private:
    EnumerationLimits limits_;
    std::string context_;
    std::size_t items_ = 0;
    std::size_t empty_ = 0;
    bool begun_ = false;
    bool ended_ = false;
};

}  // namespace mullion::client
