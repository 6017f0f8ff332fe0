// Streams that set their own deadlines, so that the code above reads whole messages and need not think of
// time.
#pragma once

#include "core/clock.h"
#include "net/stream.h"

namespace mullion::channel {

// Server: a connection may be idle for `idle`; once a request begins it must be whole within `packet`
// (MaxPacketRetrievalTimeSeconds), however slowly its bytes drip.
class PacketTimeoutStream final : public net::Stream {
public:
    PacketTimeoutStream(net::Stream& inner, Duration idle, Duration packet)
        : inner_(inner), idle_(idle), packet_(packet) {}
    void expect_request() { begun_ = false; }
    // From now on, and for the request that is being read.
    void allow(Duration idle, Duration packet) {
        idle_ = idle;
        packet_ = packet;
    }
    [[nodiscard]] bool in_request() const { return begun_; }
    [[nodiscard]] net::Task<Result<std::size_t>> read_some(std::span<char> into) override;
    [[nodiscard]] net::Task<Result<void>> write(std::string_view bytes) override;
    [[nodiscard]] net::Task<Result<void>> request_certificate(std::size_t keep) override;
    void expires_at(MonotonicTime when) override { inner_.expires_at(when); }
    void close() override { inner_.close(); }
    [[nodiscard]] const net::TlsFacts* tls() const override { return inner_.tls(); }
    [[nodiscard]] std::string peer() const override { return inner_.peer(); }
    [[nodiscard]] net::Executor executor() override { return inner_.executor(); }
    [[nodiscard]] bool stale() override { return inner_.stale(); }

private:
    net::Stream& inner_;
    Duration idle_;
    Duration packet_;
    bool begun_ = false;
    MonotonicTime begun_at_{};
};

}  // namespace mullion::channel
