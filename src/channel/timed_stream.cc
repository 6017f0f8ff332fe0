#include "channel/timed_stream.h"

#include <algorithm>

namespace mullion::channel {
namespace {

constexpr Duration certificate_patience{30'000};  // As for the first handshake.

}  // namespace

net::Task<Result<std::size_t>> PacketTimeoutStream::read_some(std::span<char> into) {
    inner_.expires_at(begun_ ? begun_at_ + packet_ : system_clock().now() + idle_);
    auto got = co_await inner_.read_some(into);
    if (got.ok() && *got > 0 && !begun_) {
        begun_ = true;
        begun_at_ = system_clock().now();
    }
    co_return got;
}

net::Task<Result<void>> PacketTimeoutStream::write(std::string_view bytes) {
    inner_.expires_at(system_clock().now() + packet_);
    co_return co_await inner_.write(bytes);
}

// Within the time of the request that needs it.
net::Task<Result<void>> PacketTimeoutStream::request_certificate(std::size_t keep) {
    const auto patience = system_clock().now() + certificate_patience;
    inner_.expires_at(begun_ ? std::min(begun_at_ + packet_, patience) : patience);
    co_return co_await inner_.request_certificate(keep);
}

}  // namespace mullion::channel
