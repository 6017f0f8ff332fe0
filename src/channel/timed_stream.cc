#include "channel/timed_stream.h"

namespace mullion::channel {

net::Task<Result<std::size_t>> PacketTimeoutStream::read_some(std::span<char> into) {
    inner_.expires_at(begun_ ? request_deadline_ : system_clock().now() + idle_);
    auto got = co_await inner_.read_some(into);
    if (got.ok() && *got > 0 && !begun_) {
        begun_ = true;
        request_deadline_ = system_clock().now() + packet_;
    }
    co_return got;
}

net::Task<Result<void>> PacketTimeoutStream::write(std::string_view bytes) {
    inner_.expires_at(system_clock().now() + packet_);
    co_return co_await inner_.write(bytes);
}

}  // namespace mullion::channel
