// A client and a service connection over loopback with the real engines: what is sealed, what is bound to
// TLS, how many round trips it takes, and what each refusal is called.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "auth/basic.h"
#include "channel/client_connection.h"
#include "channel/server_connection.h"
#include "core/log.h"
#include "crypto/hash.h"
#include "crypto/x509.h"
#include "kdc/kdc.h"
#include "kerberos/acceptor.h"
#include "kerberos/initiator.h"
#include "net/listen.h"
#include "ntlm/acceptor.h"
#include "ntlm/initiator.h"
#include "spnego/spnego.h"

namespace mullion {
namespace {

namespace asio = boost::asio;
using auth::Transport;
using channel::Encryption;

constexpr const char* right_word = "Sesame-1";

class OneAccount final : public auth::AccountLookup {
public:
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        if (user != "alice") return std::optional<auth::AccountRecord>();
        MULLION_ASSIGN(Secret hash, crypto::nt_hash(Secret(right_word)));
        auth::AccountRecord record;
        record.user = "alice";
        record.nt_hash = std::move(hash);
        record.administrator = true;
        record.unix_user = "nobody";
        return std::optional<auth::AccountRecord>(std::move(record));
    }
};

class OnePrincipal final : public kerberos::Principals {
public:
    Result<std::optional<auth::AccountRecord>> find(const std::string& principal) override {
        if (principal != "alice@EXAMPLE.TEST") return std::optional<auth::AccountRecord>();
        return std::optional<auth::AccountRecord>(auth::AccountRecord{"alice", {}, {}, true, "nobody"});
    }
};

class PlainVerifier final : public channel::BasicVerifier {
public:
    net::Task<Result<auth::Identity>> verify(std::string token, channel::LogonAttempt& /*attempt*/) override {
        const auto credential = auth::parse_basic_token(token);
        if (credential && credential->user == "alice" && credential->password.expose() == right_word) {
            co_return auth::Identity("alice", Transport::basic, true, "nobody");
        }
        co_return Error(ErrorId::auth_rejected, "wrong");
    }
    std::string fingerprint(std::string_view token) const override { return crypto::sha256(token); }
};

class Wire : public ::testing::Test {
protected:
    Wire() {
        server_.allow_unencrypted = false;
        own_ = certificate();
    }
    ~Wire() override { std::filesystem::remove(ca_file_); }

    struct Made {
        std::shared_ptr<const net::TlsServer> server;
        std::string pem;
        std::string der;
    };
    static Made certificate() {
        auto made = crypto::make_self_signed({"localhost", "127.0.0.1"}, std::chrono::hours(24));
        auto server = net::TlsServer::make(made->certificate_pem, made->key_pem);
        return {*server, made->certificate_pem, *crypto::certificate_der(made->certificate_pem)};
    }

    void listen(bool tls) {
        tls_ = tls;
        listener_ = *net::listen(context_.get_executor(), "127.0.0.1", 0);
        asio::co_spawn(context_, accept_all(), asio::detached);
    }
    net::Task<void> accept_all() {
        while (true) {
            auto accepted = co_await listener_->accept();
            if (!accepted.ok()) co_return;
            asio::co_spawn(context_, serve(*accepted), asio::detached);
        }
    }
    net::Task<void> serve(net::Listener::Accepted accepted) {
        const auto tls = tls_ ? own_.server : nullptr;
        auto stream = co_await net::adopt(context_.get_executor(), std::move(accepted), tls, soon());
        if (!stream.ok()) co_return;
        connections_ += 1;
        channel::MakeAcceptor make =
            [this](channel::Handshake scheme,
                   const auth::ChannelBinding& binding) -> std::unique_ptr<auth::Acceptor> {
            // What a proxy that ends TLS looks like from here: the client bound to another certificate.
            const auto seen = foreign_binding_
                                  ? auth::ChannelBinding{*crypto::tls_server_end_point(certificate().der)}
                                  : binding;
            const auto with_tickets = [&] {
                return kerberos::make_acceptor(keys_, principal_, {seen, server_.hardening});
            };
            if (scheme == channel::Handshake::kerberos) return with_tickets();
            std::vector<spnego::Served> served;
            if (keys_) served.push_back({kerberos::oid, with_tickets()});
            served.push_back(
                {spnego::ntlm_oid, ntlm::make_acceptor(accounts_, {seen, server_.hardening, {}})});
            return spnego::make_acceptor(std::move(served));
        };
        channel::Handler handler = [this](channel::Incoming incoming) -> net::Task<channel::Outgoing> {
            heard_.push_back((incoming.identity ? incoming.identity->user() : "nobody") +
                             (incoming.sealed ? " sealed " : " clear ") + incoming.body);
            channel::Outgoing answer{200, "application/soap+xml;charset=UTF-8",
                                     "<re>" + incoming.body + "</re>"};
            co_return answer;
        };
        channel::ServerParts parts{pool_, verifier_, make, handler, null_logger()};
        co_await channel::serve_connection(**stream, server_, parts);
    }

