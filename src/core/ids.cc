#include "core/ids.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace mullion {
namespace {

class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        std::size_t done = 0;
        while (done < bytes.size()) {
            const auto got = ::getrandom(bytes.data() + done, bytes.size() - done, 0);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) std::abort();  // A machine without randomness must not make ids or keys.
            done += static_cast<std::size_t>(got);
        }
    }
};

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

Random& system_random() {
    static SystemRandom random;
    return random;
}

void DrawnAhead::fill(std::span<std::uint8_t> bytes) {
    for (auto& byte : bytes) {
        if (used_ == drawn_.size()) {
            source_.fill(drawn_);
            used_ = 0;
        }
        byte = std::exchange(drawn_[used_++], 0);
    }
}

void CountingRandom::fill(std::span<std::uint8_t> bytes) {
    for (auto& byte : bytes) byte = next_++;
}

std::string new_guid(Random& random) {
    std::array<std::uint8_t, 16> bytes{};
    random.fill(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);  // RFC 4122: version 4
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);  // and its variant
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 0x0F];
    }
    return text;
}

bool is_guid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

}  // namespace mullion
