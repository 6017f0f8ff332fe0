// What the gate offers, by the connection it stands at.
#include "channel/request_gate.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include <vector>

#include "channel/tests/fake_engines.h"
#include "crypto/x509.h"

namespace mullion::channel {
namespace {

// A TLS connection that showed this certificate.
class TlsStub final : public net::Stream {
public:
    explicit TlsStub(std::string certificate) { facts_.own_certificate = std::move(certificate); }
    net::Task<Result<std::size_t>> read_some(std::span<char>) override { co_return std::size_t{0}; }
    net::Task<Result<void>> write(std::string_view) override { co_return Result<void>(); }
    void expires_at(MonotonicTime) override {}
    void close() override {}
    const net::TlsFacts* tls() const override { return &facts_; }
    std::string peer() const override { return "test"; }
    net::Executor executor() override { return context_.get_executor(); }
    bool stale() override { return false; }

private:
    boost::asio::io_context context_;
    net::TlsFacts facts_;
};

class NoBasic final : public BasicVerifier {
public:
    net::Task<Result<auth::Identity>> verify(std::string) override {
        co_return Error(ErrorId::auth_rejected, "");
    }
    std::string fingerprint(std::string_view) const override { return ""; }
};

std::size_t offers(const std::string& certificate, auth::CbtHardening hardening) {
    ServerSettings settings;
    settings.hardening = hardening;
    net::WorkerPool pool{1};
    NoBasic basic;
    ServerParts parts{
        pool,
        basic,
        [](Handshake, const auth::ChannelBinding&) { return std::make_unique<testing::FakeAcceptor>(); },
        {},
        null_logger()};
    const TlsStub stream(certificate);
    return RequestGate(settings, parts, stream).unauthorized().headers.all("WWW-Authenticate").size();
}

TEST(RequestGate, StrictWithoutABindingOffersNoNegotiate) {
    const auto made = crypto::make_self_signed({"host.test"}, std::chrono::hours(24));
    ASSERT_TRUE(made.ok());
    const auto good = crypto::certificate_der(made->certificate_pem);
    ASSERT_TRUE(good.ok());
    EXPECT_EQ(offers(*good, auth::CbtHardening::strict), 1U);
    EXPECT_EQ(offers("no certificate", auth::CbtHardening::relaxed), 1U);
    EXPECT_EQ(offers("no certificate", auth::CbtHardening::strict), 0U);
}

}  // namespace
}  // namespace mullion::channel
