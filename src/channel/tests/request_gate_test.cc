// What the gate offers, by the connection it stands at.
#include "channel/request_gate.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <set>
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
    net::Task<Result<void>> request_certificate(std::size_t) override {
        ++asked;
        facts_.peer_certificate = to_show;
        co_return Result<void>{};
    }

    int asked = 0;
    std::string to_show;  // By the client, once it is asked.

private:
    boost::asio::io_context context_;
    net::TlsFacts facts_;
};

class NoBasic final : public BasicVerifier {
public:
    net::Task<Result<auth::Identity>> verify(std::string token, LogonAttempt& /*attempt*/) override {
        if (token != "ann:word") co_return Error(ErrorId::auth_rejected, "");
        co_return auth::Identity("ann", auth::Transport::basic, true, "nobody");
    }
    std::string fingerprint(std::string_view token) const override { return std::string(token); }
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
    TlsStub stream(certificate);
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

class CertificateGate : public ::testing::Test {
protected:
    CertificateGate() {
        settings.certificate = settings.basic = true;
        stream.to_show = "ann's";
    }
    // The status of what is turned away; 0 for who is let in.
    int ask(const std::string& authorization) {
        http::Request request;
        if (!authorization.empty()) request.headers.add("Authorization", authorization);
        std::optional<Result<Verdict>> verdict;
        auto asking = [&]() -> net::Task<void> { verdict.emplace(co_await gate->ask(request)); };
        boost::asio::co_spawn(context, asking(), boost::asio::detached);
        context.restart();
        context.run();
        if (const auto* away = std::get_if<TurnedAway>(&**verdict)) {
            kept = away->response.keep_alive;
            return away->response.status;
        }
        in = std::get<LetIn>(std::move(**verdict));
        EXPECT_NE(in.identity.has_value(), in.certificate.has_value());
        return 0;
    }
    void open() { gate.emplace(settings, parts, stream); }

    const std::string mutual = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";
    const std::string basic_field = "Basic YW5uOndvcmQ=";
    boost::asio::io_context context;
    ServerSettings settings;
    net::WorkerPool pool{1};
    NoBasic basic;
    std::set<std::string> believed{"ann's", "bob's"};
    ServerParts parts{pool,
                      basic,
                      [](Handshake, const auth::ChannelBinding&) { return nullptr; },
                      {},
                      null_logger(),
                      nullptr,
                      [this](std::string_view der) -> Result<crypto::ProvenCertificate> {
                          if (!believed.contains(std::string(der))) return Error(ErrorId::auth_rejected, "");
                          return crypto::ProvenCertificate{std::string(der), "issuer", "CN=x", {}};
                      }};
    TlsStub stream{""};
    std::optional<RequestGate> gate;
    LetIn in;
    bool kept = true;
};

TEST_F(CertificateGate, AsksOnceAndLetsInWhoIsBelieved) {
    open();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(ask(mutual), 0);
        ASSERT_TRUE(in.certificate);
        EXPECT_EQ(in.certificate->thumbprint, "ann's");
    }
    EXPECT_EQ(stream.asked, 1);
}

TEST_F(CertificateGate, WhoDoesNotSayThatHeMeansItIsNobody) {
    open();
    EXPECT_EQ(ask(mutual), 0);
    EXPECT_EQ(ask(""), 401);
    EXPECT_EQ(ask(mutual + "s"), 401);
}

TEST_F(CertificateGate, WhoHasNoneIsAskedOnceAndIsNobody) {
    stream.to_show = "";
    open();
    EXPECT_EQ(ask(mutual), 401);
    EXPECT_EQ(ask(mutual), 401);
    EXPECT_EQ(stream.asked, 1);
    EXPECT_EQ(ask(basic_field), 0);
}

TEST_F(CertificateGate, TrustThatIsWithdrawnEndsAtTheNextRequest) {
    open();
    EXPECT_EQ(ask(mutual), 0);
    believed.clear();
    EXPECT_EQ(ask(mutual), 401);
}

TEST_F(CertificateGate, OffersNothingWhereItIsOffOrInClear) {
    settings.certificate = false;
    open();
    EXPECT_EQ(ask(mutual), 401);
    settings.certificate = true;
    parts.verify_certificate = nullptr;
    EXPECT_EQ(ask(mutual), 401);
    EXPECT_EQ(stream.asked, 0);
}

TEST_F(CertificateGate, AConnectionHasOneOwner) {
    open();
    EXPECT_EQ(ask(mutual), 0);
    EXPECT_EQ(ask(basic_field), 401);
    EXPECT_FALSE(kept);
    gate.emplace(settings, parts, stream);
    EXPECT_EQ(ask(basic_field), 0);
    EXPECT_EQ(ask(mutual), 401);
    EXPECT_FALSE(kept);
}

// Over the local socket the kernel has said who it is: what is shown is not looked at.
TEST(LocalGate, HearsNothingOfAuthorization) {
    ServerSettings settings;
    settings.basic = settings.allow_unencrypted = true;
    net::WorkerPool pool{1};
    NoBasic basic;
    ServerParts parts{pool, basic, nullptr, {}, null_logger()};
    parts.local.emplace("root", auth::Transport::local, true, "root");
    TlsStub stream("");
    RequestGate gate(settings, parts, stream);
    for (const char* field : {"", "Basic YW5uOndvcmQ=", "Basic ????", "Negotiate TlRMTVNTUAAB", "nonsense"}) {
        http::Request request;
        if (*field != '\0') request.headers.add("Authorization", field);
        std::optional<Result<Verdict>> verdict;
        boost::asio::io_context context;
        auto asking = [&]() -> net::Task<void> { verdict.emplace(co_await gate.ask(request)); };
        boost::asio::co_spawn(context, asking(), boost::asio::detached);
        context.run();
        ASSERT_TRUE(verdict && verdict->ok()) << field;
        const auto* let_in = std::get_if<LetIn>(&**verdict);
        ASSERT_NE(let_in, nullptr) << field;
        EXPECT_EQ(let_in->identity->user(), "root");
        EXPECT_EQ(gate.sealing(), nullptr);
    }
}

}  // namespace
}  // namespace mullion::channel