    std::unique_ptr<channel::ClientConnection> client(std::vector<Transport> transports,
                                                      const std::string& word = right_word) {
        channel::ClientSettings settings = client_;
        settings.endpoint = {"127.0.0.1", listener_->port(), nullptr, ""};
        if (tls_) {
            ca_file_ = std::filesystem::temp_directory_path() /
                       ("mullion-wire-" + std::to_string(listener_->port()) + ".pem");
            std::ofstream(ca_file_) << own_.pem;
            net::TlsVerification rules;
            rules.ca_file = ca_file_;
            auto made = net::TlsClient::make(rules);
            EXPECT_TRUE(made.ok());
            settings.endpoint.tls = *made;
        }
        settings.host_field = "localhost";
        settings.transports = std::move(transports);
        channel::MakeInitiator make = [word, tickets = tickets_](channel::LogonPlan plan) {
            return make_engine(word, tickets, std::move(plan));
        };
        return std::make_unique<channel::ClientConnection>(context_.get_executor(), pool_, settings, make);
    }

    // Tickets of alice, and a service with these keys.
    void meet(const std::string& keytab = "HTTP/localhost") {
        kdc_ = std::make_unique<kdc::Kdc>();
        tickets_ = "FILE:" + kdc_->cache();
        const std::string kinit = "kinit -k -t " + kdc_->user_keytab("alice") + " -c " + tickets_ + " alice";
        ASSERT_EQ(std::system((kinit + " && kvno -q -c " + tickets_ + " HTTP/localhost").c_str()), 0);
        auto keys = kerberos::ServiceKeys::open(kdc_->keytab_of(keytab));
        ASSERT_TRUE(keys.ok()) << keys.error().message();
        keys_ = *keys;
        server_.kerberos = true;
    }
    static Result<std::unique_ptr<auth::Initiator>> with_ticket(const std::string& tickets,
                                                                const channel::LogonPlan& plan) {
        MULLION_ASSIGN(auto cache, kerberos::import_tickets({}, tickets, ""));
        kerberos::InitiatorOptions options;
        options.binding = plan.binding;
        return kerberos::make_initiator({std::move(cache), "HTTP/localhost@EXAMPLE.TEST"}, options);
    }
    static net::Task<Result<std::unique_ptr<auth::Initiator>>> make_engine(std::string word,
                                                                           std::string tickets,
                                                                           channel::LogonPlan plan) {
        if (plan.transport == Transport::kerberos) co_return with_ticket(tickets, plan);
        const auth::Credential credential{"alice", Secret(word)};
        if (plan.transport == Transport::basic) co_return auth::make_basic_initiator(credential);
        auto ntlm = ntlm::make_initiator(credential, {"localhost", {}, plan.binding});
        if (!ntlm.ok() || plan.transport == Transport::ntlm) co_return ntlm;
        std::vector<spnego::Offer> offers;
        if (!tickets.empty()) {
            auto ticket = with_ticket(tickets, plan);
            if (!ticket.ok()) co_return ticket;
            offers.push_back({kerberos::oid, std::move(*ticket)});
        }
        offers.push_back({spnego::ntlm_oid, std::move(*ntlm)});
        co_return spnego::make_initiator(std::move(offers));
    }

    static MonotonicTime soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(30); }

