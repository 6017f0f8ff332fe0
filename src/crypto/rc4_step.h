// One byte of RC4, for the two files that go over many; of this room only.
#pragma once

#include <cstdint>

namespace mullion::crypto {

[[gnu::always_inline]] inline void rc4_step(std::uint32_t& x, std::uint32_t& y, std::uint32_t* box,
                                            char& byte) {
    x = (x + 1) & 0xff;
    const std::uint32_t first = box[x];
    y = (y + first) & 0xff;
    const std::uint32_t second = box[y];
    box[x] = second;
    box[y] = first;
    byte = static_cast<char>(byte ^ static_cast<char>(box[(first + second) & 0xff]));
}

}  // namespace mullion::crypto
