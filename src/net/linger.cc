#include <array>

#include "net/stream.h"

namespace mullion::net {
namespace {

constexpr auto linger_time = std::chrono::seconds(1);
constexpr std::size_t linger_bytes = 4 * 1024 * 1024;

}  // namespace

Task<void> linger(Stream& stream) {
    stream.end_writing();
    stream.expires_at(std::chrono::steady_clock::now() + linger_time);
    std::array<char, 4096> dropped;
    for (std::size_t total = 0; total < linger_bytes;) {
        const auto count = co_await stream.read_some(dropped);
        if (!count || *count == 0) co_return;
        total += *count;
    }
}

}  // namespace mullion::net