    Result<channel::Answer> exchange(channel::ClientConnection& connection, std::string body) {
        std::optional<Result<channel::Answer>> result;
        asio::co_spawn(context_, keep(connection.exchange(std::move(body), soon()), result), asio::detached);
        while (!result && context_.run_one() > 0) {
        }
        return std::move(*result);
    }
    static net::Task<void> keep(net::Task<Result<channel::Answer>> task,
                                std::optional<Result<channel::Answer>>& into) {
        into.emplace(co_await std::move(task));
    }

    void expect_works(std::vector<Transport> transports, bool sealed, unsigned handshake) {
        auto connection = client(std::move(transports));
        for (int i = 0; i < 3; ++i) {
            const std::string body(i == 2 ? 200'000 : 5, static_cast<char>('a' + i));
            const auto answer = exchange(*connection, body);
            ASSERT_TRUE(answer.ok()) << answer.error().message();
            EXPECT_EQ(answer->body, "<re>" + body + "</re>");
            EXPECT_EQ(heard_.back(), std::string("alice ") + (sealed ? "sealed " : "clear ") + body);
        }
        EXPECT_EQ(connection->sealed(), sealed);
        EXPECT_EQ(connection->round_trips(), handshake + 3);
        EXPECT_EQ(connections_, 1);
    }
    void expect_refused(std::vector<Transport> transports, std::string_view id,
                        const std::string& word = right_word) {
        auto connection = client(std::move(transports), word);
        const auto answer = exchange(*connection, "work");
        ASSERT_FALSE(answer.ok());
        EXPECT_EQ(answer.error().info().id, id) << answer.error().message();
        EXPECT_TRUE(heard_.empty());
        EXPECT_FALSE(connection->sent());
    }

    asio::io_context context_{1};
    net::WorkerPool pool_{2};
    OneAccount accounts_;
    PlainVerifier verifier_;
    OnePrincipal principal_;
    std::unique_ptr<kdc::Kdc> kdc_;
    std::shared_ptr<kerberos::ServiceKeys> keys_;
    std::string tickets_;
    channel::ServerSettings server_;
    channel::ClientSettings client_;
    std::unique_ptr<net::Listener> listener_;
    Made own_;
    std::filesystem::path ca_file_;
    bool tls_ = false;
    bool foreign_binding_ = false;
    int connections_ = 0;
    std::vector<std::string> heard_;
};

// Two empty POSTs and then the work: the first token goes without waiting for a 401.
TEST_F(Wire, NtlmOverHttpIsSealed) {
    listen(false);
    expect_works({Transport::ntlm}, true, 2);
}

TEST_F(Wire, NegotiateOverHttpIsSealed) {
    listen(false);
    auto connection = client({Transport::negotiate});
    for (const std::string body : {"one", "two"}) {
        const auto answer = exchange(*connection, body);
        ASSERT_TRUE(answer.ok()) << answer.error().message();
        EXPECT_EQ(heard_.back(), "alice sealed " + body);
    }
    EXPECT_LE(connection->round_trips(), 5U);  // At most three legs.
}

// One empty POST: the ticket goes at once, and the answer to it is the host's proof.
TEST_F(Wire, KerberosOverHttpIsSealed) {
    meet();
    listen(false);
    expect_works({Transport::kerberos}, true, 1);
}

TEST_F(Wire, KerberosInNegotiateOverHttpIsSealed) {
    meet();
    listen(false);
    expect_works({Transport::negotiate}, true, 1);
}

TEST_F(Wire, KerberosInsideTlsIsBoundAndSealedWhenAsked) {
    meet();
    server_.hardening = auth::CbtHardening::strict;
    listen(true);
    expect_works({Transport::kerberos}, false, 1);
    connections_ = 0;
    client_.encryption = Encryption::always;
    expect_works({Transport::negotiate}, true, 1);
}

TEST_F(Wire, KerberosIsRefusedWithoutTheBindingOrWithAnother) {
    meet();
    server_.hardening = auth::CbtHardening::strict;
    listen(true);
    client_.send_binding = false;
    expect_refused({Transport::kerberos}, "auth.rejected");
    expect_refused({Transport::negotiate}, "auth.rejected");
    client_.send_binding = true;
    foreign_binding_ = true;
    expect_refused({Transport::kerberos}, "auth.rejected");
    expect_refused({Transport::negotiate}, "auth.rejected");
}

TEST_F(Wire, AHostWithAnotherKeySaysSo) {
    meet("host/localhost");
    listen(false);
    expect_refused({Transport::kerberos}, "kerberos.refused");
    expect_refused({Transport::negotiate}, "kerberos.refused");
}

TEST_F(Wire, AHostWithoutKerberosIsPassedOver) {
    meet();
    server_.kerberos = false;
    listen(false);
    expect_refused({Transport::kerberos}, "auth.not_offered");
    connections_ = 0;
    expect_works({Transport::kerberos, Transport::ntlm}, true, 3);
}

TEST_F(Wire, NtlmInsideTlsIsNotSealedTwiceUnlessAsked) {
    listen(true);
    expect_works({Transport::ntlm}, false, 2);
}

TEST_F(Wire, NtlmInsideTlsIsSealedWhenAsked) {
    listen(true);
    client_.encryption = Encryption::always;
    expect_works({Transport::ntlm}, true, 2);
}

TEST_F(Wire, BasicInsideTlsNeedsNoHandshake) {
    server_.basic = true;
    listen(true);
    expect_works({Transport::basic}, false, 0);
}

TEST_F(Wire, StrictHardeningTakesTheRightBinding) {
    server_.hardening = auth::CbtHardening::strict;
    listen(true);
    expect_works({Transport::ntlm}, false, 2);
}

TEST_F(Wire, StrictHardeningRefusesAMissingBinding) {
    server_.hardening = auth::CbtHardening::strict;
    client_.send_binding = false;
    listen(true);
    expect_refused({Transport::ntlm}, "auth.rejected");
}

TEST_F(Wire, RelaxedHardeningTakesAMissingBinding) {
    client_.send_binding = false;
    listen(true);
    expect_works({Transport::ntlm}, false, 2);
}

TEST_F(Wire, ABindingToAnotherCertificateIsRefusedButForNone) {
    foreign_binding_ = true;
    listen(true);
    for (const auto hardening : {auth::CbtHardening::relaxed, auth::CbtHardening::strict}) {
        server_.hardening = hardening;
        expect_refused({Transport::ntlm}, "auth.rejected");
        expect_refused({Transport::negotiate}, "auth.rejected");
    }
    server_.hardening = auth::CbtHardening::none;
    auto connection = client({Transport::ntlm});
    EXPECT_TRUE(exchange(*connection, "work").ok());
}

TEST_F(Wire, AWrongPasswordSaysWhatIsOfferedAndWasTried) {
    server_.basic = true;
    listen(true);
    expect_refused({Transport::basic}, "auth.rejected", "wrong");
    expect_refused({Transport::negotiate}, "auth.rejected", "wrong");
    auto connection = client({Transport::ntlm}, "wrong");
    const auto answer = exchange(*connection, "work");
    ASSERT_FALSE(answer.ok());
    const std::vector<std::string> offered{"Negotiate", "Basic"};
    EXPECT_EQ(answer.error().offered, offered);
    EXPECT_EQ(answer.error().tried, "ntlm in Negotiate");
    EXPECT_EQ(answer.error().http_status, 401);
}

TEST_F(Wire, ADisabledSchemeIsNotOffered) {
    listen(true);
    expect_refused({Transport::basic}, "auth.not_offered");
    server_.negotiate = false;
    server_.basic = true;
    expect_refused({Transport::ntlm}, "auth.not_offered");
}

TEST_F(Wire, HttpToTheHttpsPortIsCalledThat) {
    listen(true);
    tls_ = false;  // The client's side of it: the listener took TLS when the connection came.
    auto connection = client({Transport::ntlm});
    tls_ = true;
    const auto answer = exchange(*connection, "work");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().info().id, "http.tls_port") << answer.error().message();
}

TEST_F(Wire, HttpsToTheHttpPortIsCalledThat) {
    listen(false);
    tls_ = true;
    auto connection = client({Transport::ntlm});
    tls_ = false;
    const auto answer = exchange(*connection, "work");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().info().id, "tls.not_tls") << answer.error().message();
}

}  // namespace
}  // namespace mullion
