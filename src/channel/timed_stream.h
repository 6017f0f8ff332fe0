// Streams that set their own deadlines, so that the code above reads whole messages and need not think of
// time.
#pragma once

#include "core/clock.h"
#include "net/stream.h"

namespace mullion::channel {

// Passes everything on.
class StreamDecorator : public net::Stream {
public:
    explicit StreamDecorator(net::Stream& inner) : inner_(inner) {}
    [[nodiscard]] net::Task<Result<std::size_t>> read_some(std::span<char> into) override;
    [[nodiscard]] net::Task<Result<void>> write(std::string_view bytes) override;
    void expires_at(MonotonicTime when) override { inner_.expires_at(when); }
    void close() override { inner_.close(); }
    [[nodiscard]] const net::TlsFacts* tls() const override { return inner_.tls(); }
    [[nodiscard]] std::string peer() const override { return inner_.peer(); }
    [[nodiscard]] net::Executor executor() override { return inner_.executor(); }
    [[nodiscard]] bool stale() override { return inner_.stale(); }

protected:
    net::Stream& inner_;
};

// Client: every read has `quiet` time for its next byte, all of it ends at `deadline`.
class ReadTimeoutStream final : public StreamDecorator {
public:
    ReadTimeoutStream(net::Stream& inner, Duration quiet) : StreamDecorator(inner), quiet_(quiet) {}
    void deadline(MonotonicTime when) { deadline_ = when; }
    [[nodiscard]] net::Task<Result<std::size_t>> read_some(std::span<char> into) override;
    [[nodiscard]] net::Task<Result<void>> write(std::string_view bytes) override;

private:
    Duration quiet_;
    MonotonicTime deadline_ = MonotonicTime::max();
};

// Server: a connection may be idle for `idle`; once a request begins it must be whole within `packet`
// (MaxPacketRetrievalTimeSeconds), however slowly its bytes drip.
class PacketTimeoutStream final : public StreamDecorator {
public:
    PacketTimeoutStream(net::Stream& inner, Duration idle, Duration packet)
        : StreamDecorator(inner), idle_(idle), packet_(packet) {}
    void expect_request() { begun_ = false; }
    [[nodiscard]] bool in_request() const { return begun_; }
    [[nodiscard]] net::Task<Result<std::size_t>> read_some(std::span<char> into) override;
    [[nodiscard]] net::Task<Result<void>> write(std::string_view bytes) override;

private:
    Duration idle_;
    Duration packet_;
    bool begun_ = false;
    MonotonicTime request_deadline_{};
};

}  // namespace mullion::channel
