// Fairness among the connections of one thread: a peer that always has more bytes ready than we can take
// would keep every other connection, every timer and Ctrl-C waiting.
#pragma once

#include <algorithm>
#include <cstddef>

namespace mullion::net {

class Turn {
public:
    // So many bytes were read without waiting. When true, the next read must wait for the reactor, even if
    // there is more: everybody else on the thread gets a turn then.
    [[nodiscard]] bool over(std::size_t bytes) {
        taken_ += std::max(bytes, least);
        if (taken_ < most) return false;
        taken_ = 0;
        return true;
    }
    void begin() { taken_ = 0; }

private:
    static constexpr std::size_t most = 256 * 1024;
    static constexpr std::size_t least = 1024;  // What a read costs, however little it brings.
    std::size_t taken_ = 0;
};

}  // namespace mullion::net
